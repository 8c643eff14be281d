"""By which rules a deal enforces itself: the rule that was asked, what it needs, and which others would hold.

A scenario selects one regime for each call outcome; whether the deal holds is asked of that one. A sentence about the
least demanding rule, or that no rule holds, is about all of them: every regime under the threshold trigger, under its
best set of signals, and the user's own. All such sentences are written here, from the table of regimes alone.
"""

from collections.abc import Iterable

from negotiation._values import Value
from negotiation.solve.regimes.analysis import BEST_SET, Regime
from negotiation.solve.regimes.search import DISCOUNTS
from negotiation.trade.parameters.labels import enumeration
from negotiation.trade.scenario.call_outcome import STAGE_NASH

ASKED = "the rule selected then"
NOWHERE = f"at no δ up to {DISCOUNTS[-1]:.2f}"

SAME_DISCOUNT = 1e-9  # by which a computed discount factor may miss the one at hand and still be the same
Spans = tuple[tuple[float, float], ...]


class EnforcementRule(Value):
    """One regime as a rule: whether it holds as things stand, and `spans`, the discount factors at which it does.

    spans: increasing intervals, the length or payment (and the best set) chosen anew in each; 1 ends an open one.
    """

    key: str
    label: str
    best_set: bool
    holds: bool
    spans: Spans

    @property
    def name(self) -> str:
        """The regime, and its set of signals where that is not the scenario's trigger."""
        return f"{self.label} with its best set of signals" if self.best_set else self.label

    @property
    def least(self) -> float | None:
        """Least discount factor at which it holds, None where there is none."""
        return self.spans[0][0] if self.spans else None

    def plain(self) -> dict[str, object]:
        """Return the rule and from which discount factor it holds, as plain data."""
        return {"rule": self.name, "least_discount": self.least}

    def needs(self, discount: float) -> str:
        """Return what it needs, beside the discount factor at hand, as the rest of a sentence that names it.

        >>> EnforcementRule("a", "reversion", False, False, ((0.74, 1.0),)).needs(0.66)
        'needs δ 0.74, here 0.66'
        """
        if self.holds:
            return f"holds {span_words(self.spans, discount)}"
        if not self.spans:
            return f"holds {NOWHERE}"
        if discount < self.spans[0][0]:
            return "needs δ {}, here {}".format(*distinct_decimals(self.spans[0][0], discount))
        return f"holds only {_intervals(self.spans)}, not at {discount:.4g} as here"


class Enforcement(Value):
    """What holds after one call outcome, at its discount factor.

    asked: the selected rule, None where stage Nash is selected (then no deal stands). rules: all there are, the asked
    one among them. whole: whether the best sets of signals are among them; without them nothing is said of "no rule".
    """

    discount: float
    asked: EnforcementRule | None
    rules: tuple[EnforcementRule, ...]
    whole: bool

    @property
    def others(self) -> tuple[EnforcementRule, ...]:
        """Rules that hold beside the asked one, least demanding first; a best set only where its threshold fails."""
        in_force = self.asked.key if self.asked is not None and self.asked.holds else None
        holding: dict[str, EnforcementRule] = {}
        for rule in self.rules:
            if rule.holds and rule.key != in_force:
                holding.setdefault(rule.key, rule)
        return tuple(sorted(holding.values(), key=_demand))

    @property
    def least(self) -> EnforcementRule | None:
        """The least demanding rule of all; None where none holds at any discount factor."""
        return min((rule for rule in self.rules if rule.spans), key=_demand, default=None)

    @property
    def measured(self) -> EnforcementRule | None:
        """The rule whose need is shown beside the outcome: the asked one, or the least demanding after stage Nash."""
        return self.least if self.asked is None else self.asked

    def why_not(self) -> str:
        """Return why the deal does not hold by the selected rule, and by which other it would."""
        first = (
            "stage Nash is selected"
            if self.asked is None
            else f"{self.asked.name}, {ASKED}, {self.asked.needs(self.discount)}"
        )
        if self.others:
            alternatives = enumeration(
                [f"{rule.name} ({span_words(rule.spans, self.discount)})" for rule in self.others], "and"
            )
            return f"{first}; {alternatives} would hold"
        if not self.whole:
            return first
        least, other = self.least, "no rule" if self.asked is None else "no other rule"
        if least is None:
            return f"{first}; {other} holds at any δ up to {DISCOUNTS[-1]:.2f}"
        if self.asked is not None and least.key == self.asked.key and not least.best_set:
            return f"{first}; no other rule holds here, and none needs less"
        return f"{first}; {other} holds here: the least demanding, {least.name}, {least.needs(self.discount)}"


def enforcement(regimes: Iterable[Regime], asked: str, discount: float) -> Enforcement:
    """Return by which of these regimes a deal enforces itself; asked: the key of the selected one.

    A rule under the threshold trigger, or the user's own, comes before the best set of the same regime.
    """
    analysed = tuple(regimes)
    rules = tuple(
        EnforcementRule(
            regime.key, regime.label, regime.trigger_rule == BEST_SET, regime.holds, spans_of(regime.crossings)
        )
        for regime in analysed
        if regime.key != STAGE_NASH
    )
    selected = next((rule for rule in rules if rule.key == asked and not rule.best_set), None)
    return Enforcement(discount, selected, rules, any(rule.best_set for rule in rules))


def spans_of(crossings: Iterable[tuple[float, bool]]) -> Spans:
    """Return the intervals between changes (value, holds above it); the last one may be open, and ends at 1."""
    spans: list[tuple[float, float]] = []
    start = None
    for place, above in crossings:
        if above:
            start = place
        elif start is not None:
            spans.append((start, place))
            start = None
    return tuple(spans if start is None else [*spans, (start, 1.0)])


def span_words(spans: Spans, discount: float) -> str:
    """Return from which discount factor on a rule that holds at `discount` does so, and up to which.

    >>> span_words(((0.48, 1.0),), 0.66), span_words(((0.3, 0.7),), 0.5)
    ('from δ 0.48', 'for δ from 0.30 to 0.70')
    """
    around = [span for span in spans if span[0] - SAME_DISCOUNT <= discount <= span[1] + SAME_DISCOUNT]
    if not around:  # beyond the discount factors that were tried, or between two of them
        return f"at δ {discount:.4g}, as here"
    low, high = around[0]
    if high < 1:
        return _intervals(((low, high),))
    return "at every δ" if low <= DISCOUNTS[0] else f"from δ {distinct_decimals(low, discount)[0]}"


def distinct_decimals(first: float, second: float) -> tuple[str, str]:
    """Return two numbers with as many decimals, from two to four, as tell them apart.

    >>> distinct_decimals(0.6649, 0.6632)
    ('0.665', '0.663')
    """
    shown = [(f"{first:.{digits}f}", f"{second:.{digits}f}") for digits in (2, 3, 4)]
    return next((pair for pair in shown if pair[0] != pair[1]), shown[0] if first == second else shown[-1])


def _intervals(spans: Spans) -> str:
    return "for δ " + enumeration([f"from {low:.2f} to {high:.2f}" for low, high in spans], "and")


def _demand(rule: EnforcementRule) -> float:
    return 1.0 if rule.least is None else rule.least
