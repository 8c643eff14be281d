"""Enforcement regimes analysed: does a simple scheme hold the deal, at what cost, and from which patience on.

`analyse_regimes(pact)` gives one `Regime` for each regime and trigger: the default threshold trigger, judged against
the listed actions, and the best set of signals, judged against every level of the fine grid as well, because a set of
bins can look good only for want of a deviation between the listed ones.
"""

import math
from typing import Any

import numpy as np
from scipy.optimize import brentq

from negotiation._values import Floats, Value
from negotiation.games.automaton import Automaton
from negotiation.games.pact import Pact
from negotiation.solve.automata.one_shot_deviations import REFUSE, AutomatonCheck, Slack
from negotiation.solve.automata.pact_checks import months_to_first, pact_check, pact_shares
from negotiation.solve.regimes.enforcement_cost import Wedge, wedge
from negotiation.solve.regimes.kinds import (
    RegimeKind,
    payment_automaton,
    punishment_automaton,
    regime_kinds,
    trigger_automaton,
)
from negotiation.solve.regimes.pact_arrays import PactArrays, binding_share, pact_arrays
from negotiation.solve.regimes.search import (
    DISCOUNTS,
    TOLERANCE,
    Choice,
    best_choice,
    crossings,
    trigger_masks,
)
from negotiation.solve.regimes.withheld_shares import ShareDeviation, best_share
from negotiation.solve.sign_changes import sign_changes

CUTS = 20  # shares that may join the grid; each one at least quarters what the next can gain
THRESHOLD, BEST_SET, OWN = "threshold", "best set", "own"


class Randomised(Value):
    """The public lottery over two lengths that makes player 1's constraint bind, and the values (2,) it gives."""

    longer: float
    probability: float
    values: tuple[float, ...]


class Regime(Value):
    """One enforcement regime with its best length or payment.

    trigger_rule: "threshold", "best set", or "own" for a user's automaton.
    trigger: signal names. length: periods T (infinity: for ever; 0 without).
    payment: b in the game's unit. holds: no listed deviation pays (for a best set: nor an unlisted share while the deal
    stands or a snapback runs). holds_finely: no listed action and no share pays in any state, the punishment included;
    share: the best unlisted one, None without unlisted shares. finely_needed: the least length or payment with which
    this trigger holds against every share, None when none does. binding: the share that asks most of the trigger while
    the deal stands, where any may be chosen. values: (2,) from the start, normalised. slacks: every player's one-shot
    deviation in every state. punished_share: long-run share of periods in punishment (of periods with a payment under
    compensation). months_to_first: expected periods to the first trigger. least_discount: None when no discount factor
    works; `crossings` lists all changes. wedge: None without a trigger.
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
    binding: float | None
    share: ShareDeviation | None
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
        return min(self.slacks, key=lambda deviation: deviation.slack) if self.slacks else None

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
    kinds, stands, arrays = regime_kinds(pact), _punishment_stands(pact), pact_arrays(pact, threshold)
    first = [_regime(pact, kind, THRESHOLD, threshold, arrays, stands=stands) for kind in kinds]
    if not best_sets:
        return tuple(first)
    every = trigger_masks(pact)
    arrays = pact_arrays(pact, every, check_fine=True)
    second = [
        _regime(pact, kind, BEST_SET, every, arrays, stands=stands) for kind in kinds if kind.form != "punishment"
    ]
    return (*first, *second)


def analyse_regime(pact: Pact, key: str) -> Regime:
    """Return one regime of a pact by key, under the threshold trigger."""
    kind = next(kind for kind in regime_kinds(pact) if kind.key == key)
    threshold = pact.mask(pact.trigger)[None, :]
    return _regime(pact, kind, THRESHOLD, threshold, pact_arrays(pact, threshold), stands=_punishment_stands(pact))


def build_automaton(pact: Pact, kind: RegimeKind, mask: Floats, choice: Choice, lottery: float = 1.0) -> Automaton:
    """Return the automaton of a regime with a chosen length or payment."""
    if pact.delays is not None:
        months = [build_automaton(month, kind, mask, choice, lottery) for month in pact.delays.months]
        automaton = build_automaton(pact.replace(delays=None), kind, mask, choice, lottery)
        return automaton.replace(by_month=np.stack([month.adjustments for month in months]))
    if kind.form == "punishment":
        return punishment_automaton(pact)
    if kind.form == "payment":
        return payment_automaton(pact, mask, choice.payment)
    return trigger_automaton(pact, kind, mask, choice.length, lottery)


def _regime(pact: Pact, kind: RegimeKind, rule: str, masks: Floats, arrays: PactArrays, stands: bool) -> Regime:
    choice = best_choice(arrays, kind)
    if rule == BEST_SET and stands and not pact.every_share:
        choice = _against_every_share(pact, kind, masks) or choice
    mask = masks[choice.index]
    automaton = build_automaton(pact, kind, mask, choice)
    check = pact_check(pact, automaton)
    share = _best_share(pact, mask, choice.payment, automaton, check)
    # where delays last the search looks at a few states of a response, the automaton at all of them
    holds = choice.holds and (pact.delays is None or check.holds())
    needed = None
    if pact.every_share:
        needed = choice if holds else None
    elif stands and kind.form != "punishment":
        needed = _against_every_share(pact, kind, mask[None, :])
    low = float(pact.monitoring.likelihood[pact.deal] @ mask) if kind.form != "punishment" else 0.0
    return Regime(
        key=kind.key,
        label=kind.label,
        trigger_rule=rule,
        trigger=tuple(name for name, hit in zip(pact.monitoring.signals, mask, strict=True) if hit) if low else (),
        length=choice.length,
        payment=choice.payment,
        holds=holds,
        margin=choice.margin,
        finely_needed=None if needed is None else needed.length + needed.payment,
        binding=binding_share(pact, mask) if kind.form != "war" else None,
        slacks=(*check.slacks, *_payment_slack(pact, kind, choice.payment, check)),
        punished_share=_punished_share(pact, kind, automaton, low),
        wedge=wedge(pact, kind, mask),
        randomised=_randomised(pact, kind, mask, choice),
        **_common(
            automaton,
            check,
            holds,
            share,
            low=low,
            first=months_to_first(pact, mask) if low else math.inf,
            changes=crossings(arrays, kind),
        ),
    )


def own_regime(pact: Pact, key: str, label: str, automaton: Automaton) -> Regime:
    """Return the analysis of a user's automaton; its trigger is what leads out of the first state."""
    check = pact_check(pact, automaton)
    leaves = 1 - automaton.transition[0, :, 0]
    at_deal = (automaton.actions == np.array(pact.deal)).all(axis=1)
    cost = np.outer(at_deal * pact.pledges.column_audience_cost, pact.mask(pact.trigger))
    share = best_share(pact, automaton, values_of(check), cost)
    holds = check.holds() and not (pact.every_share and share is not None and share.pays)
    low = float(pact.monitoring.likelihood[pact.deal] @ leaves)
    return Regime(
        key=key,
        label=label,
        trigger_rule=OWN,
        trigger=tuple(name for name, out in zip(pact.monitoring.signals, leaves, strict=True) if out > 0),
        length=0.0,
        payment=0.0,
        holds=holds,
        margin=check.worst.slack,
        finely_needed=None,
        binding=None,
        slacks=check.slacks,
        punished_share=float(pact_shares(pact, automaton)[~at_deal].sum()),
        wedge=None,
        randomised=None,
        **_common(
            automaton,
            check,
            holds,
            share,
            low=low,
            first=months_to_first(pact, leaves),
            changes=_fixed_crossings(pact, automaton),
        ),
    )


def _common(
    automaton: Automaton,
    check: AutomatonCheck,
    holds: bool,
    share: ShareDeviation | None,
    *,
    low: float,
    first: float,
    changes: tuple[tuple[float, bool], ...],
) -> dict[str, Any]:
    """Return the fields of a regime that follow from its automaton, whoever wrote it."""
    return {
        "holds_finely": holds and not (share is not None and share.pays),
        "share": share,
        "values": tuple(check.values[0].tolist()),
        "months_to_first": first,
        "low_if_deal": low,
        "least_discount": changes[0][0] if changes else None,
        "crossings": changes,
        "automaton": automaton,
    }


def written_crossings(pact: Pact, regime: Regime) -> tuple[tuple[float, bool], ...]:
    """Return the discount factors at which a regime starts (True) or stops to hold with its length or payment fixed."""
    kind = next((kind for kind in regime_kinds(pact) if kind.key == regime.key), None)
    return _fixed_crossings(pact, regime.automaton, kind, regime.payment)


def _fixed_crossings(
    pact: Pact, automaton: Automaton, kind: RegimeKind | None = None, payment: float = 0.0
) -> tuple[tuple[float, bool], ...]:
    def room(discount: float) -> float:
        tried = pact.replace(discount=discount)
        check = pact_check(tried, automaton)
        return min(each.slack for each in (*check.slacks, *_payment_slack(tried, kind, payment, check)))

    return sign_changes(room, DISCOUNTS, TOLERANCE)


def _payment_slack(pact: Pact, kind: RegimeKind | None, payment: float, check: AutomatonCheck) -> list[Slack]:
    """Return the decision to pay rather than to quit into the punishment, which the automaton's states do not show."""
    if kind is None or kind.form != "payment":
        return []
    stake = pact.discount * (check.values[0, 1] - check.values[1, 1])
    if pact.delays is not None and check.by_month is not None:
        # after a low month the next one is late by a chance between both ends
        stake = pact.discount * (pact.delays.chain @ (check.by_month[0, :, 1] - check.by_month[1, :, 1])).min()
    return [Slack("good standing", pact.stage.players[1], REFUSE, float(stake - (1 - pact.discount) * payment))]


def values_of(check: AutomatonCheck) -> Floats:
    """Return the values of a check, by kind of month where delays last."""
    return check.values if check.by_month is None else check.by_month


def _punished_share(pact: Pact, kind: RegimeKind, automaton: Automaton, low: float) -> float:
    if kind.form == "punishment":
        return 1.0
    return low if kind.form == "payment" else float(1 - pact_shares(pact, automaton)[0])


def _punishment_stands(pact: Pact) -> bool:
    """Whether there are unlisted shares and none pays in the punishment, which stands in every regime."""
    if pact.fine is None:
        return False
    automaton = punishment_automaton(pact)
    check = pact_check(pact, automaton)
    share = _best_share(pact, np.zeros(pact.monitoring.n_signals), 0.0, automaton, check)
    return share is None or not share.pays


def _best_share(
    pact: Pact, mask: Floats, payment: float, automaton: Automaton, check: AutomatonCheck
) -> ShareDeviation | None:
    """Return the best unlisted share against a simple regime, whose charges fall due in good standing alone."""
    return best_share(pact, automaton, values_of(check), standing_charges(pact, automaton, mask, payment))


def standing_charges(pact: Pact, automaton: Automaton, mask: Floats, payment: float) -> Floats:
    """Return what player 1 pays in each state of a simple regime after each signal, (W, Y): in good standing alone."""
    charges = np.zeros((automaton.n_states, len(mask)))
    if tuple(automaton.actions[0]) == pact.deal:
        charges[0] = (pact.pledges.column_audience_cost + payment) * mask
    return charges


def _against_every_share(pact: Pact, kind: RegimeKind, masks: Floats) -> Choice | None:
    """Return the best choice that no share breaks: the share that pays most joins the grid until none pays."""
    for _ in range(CUTS):
        choice = best_choice(pact_arrays(pact, masks, check_fine=True), kind)
        if not choice.holds or pact.fine is None:
            return None
        automaton = build_automaton(pact, kind, masks[choice.index], choice)
        check = pact_check(pact, automaton)
        share = _best_share(pact, masks[choice.index], choice.payment, automaton, check)
        if share is None or not share.pays:
            return choice
        pact = pact.replace(fine=pact.fine.joined(share.level, share.beside))
    return None


def _randomised(pact: Pact, kind: RegimeKind, mask: Floats, choice: Choice) -> Randomised | None:
    """Return the lottery between T and T - 1 periods at which the tightest constraint binds, None if there is none."""
    if kind.form != "trigger" or not choice.holds or math.isinf(choice.length):
        return None

    def room(lottery: float) -> float:
        automaton = build_automaton(pact, kind, mask, choice, lottery)
        return pact_check(pact, automaton).worst.slack

    if room(0.0) >= -TOLERANCE:
        return None
    binding = 1.0 if room(1.0) <= 0 else float(brentq(room, 0.0, 1.0, xtol=1e-13))
    automaton = build_automaton(pact, kind, mask, choice, binding)
    values = pact_check(pact, automaton).values[0]
    return Randomised(choice.length, binding, tuple(values.tolist()))
