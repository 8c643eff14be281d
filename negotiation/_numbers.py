"""What number a user may write, in one place for every reader: decimals and ratios are exact, and have limits.

`0.6` means 3/5. A text of a few characters may stand for a number with 10^8 digits ("1e100000000"), on which exact
arithmetic never ends, so that sizes are judged before anything is computed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

DIGITS = 400  # of a number written out; a ratio may have as many in both of its parts together
DISPLAY_NOISE = 1e-11  # of the largest of some numbers: what rounding leaves where there should be 0
CERTIFICATE_DIGITS = 25_000  # in base 16, of a number in a certificate: exact proofs need more than people write
EXPONENT = 300  # numbers other than 0 lie between 10^-300 and 10^300 in size, well within the doubles
NOT_FINITE = ("inf", "infinity", "nan")
_NUMBER = re.compile(
    r"[-+]?(?=\d|\.\d)(?:\d+/0*[1-9]\d*|(?P<digits>\d*\.?\d*)(?:[eE](?P<exponent>[-+]?\d+))?)\Z", re.ASCII
)


@dataclass(frozen=True)
class Unreadable:
    """A number of a file that is outside the limits: its first characters, and why it is refused."""

    start: str
    reason: str


class ExactDouble(float):
    """The double nearest to a number that somebody wrote, with the number itself as `ratio`; sums are plain doubles."""

    ratio: Fraction

    def __new__(cls, ratio: Fraction | float) -> ExactDouble:
        """Return the double of a ratio, or of a whole number."""
        made = super().__new__(cls, ratio)
        made.ratio = Fraction(ratio)
        return made


def exact_double(text: str) -> float:
    """Return the number that a text stands for as `ExactDouble`; `ValueError` as from `ratio_of_text`.

    Infinity and "nan" are what they are: who reads them refuses them.
    """
    plain = text.replace("_", "").strip()
    if plain.lstrip("+-").lower() in NOT_FINITE:
        return float(plain)
    return ExactDouble(ratio_of_text(plain) or float(f"{plain[:1].strip('+.')}0"))  # -0.0 keeps its sign


def ratios_of(numbers: Iterable[float]) -> tuple[Fraction, ...] | None:
    """Return what was written for each of these doubles, None where one of them was computed."""
    listed = list(numbers)
    return (
        tuple(x.ratio for x in listed if isinstance(x, ExactDouble))
        if all(isinstance(x, ExactDouble) for x in listed)
        else None
    )


def ratio_of_text(text: str) -> Fraction:
    """Return the number that a text stands for; raise `ValueError` with a clause that says why it is none.

    >>> ratio_of_text("0.6"), ratio_of_text(" -1/3 "), ratio_of_text("2.5e-3")
    (Fraction(3, 5), Fraction(-1, 3), Fraction(1, 400))
    """
    text = text.strip()
    match = _NUMBER.match(text)
    if match is None:
        raise ValueError("is not a number")
    if sum(character.isdigit() for character in text) > DIGITS:
        raise ValueError(f"has too many digits for a number (at most {DIGITS})")
    power = match["exponent"] or "0"
    if len(power.lstrip("+-0")) > 4 or abs(int(power)) > EXPONENT + DIGITS:
        if not match["digits"].strip("0."):
            return Fraction(0)
        raise ValueError(_outside(power[0] != "-"))
    number = Fraction(text)
    if reason := size_fault(number):
        raise ValueError(reason)
    return number


def size_fault(number: Fraction | float) -> str:
    """Return why a finite number is outside the limits, as a clause, or an empty text.

    >>> size_fault(10**400), size_fault(0.5)
    ('is too large for a number (at most 1e300 in size)', '')
    """
    if isinstance(number, float) and not math.isfinite(number):
        return f"is {number}, not a finite number"
    size = abs(number)
    if size > 10**EXPONENT:
        return _outside(True)
    return _outside(False) if size and size * 10**EXPONENT < 1 else ""


def number_in_json(text: str) -> Fraction | Unreadable:
    """Return a number of a JSON text (for `parse_int` and `parse_float`), whole ones with denominator 1."""
    try:
        return ratio_of_text(text)
    except ValueError as error:
        return Unreadable(text[:20], str(error))


def double_in_toml(text: str) -> float | Unreadable:
    """Return a number with a point or an exponent of a TOML text (for `parse_float`)."""
    try:
        return exact_double(text)
    except ValueError as error:
        return Unreadable(text[:20], str(error))


def rounded_text(number: float, step: float) -> str:
    """Return a number to the power of ten at or below `step`; what is smaller than that is 0.

    >>> rounded_text(1000000009.75, 1e-5), rounded_text(2.06e-12, 1e-4), rounded_text(588235294127.0, 1e7)
    ('1000000009.75', '0', '5.8824e+11')
    """
    finest = math.floor(math.log10(step))
    digits = math.floor(math.log10(abs(number))) - finest + 1 if number else 0
    if digits > 0:
        return f"{number:.{min(digits, 17)}g}"
    return f"{math.copysign(10.0**finest, number):g}" if 2 * abs(number) > 10.0**finest else "0"


def display_step(spread: float, size: float) -> float:
    """Return the step for numbers that differ by `spread`: six digits of it, but no more than doubles of `size` hold.

    Without a spread, six digits of the size, and never more than 1.
    """
    if spread > 0:
        return max(10.0 ** (math.floor(math.log10(spread)) - 5), size * DISPLAY_NOISE)
    return min(1.0, 10.0 ** (math.floor(math.log10(size)) - 5)) if size > 0 else 1.0


def _outside(large: bool) -> str:
    if large:
        return f"is too large for a number (at most 1e{EXPONENT} in size)"
    return f"is too close to 0 for a number (0, or at least 1e-{EXPONENT} in size)"
