"""Mixed actions in words: "keep", "1/3 keep + 2/3 partial", "any mix of keep and (2/7 keep + 5/7 partial)"."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from negotiation._numbers import display_step, rounded_text
from negotiation.solve.exact.payoffs import Mix

SHORT = 100  # largest denominator that is still easier to read than a decimal number


def share_words(share: Fraction, largest: int = SHORT) -> str:
    """Return a probability as a fraction with a denominator up to `largest`, otherwise with three digits.

    >>> share_words(Fraction(2, 7)), share_words(Fraction(517057, 696257))
    ('2/7', '0.743')
    """
    return str(share) if share.denominator <= largest else f"{float(share):.3g}"


def mix_words(actions: Sequence[str], mix: Mix) -> str:
    """Return one mix of `actions` in words."""
    parts = [(weight, name) for weight, name in zip(mix, actions, strict=True) if weight]
    if len(parts) == 1:
        return parts[0][1]
    return " + ".join(f"{share_words(weight)} {name}" for weight, name in parts)


def hull_words(actions: Sequence[str], mixes: Sequence[Mix]) -> str:
    """Return the convex hull of some mixes in words.

    >>> hull_words(("keep", "partial"), [(Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))])
    'any mix of keep and partial'
    """
    words = [mix_words(actions, mix) for mix in mixes]
    if len(words) == 1:
        return words[0]
    return "any mix of " + listed([f"({each})" if " + " in each else each for each in words])


def listed(words: Sequence[str]) -> str:
    """Return words joined by commas and a final "and"."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def range_words(numbers: Sequence[float]) -> str:
    """Return one number, or "between a and b" for several, with four digits and all that stand before the point."""
    step = min(1.0, 100 * display_step(0.0, max(map(abs, numbers))))
    low, high = rounded_text(min(numbers), step), rounded_text(max(numbers), step)
    return low if low == high else f"between {low} and {high}"
