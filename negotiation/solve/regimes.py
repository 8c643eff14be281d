"""Enforcement regimes analysed: does a simple scheme hold the deal, at what cost, and from which patience on.

`analyse_regimes(pact)` gives one `Regime` for each regime and trigger: the default threshold trigger, judged against
the listed actions, and the best set of signals, judged against every level of the fine grid as well, because a set of
bins can look good only for want of a deviation between the listed ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from negotiation._values import Floats, Value
from negotiation.games.automaton import Automaton
from negotiation.games.pact import Pact
from negotiation.solve.automata import REFUSE, AutomatonCheck, Slack, check_automaton, long_run_shares
from negotiation.solve.regime_kinds import (
    RegimeKind,
    payment_automaton,
    regime_kinds,
    trigger_automaton,
    war_automaton,
)
from negotiation.solve.regime_search import (
    DISCOUNTS,
    LENGTHS,
    TOLERANCE,
    Choice,
    best_choice,
    crossings,
    trigger_masks,
)
from negotiation.solve.sign_changes import sign_changes
from negotiation.solve.wedge import Wedge, wedge

THRESHOLD, BEST_SET, OWN = "threshold", "best set", "own"


@dataclass(frozen=True, eq=False)
class Randomised(Value):
    """The public lottery over two lengths that makes player 1's constraint bind, and the values (2,) it gives."""

    longer: float
    probability: float
    values: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Regime(Value):
    """One enforcement regime with its best length or payment.

    trigger_rule: "threshold", "best set", or "own" for a user's automaton.
    trigger: signal names. length: periods T (infinity: for ever; 0 without).
    payment: b in the game's unit. holds: no listed deviation pays. holds_finely: nor does any level of the fine grid.
    finely_needed: the least length that survives the fine grid, None when none does. values: (2,) from the start,
    normalised. slacks: every player's one-shot deviation in every state. punished_share: long-run share of periods in
    punishment (of periods with a payment under compensation). months_to_first: expected periods to the first trigger.
    least_discount: None when no discount factor works; `crossings` lists all changes. wedge: None without a trigger.
    """

    key: str
    label: str
    trigger_rule: str
    trigger: tuple[str, ...]
    length: float
    payment: float
    holds: bool
    margin: float
    holds_finely: bool
    finely_needed: float | None
    values: tuple[float, ...]
    slacks: tuple[Slack, ...]
    punished_share: float
    months_to_first: float
    low_if_deal: float
    least_discount: float | None
    crossings: tuple[tuple[float, bool], ...]
    wedge: Wedge | None
    randomised: Randomised | None
    automaton: Automaton

    @property
    def joint(self) -> float:
        """Sum of both values in the game's unit per period."""
        return float(sum(self.values))

    @property
    def worst(self) -> Slack | None:
        """The deviation with the smallest slack."""
        return min(self.slacks, key=lambda item: item.slack) if self.slacks else None

    @property
    def terms(self) -> str:
        """The length or payment in words."""
        if self.trigger_rule == OWN:
            return "as written"
        if self.payment or self.key == "compensation":
            return f"b = {self.payment:.2f}"
        if self.key == "stage_nash":
            return "always"
        return "for ever" if math.isinf(self.length) else f"T = {self.length:.0f}"


def analyse_regimes(pact: Pact, best_sets: bool = True) -> tuple[Regime, ...]:
    """Return every regime of a pact under the threshold trigger, then (unless left out) under its best trigger set."""
    threshold = pact.mask(pact.trigger)[None, :]
    kinds = regime_kinds(pact)
    first = [_regime(pact, kind, THRESHOLD, threshold, check_fine=False) for kind in kinds]
    if not best_sets:
        return tuple(first)
    every = trigger_masks(pact)
    second = [_regime(pact, kind, BEST_SET, every, check_fine=True) for kind in kinds if kind.form != "war"]
    return (*first, *second)


def analyse_regime(pact: Pact, key: str) -> Regime:
    """Return one regime of a pact by key, under the threshold trigger."""
    kind = next(kind for kind in regime_kinds(pact) if kind.key == key)
    return _regime(pact, kind, THRESHOLD, pact.mask(pact.trigger)[None, :], check_fine=False)


def build_automaton(pact: Pact, kind: RegimeKind, mask: Floats, choice: Choice, lottery: float = 1.0) -> Automaton:
    """Return the automaton of a regime with a chosen length or payment."""
    if kind.form == "war":
        return war_automaton(pact)
    if kind.form == "payment":
        return payment_automaton(pact, mask, choice.payment)
    return trigger_automaton(pact, kind, mask, choice.length, lottery)


def _regime(pact: Pact, kind: RegimeKind, rule: str, masks: Floats, check_fine: bool) -> Regime:
    choice = best_choice(pact, kind, masks, check_fine)
    mask = masks[choice.index]
    automaton = build_automaton(pact, kind, mask, choice)
    check = check_automaton(pact.stage, pact.monitoring, pact.discount, automaton)
    slacks = (*check.slacks, *_payment_slack(pact, kind, choice, check))
    low = float(pact.monitoring.likelihood[pact.deal] @ mask) if kind.form != "war" else 0.0
    found = crossings(pact, kind, masks, check_fine)
    needed = _finely_needed(pact, kind, mask)
    return Regime(
        kind.key,
        kind.label,
        rule,
        tuple(name for name, hit in zip(pact.monitoring.signals, mask, strict=True) if hit) if low else (),
        choice.length if kind.form == "trigger" else 0.0,
        choice.payment,
        choice.holds,
        choice.margin,
        kind.form == "war" or (needed is not None and _same(needed, choice)),
        needed,
        tuple(float(value) for value in check.values[0]),
        slacks,
        _punished_share(pact, kind, automaton, low),
        math.inf if low == 0 else 1 / low,
        low,
        found[0][0] if found else None,
        found,
        wedge(pact, kind, mask),
        _randomised(pact, kind, mask, choice),
        automaton,
    )


def own_regime(pact: Pact, key: str, label: str, automaton: Automaton) -> Regime:
    """Return the analysis of a user's automaton; its trigger is what leads out of the first state."""
    check = check_automaton(pact.stage, pact.monitoring, pact.discount, automaton)
    leaves = 1 - automaton.transition[0, :, 0]
    low = float(pact.monitoring.likelihood[pact.deal] @ leaves)

    def room(discount: float) -> float:
        return check_automaton(pact.stage, pact.monitoring, discount, automaton).worst.slack

    found = sign_changes(room, DISCOUNTS, TOLERANCE)
    at_deal = (automaton.actions == np.array(pact.deal)).all(axis=1)
    return Regime(
        key,
        label,
        OWN,
        tuple(name for name, out in zip(pact.monitoring.signals, leaves, strict=True) if out > 0),
        0.0,
        0.0,
        check.holds(),
        check.worst.slack,
        check.holds(),
        None,
        tuple(float(value) for value in check.values[0]),
        check.slacks,
        float(long_run_shares(pact.monitoring, automaton)[~at_deal].sum()),
        math.inf if low == 0 else 1 / low,
        low,
        found[0][0] if found else None,
        found,
        None,
        None,
        automaton,
    )


def written_crossings(pact: Pact, regime: Regime) -> tuple[tuple[float, bool], ...]:
    """Return the discount factors at which a regime starts (True) or stops to hold with its length or payment fixed."""
    kind = next((kind for kind in regime_kinds(pact) if kind.key == regime.key), None)
    choice = Choice(0, regime.length, regime.payment, regime.margin)

    def room(discount: float) -> float:
        tried = pact.replace(discount=discount)
        check = check_automaton(pact.stage, pact.monitoring, discount, regime.automaton)
        paying = [] if kind is None else _payment_slack(tried, kind, choice, check)
        return min(item.slack for item in (*check.slacks, *paying))

    return sign_changes(room, DISCOUNTS, TOLERANCE)


def _same(needed: float, choice: Choice) -> bool:
    return needed <= choice.length if choice.length else needed <= choice.payment + 1e-9


def _payment_slack(pact: Pact, kind: RegimeKind, choice: Choice, check: AutomatonCheck) -> list[Slack]:
    """Return the decision to pay rather than to quit into war, which the automaton's states do not show."""
    if kind.form != "payment":
        return []
    stake = pact.discount * (check.values[0, 1] - check.values[1, 1])
    slack = stake - (1 - pact.discount) * choice.payment
    return [Slack("good standing", pact.stage.players[1], REFUSE, float(slack))]


def _punished_share(pact: Pact, kind: RegimeKind, automaton: Automaton, low: float) -> float:
    if kind.form == "war":
        return 1.0
    return low if kind.form == "payment" else float(1 - long_run_shares(pact.monitoring, automaton)[0])


def _finely_needed(pact: Pact, kind: RegimeKind, mask: Floats) -> float | None:
    """Return the length (or payment) that this trigger needs against every level of the fine grid."""
    if kind.form == "war" or pact.fine is None:
        return None
    choice = best_choice(pact, kind, mask[None, :], check_fine=True)
    if not choice.holds:
        return None
    return choice.payment if kind.form == "payment" else choice.length


def _randomised(pact: Pact, kind: RegimeKind, mask: Floats, choice: Choice) -> Randomised | None:
    """Return the lottery between T and T - 1 periods at which the tightest constraint binds, None if there is none."""
    if kind.form != "trigger" or not choice.holds or math.isinf(choice.length):
        return None

    def room(lottery: float) -> float:
        automaton = build_automaton(pact, kind, mask, choice, lottery)
        return check_automaton(pact.stage, pact.monitoring, pact.discount, automaton).worst.slack

    if room(0.0) >= -TOLERANCE:
        return None
    binding = 1.0 if room(1.0) <= 0 else float(brentq(room, 0.0, 1.0, xtol=1e-13))
    automaton = build_automaton(pact, kind, mask, choice, binding)
    values = check_automaton(pact.stage, pact.monitoring, pact.discount, automaton).values[0]
    return Randomised(choice.length, binding, tuple(float(value) for value in values))


__all__ = [
    "BEST_SET",
    "LENGTHS",
    "OWN",
    "THRESHOLD",
    "Randomised",
    "Regime",
    "analyse_regime",
    "analyse_regimes",
    "build_automaton",
    "own_regime",
    "written_crossings",
]
