"""What each side gets after a call, type by type: values of the repeated game, not constants.

While the US keeps to the regime, the strategic type plays a best policy against its automaton (Howard 1960, exact
linear solves), the co-operator follows the pact. If the US exits, both play the punishment; a snapback is one month of
the harshest tariff and then the punishment.
"""

import numpy as np

from negotiation._values import Floats, Ints, Value
from negotiation.errors import InputError
from negotiation.games.automaton import Automaton
from negotiation.games.pact import Pact
from negotiation.solve.regimes.analysis import build_automaton
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import best_choice

TRIGGER_FORM = "trigger"
SWITCH_GAIN = 1e-12  # least gain per month for which the strategic type leaves what the pact asks; below is rounding


class Cooperator(Value):
    """The conditional co-operator, explicitly: how its payoffs differ from those of the strategic type.

    temptation: share of the strategic type's gain from holding back that it feels (0: none; what holding back costs it
    feels in full). tariff_loss, audience_cost: its loss from a tariff, and its cost of a broken pledge, as multiples of
    the strategic type's. All are judgement.
    """

    temptation: float = 0.0
    tariff_loss: float = 1.0
    audience_cost: float = 1.0

    def _check(self) -> None:
        for name in ("temptation", "tariff_loss", "audience_cost"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= 0):
                raise InputError.single("call game", f"cooperator.{name}", f"must be at least 0, got {value:g}")

    def payoffs(self, pact: Pact) -> Floats:
        """Return the co-operator's stage payoffs, (|A_0|, |A_1|), before pledges."""
        strategic, column = pact.stage.payoffs[1], pact.deal[1]
        tariff = strategic[:, column] - strategic[pact.deal[0], column]
        withholding = strategic - strategic[:, [column]]
        felt = np.where(withholding > 0, self.temptation * withholding, withholding)
        return np.asarray(strategic[pact.deal[0], column] + self.tariff_loss * tariff[:, None] + felt)


class ContinuationValues(Value, kw_only=True):
    """Values after one message, (2, 3): rows the strategic type and the co-operator, columns keep, hedge, snap back.

    sender: of China by type; receiver: of the US facing that type. complies: whether the strategic type keeps the deal
    in good standing. holds: whether the regime is an equilibrium of the repeated game with that pledge. terms: the
    regime's length.
    """

    pledge: float
    sender: Floats
    receiver: Floats
    complies: bool
    holds: bool
    length: float


def continuation_values(pact: Pact, regime: str, pledge: float, cooperator: Cooperator) -> ContinuationValues:
    """Return the values after a call on which China stakes `pledge` more than the pact already has on a low month.

    Raises `InputError` for a regime that has no trigger.
    """
    cost = pact.pledges.column_audience_cost
    staked = pact.replace(pledges=pact.pledges.replace(column_audience_cost=cost + pledge))
    kinds = {kind.key: kind for kind in regime_kinds(pact) if kind.form == TRIGGER_FORM}
    if regime not in kinds:
        message = f"'{regime}' is no trigger regime"
        raise InputError.single("call game", "regime", message, "allowed: " + ", ".join(kinds))
    kind, mask = kinds[regime], pact.mask(pact.trigger)
    choice = best_choice(pact_arrays(staked, mask[None, :]), kind)
    automaton = build_automaton(staked, kind, mask, choice)
    policy, strategic = best_policy(staked, automaton, staked.stage.payoffs[1] + automaton.adjustments[:, 1])
    # the co-operator: its own stage payoffs, the side payment in full, the audience cost in good standing its own way
    friend = cooperator.payoffs(staked) + automaton.adjustments[:, 1]
    friend[0] += (1 - cooperator.audience_cost) * (cost + pledge) * (pact.monitoring.likelihood @ mask)
    obedient = automaton.actions[:, 1]
    sender = np.array([strategic[0], policy_values(staked, automaton, friend, obedient)[0]])
    first = staked.stage.payoffs[0] + automaton.adjustments[:, 0]
    trusted = [policy_values(staked, automaton, first, followed)[0] for followed in (policy, obedient)]
    (hedged, snapped), (guarded, struck) = _exits(pact, cooperator)
    return ContinuationValues(
        pledge=pledge,
        sender=np.column_stack([sender, hedged, snapped]),
        receiver=np.column_stack([trusted, guarded, struck]),
        complies=bool(policy[0] == pact.deal[1]),
        holds=choice.holds,
        length=choice.length,
    )


def best_policy(pact: Pact, automaton: Automaton, payoffs: Floats) -> tuple[Ints, Floats]:
    """Return player 1's best action in each state, (W,), and its values, (W,), against player 0's automaton.

    payoffs: (W, |A_0|, |A_1|) of player 1 by state. Where several actions are equally good to rounding, the one that
    the automaton asks for is taken.
    """
    rows, policy = automaton.actions[:, 0], automaton.actions[:, 1].copy()
    states = np.arange(len(policy))
    while True:  # no policy comes back: values rise strictly
        values = policy_values(pact, automaton, payoffs, policy)
        ahead = np.einsum("wxy,wyv,v->wx", pact.monitoring.likelihood[rows], automaton.transition, values)
        action_values = (1 - pact.discount) * payoffs[states, rows] + pact.discount * ahead
        better = action_values.max(axis=1) > action_values[states, policy] + SWITCH_GAIN
        if not better.any():
            return policy, values
        policy = np.where(better, action_values.argmax(axis=1), policy)


def policy_values(pact: Pact, automaton: Automaton, payoffs: Floats, policy: Ints) -> Floats:
    """Return normalised values (W,) of a stream of payoffs (W, |A_0|, |A_1|) while player 1 follows a policy (W,)."""
    states, rows = np.arange(len(policy)), automaton.actions[:, 0]
    chain = np.einsum("wy,wyv->wv", pact.monitoring.likelihood[rows, policy], automaton.transition)
    flow = payoffs[states, rows, policy]
    d = pact.discount
    return np.linalg.solve(np.eye(len(policy)) - d * chain, (1 - d) * flow)


def _exits(pact: Pact, cooperator: Cooperator) -> tuple[list[Floats], list[Floats]]:
    """Return values of hedging (the punishment) and of a snapback (the harshest tariff before it), by type."""
    by_type, first = np.array([pact.stage.payoffs[1], cooperator.payoffs(pact)]), pact.stage.payoffs[0]
    d, outside = pact.discount, pact.punishment
    harsh = (int(pact.stage.payoffs[1, :, pact.deal[1]].argmin()), outside[1])
    exit_cost = (1 - d) * pact.pledges.row_audience_cost
    hedged = by_type[:, outside[0], outside[1]]
    snapped = (1 - d) * by_type[:, harsh[0], harsh[1]] + d * hedged
    guarded = np.full(2, first[outside] - exit_cost)
    struck = np.full(2, (1 - d) * first[harsh] + d * first[outside] - exit_cost)
    return [hedged, snapped], [guarded, struck]
