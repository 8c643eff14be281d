"""Where an outcome's gain comes from: assumed primitives, assumed selection, computed; and one common yardstick.

With V(theta, r, T) the value of regime r with terms T, the gain over no call is the sum of

    selection   V(theta_0, r_1, T*_01) - V(theta_0, r_0, T*_00)
    primitives  V(theta_1, r_1, T*_01) - V(theta_0, r_1, T*_01)
    computed    V(theta_1, r_1, T*_11) - V(theta_1, r_1, T*_01);

where a regime cannot hold, the deal is worth the punishment profile.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from negotiation._values import Floats, Value
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.solve.automata.pact_checks import flow_values, pact_values
from negotiation.solve.regimes.analysis import OWN, Regime, analyse_regime, build_automaton
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import best_choice
from negotiation.trade.game.build import build_game
from negotiation.trade.scenario.scenario import Scenario


class Decomposition(Value):
    """Gain over the reference outcome, split for each player: (2,) each, in the scenario's unit per month."""

    selection: tuple[float, ...]
    primitives: tuple[float, ...]
    computed: tuple[float, ...]

    @property
    def total(self) -> tuple[float, ...]:
        """The whole gain."""
        return tuple(sum(parts) for parts in zip(self.selection, self.primitives, self.computed, strict=True))


class DelayDamage(Value):
    """Expected damage of genuine delays in good standing, political and economic (unit per month), and what it does.

    direct_gain: how much less than in the reference outcome. enforcement_gain: change in the joint value of the
    selected regime, damage of delays left out. regime: the selected regime when the damage of delays counts.
    """

    political: float
    economic: float
    direct_gain: float
    enforcement_gain: float
    regime: Regime


def decompose(reference: Outcome, outcome: Outcome) -> Decomposition:
    """Return the split of `outcome`'s gain over `reference` (usually "no call")."""
    after = outcome.game.pact
    key = outcome.call.regime
    start, end = _value(reference, reference.selected.key), _value(outcome, key)
    selected = _value(reference, key)
    kind = next((kind for kind in regime_kinds(after) if kind.key == key), None)
    if kind is not None and reference.regime(key).holds:  # with the length or payment that was best before the call
        mask = after.mask(after.trigger)
        choice = best_choice(pact_arrays(reference.game.pact, mask[None, :]), kind)
        automaton = build_automaton(after, kind, mask, choice)
        old_terms = tuple(pact_values(after, automaton)[0].tolist())
    else:  # the regime cannot hold before the call: what makes it hold counts as primitives
        old_terms = end
    steps = pairwise((start, selected, old_terms, end))
    return Decomposition(*(tuple(np.subtract(late, early).tolist()) for early, late in steps))


def _value(outcome: Outcome, key: str) -> tuple[float, ...]:
    regime = outcome.regime(key)
    return regime.values if regime.holds else outcome.game.pact.stage.payoff(outcome.game.pact.punishment)


def common_value(outcome: Outcome) -> tuple[float, ...]:
    """Return the players' values of the selected regime at the common discount, the punishment after the truce.

    With beta the monthly discount and s the stated survival, delta = beta s weighs the truce; what follows it is worth
    the punishment. Normalised by (1 - beta), so in the unit per month; a deal that does not hold is worth that too.
    """
    if not outcome.selected.holds:
        return outcome.game.pact.stage.payoff(outcome.game.pact.punishment)
    values: list[float] = party_values(outcome, outcome.game.scenario)[:2, 0].tolist()
    return tuple(values)


def party_values(outcome: Outcome, scenario: Scenario) -> Floats:
    """Return values (parties, W) in every state of what is played, as in `common_value`, at a scenario's discounting.

    parties: the players with pledges, then third parties.
    """
    beta, delta = monthly_discount(scenario), scenario.common_discount
    pact, path = outcome.game.pact, outcome.path
    flows = [
        [
            month_values(outcome, profile, adjusted[:, *profile])
            for profile, adjusted in zip(path.actions, kind, strict=True)
        ]
        for kind in path.kinds
    ]
    values = flow_values(pact, path, np.array(flows), delta).T
    weight = (1 - beta) / (1 - delta)
    return np.asarray(weight * values + (1 - weight) * month_values(outcome, pact.punishment)[:, None])


def month_values(outcome: Outcome, profile: Sequence[int], adjustments: Floats | float = 0.0) -> Floats:
    """Return what a month of a profile gives each party, (parties,): the players with pledges, then third parties."""
    row, column = profile
    game = outcome.game
    return np.append(game.pact.stage.payoffs[:, row, column] + adjustments, game.real[2:, row, column])


def truce_worth(outcome: Outcome) -> tuple[float, ...]:
    """Return the present value of the players' common values over the punishment for ever, in the scenario's unit."""
    scale = 1 / (1 - monthly_discount(outcome.game.scenario))
    outside = outcome.game.pact.stage.payoff(outcome.game.pact.punishment)
    return tuple(scale * (value - punished) for value, punished in zip(common_value(outcome), outside, strict=True))


def alive_after(scenario: Scenario, months: int) -> float:
    """Return the chance that the truce of a scenario of kind "economy" lives so many months."""
    survival: float = 1 - 1 / scenario.value("patience.expected_life_months")
    return survival**months


def monthly_discount(scenario: Scenario) -> float:
    """Return the monthly discount factor that outlasts the truce."""
    return scenario.common_discount if scenario.kind == "payoffs" else scenario.value("patience.monthly_discount")


def delay_damage(reference: Outcome, outcome: Outcome) -> DelayDamage | None:
    """Return the part that delays play in one outcome; None without economics.

    The closed forms take the damage of what is withheld on purpose; this is that of what arrives. The direct gain is
    the fall in expected damage while everyone licenses, the enforcement gain what monitoring and the regime add.
    """
    if not outcome.game.has_economics:
        return None
    with_delays = build_game(outcome.game.scenario, realised_shortfall=True)
    before, after = _political(reference), _political(outcome)
    premium = 1 + outcome.game.scenario.value("minerals.security_premium")
    key = outcome.call.regime
    return DelayDamage(
        after,
        after / premium,
        before - after,
        sum(outcome.values) - sum(reference.values),
        analyse_regime(with_delays.pact, key) if outcome.selected.trigger_rule != OWN else outcome.selected,
    )


def _political(outcome: Outcome) -> float:
    """Return E[D | deal], the damage to the US while nothing is withheld on purpose."""
    game = outcome.game
    shortfall = build_game(game.scenario, realised_shortfall=True)
    at_deal = (0, *game.pact.deal)
    return float(game.pact.stage.payoffs[at_deal] - shortfall.pact.stage.payoffs[at_deal])
