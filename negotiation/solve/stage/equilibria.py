"""What the equilibria of a stage game ARE: exact mixes, the components they form, and who found them.

`Equilibrium` is one extreme equilibrium, `NashSubset` a convex set of equilibria (a product of two faces),
`NashComponent` a connected set of them, `StageEquilibria` the answer to "what can be played once".
"""

from collections.abc import Sequence
from dataclasses import field
from fractions import Fraction

from negotiation._numbers import display_step, rounded_text
from negotiation._results import Result
from negotiation._values import Value
from negotiation.games.stage import Profile, StageGame
from negotiation.solve.exact.payoffs import Mix

Mixes = tuple[Mix, ...]
NASHPY = "nashpy"  # how the method of the second opinion begins
READABLE_DENOMINATOR = 100  # largest denominator that is still easier to read than a decimal number


class Equilibrium(Value):
    """One Nash equilibrium. mixes: one a player, exact probabilities; payoffs: (n,) in the game's unit."""

    mixes: Mixes
    payoffs: tuple[float, ...]

    @property
    def profile(self) -> Profile | None:
        """The pure profile, or nothing when somebody mixes."""
        return tuple(mix.index(1) for mix in self.mixes) if all(1 in mix for mix in self.mixes) else None


class NashSubset(Value):
    """A maximal Nash subset: every mix from the hull of rows[...] with every mix from the hull of columns[...].

    rows, columns: the extreme mixes of player 0 and of player 1. One of each: a single equilibrium.
    """

    rows: Mixes
    columns: Mixes


class NashComponent(Value):
    """A connected set of equilibria: members are indices of its extreme equilibria, subsets its convex pieces."""

    _tag = "Component"

    members: tuple[int, ...]
    subsets: tuple[NashSubset, ...]

    @property
    def is_continuum(self) -> bool:
        """Whether the component holds infinitely many equilibria."""
        return len(self.members) > 1


class Finding(Value):
    """What one method found: `count` equilibria, of which `confirmed` lie in the exact set; a `note` where needed.

    ran: whether it was run at all.
    """

    method: str
    count: int = field(metadata={"key": "found"})
    confirmed: int
    note: str = ""
    ran: bool = True


class StageEquilibria(Result):
    """All extreme Nash equilibria of a two-player stage game.

    equilibria: sorted, first actions first. components: connected sets, in the order of their first member. complete:
    whether the list is proven to be all (False beyond the size of exact enumeration). findings: which method found how
    many. simplified: whether payoffs were read as simple fractions within the rounding of doubles.
    """

    game: StageGame
    equilibria: tuple[Equilibrium, ...]
    components: tuple[NashComponent, ...]
    complete: bool
    findings: tuple[Finding, ...] = ()
    simplified: bool = False

    @property
    def caveat(self) -> str:
        """What was searched when the list may be incomplete, in a sentence; empty for a complete list."""
        if self.complete:
            return ""
        ways = " and ".join(f"{way.method} {way.note}".rstrip() for way in self.findings)
        return f"The list of stage equilibria may be incomplete: it holds what {ways} gave."

    @property
    def pure(self) -> tuple[Profile, ...]:
        """The pure profiles among the extreme equilibria."""
        return tuple(each.profile for each in self.equilibria if each.profile is not None)

    @property
    def second_opinion(self) -> Finding | None:
        """What nashpy found, None where it was not asked (`stage_equilibria(cross_check=True)` asks)."""
        return next((finding for finding in self.findings if finding.method.startswith(NASHPY)), None)

    @property
    def agrees(self) -> bool | None:
        """Whether nashpy finds the same extreme equilibria, no more and no fewer; None where it was not run."""
        asked = self.second_opinion
        if asked is None or not asked.ran:
            return None
        return asked.count == asked.confirmed == len(self.equilibria)

    def opinion_words(self) -> str:
        """Return the second opinion as a sentence, an empty text where nobody was asked."""
        asked = self.second_opinion
        if asked is None:
            return ""
        if not asked.ran:
            return f"No second opinion: {asked.method} is {asked.note}."
        count = len(self.equilibria)
        if self.agrees:
            same = "the same equilibrium" if count == 1 else f"the same {count} extreme equilibria"
            return f"Second opinion: {asked.method} finds {same}."
        wrong = asked.count - asked.confirmed
        extra = f", and {wrong} that exact arithmetic does not confirm" if wrong else ""
        return f"Second opinion: {asked.method} finds {asked.confirmed} of the {count} extreme equilibria{extra}."

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence for each component, in words and in the game's names."""
        return tuple(self._sentence(component) for component in self.components)

    def describe(self) -> str:
        """Return the whole answer as a short text: how many, then one sentence for each component."""
        return " ".join((self.count(), *self.sentences()))

    def count(self) -> str:
        """Return how many equilibria there are, in a sentence."""
        count, parts = len(self.equilibria), len(self.components)
        if not self.complete:
            return f"At least {count} Nash equilibri{'um' if count == 1 else 'a'} (the list may not be complete)."
        if count == 1:
            return "Exactly one Nash equilibrium."
        if not any(component.is_continuum for component in self.components):
            return f"Exactly {count} Nash equilibria."
        where = "one connected set" if parts == 1 else f"{parts} separate sets"
        return f"Infinitely many Nash equilibria in {where}, spanned by {count} extreme ones."

    def _sentence(self, component: NashComponent) -> str:
        (row, column), (rows, columns) = self.game.players, self.game.actions
        plays = [
            f"{row} plays {hull_words(rows, subset.rows)} while {column} plays {hull_words(columns, subset.columns)}"
            for subset in component.subsets
        ]
        if len(plays) > 1:
            numbered = "; ".join(f"({number}) {words}" for number, words in enumerate(plays, start=1))
            what = f"A continuum of {len(plays)} joined pieces: {numbered}"
        else:
            what = f"A continuum: {plays[0]}" if component.is_continuum else plays[0]
        members = [self.equilibria[member].payoffs for member in component.members]
        gets = " and ".join(
            f"{player} {range_words(payoffs)}"
            for player, payoffs in zip(self.game.players, zip(*members, strict=True), strict=True)
        )
        return f"{what}. Payoffs: {gets} ({self.game.unit})."


def share_words(share: Fraction, largest: int = READABLE_DENOMINATOR) -> str:
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
