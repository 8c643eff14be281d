"""Where an outcome's gain comes from: assumed primitives, assumed selection, computed; and one common yardstick.

Outcomes differ by assumption: in primitives (delays, pledges, patience), in the regime that is selected, and in what
the computation then does (length or payment chosen anew). With V(theta, r, T) the value of regime r with terms T,

    selection   V(theta_0, r_1, T*_01) - V(theta_0, r_0, T*_00)
    primitives  V(theta_1, r_1, T*_01) - V(theta_0, r_1, T*_01)
    computed    V(theta_1, r_1, T*_11) - V(theta_1, r_1, T*_01),

which add up to the gain over no call. Where a regime cannot hold, the deal is worth the war profile. Values of all
outcomes are also given at one common discount factor, with the war profile after the truce has ended.
"""

from __future__ import annotations

from dataclasses import dataclass

from negotiation._values import Floats, Value
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.games.pact import Pact
from negotiation.solve.automata.one_shot_deviations import automaton_values
from negotiation.solve.regimes.analysis import build_automaton
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.regimes.search import best_choice
from negotiation.trade.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Decomposition(Value):
    """Gain over the reference outcome, split for each player: (2,) each, in the scenario's unit per month."""

    selection: tuple[float, ...]
    primitives: tuple[float, ...]
    computed: tuple[float, ...]

    @property
    def total(self) -> tuple[float, ...]:
        """The whole gain."""
        return tuple(sum(parts) for parts in zip(self.selection, self.primitives, self.computed, strict=True))


def decompose(reference: Outcome, outcome: Outcome) -> Decomposition:
    """Return the split of `outcome`'s gain over `reference` (usually "no call")."""
    after = outcome.game.pact
    key = outcome.call.regime
    start, end = _value(reference, reference.selected.key), _value(outcome, key)
    selected = _value(reference, key)
    old_terms = _with_terms_of(reference, after, key)
    if old_terms is None:
        # the regime cannot hold before the call: what makes it hold counts as primitives
        old_terms = end if outcome.regime(key).holds else tuple(after.stage.payoff(after.punishment))
    return Decomposition(
        tuple(b - a for a, b in zip(start, selected, strict=True)),
        tuple(b - a for a, b in zip(selected, old_terms, strict=True)),
        tuple(b - a for a, b in zip(old_terms, end, strict=True)),
    )


def _value(outcome: Outcome, key: str) -> tuple[float, ...]:
    regime = outcome.regime(key)
    return regime.values if regime.holds else outcome.game.pact.stage.payoff(outcome.game.pact.punishment)


def _with_terms_of(reference: Outcome, pact: Pact, key: str) -> tuple[float, ...] | None:
    """Return the values after the call with the length or payment that was best before it; None if there was none."""
    if not reference.regime(key).holds:
        return None
    for kind in regime_kinds(pact):
        if kind.key == key:
            mask = pact.mask(pact.trigger)
            choice = best_choice(reference.game.pact, kind, mask[None, :])
            values = automaton_values(
                pact.stage, pact.monitoring, pact.discount, build_automaton(pact, kind, mask, choice)
            )
            return tuple(float(value) for value in values[0])
    return None


def common_value(outcome: Outcome) -> tuple[float, ...]:
    """Return the players' values of the selected regime at the scenario's common discount, war after the truce ends.

    With beta the monthly discount and s the stated survival, delta = beta s weighs the truce; what follows it is worth
    the war profile. Normalised by (1 - beta), so in the unit per month; a deal that does not hold is worth war.
    """
    game, pact = outcome.game, outcome.game.pact
    delta = game.scenario.common_discount
    outside = pact.stage.payoff(pact.punishment)
    if not outcome.selected.holds:
        return outside
    path: Floats = automaton_values(pact.stage, pact.monitoring, delta, outcome.selected.automaton)[0]
    weight = (1 - monthly_discount(outcome.game.scenario)) / (1 - delta)
    return tuple(weight * float(value) + (1 - weight) * outside[i] for i, value in enumerate(path))


def truce_worth(outcome: Outcome) -> tuple[float, ...]:
    """Return the present value of the players' common values over war for ever, in the scenario's unit."""
    pact = outcome.game.pact
    outside = pact.stage.payoff(pact.punishment)
    return tuple(
        (value - outside[i]) / (1 - monthly_discount(outcome.game.scenario))
        for i, value in enumerate(common_value(outcome))
    )


def monthly_discount(scenario: Scenario) -> float:
    """Return the monthly discount factor that outlasts the truce."""
    return scenario.common_discount if scenario.kind == "payoffs" else scenario.value("patience.monthly_discount")
