"""Genuine delays hurt too: what fewer delays are worth in themselves, and what they are worth through enforcement.

The theory's closed forms take the damage of what is withheld on purpose. Here the damage is that of what arrives. The
direct gain of an outcome is the fall in expected damage while everyone licenses; the enforcement gain is what better
monitoring and the selected regime add on top.
"""

from __future__ import annotations

from dataclasses import dataclass

from negotiation._values import Value
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.solve.regimes.analysis import OWN, Regime, analyse_regime
from negotiation.trade.game.build import build_game


@dataclass(frozen=True, eq=False)
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


def delay_damage(reference: Outcome, outcome: Outcome) -> DelayDamage | None:
    """Return the part that delays play in one outcome; None without economics."""
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
