"""What a reader should know about a scenario before its answers, its punishment included."""

from __future__ import annotations

from negotiation.games.pact import Pact
from negotiation.solve.regimes.analysis import analyse_regime
from negotiation.solve.regimes.search import TOLERANCE
from negotiation.solve.regimes.withheld_shares import ShareDeviation
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.scenario_warnings import scenario_warnings
from negotiation.trade.parameters.labels import label, profile_label, title
from negotiation.trade.scenario.scenario import Scenario


def all_notices(scenario: Scenario) -> tuple[str, ...]:
    """Return all that a reader should be told: numbers outside their plausible range, then the notices."""
    return (*scenario.notices, *notices(scenario))


def notices(scenario: Scenario) -> tuple[str, ...]:
    """Return one sentence for each caution about what is watched, then for each doubt about the punishment."""
    return (*scenario_warnings(scenario), *punishment_notices(build_pact(scenario)))


def punishment_notices(pact: Pact) -> tuple[str, ...]:
    """Return who gains by leaving the punishment profile for a month, with which action or share and by how much."""
    unit, name = pact.stage.unit, profile_label(pact.stage.name(pact.punishment))
    sentences = []
    for player in range(2):
        gains = pact.stage.deviations(player, pact.punishment) - pact.stage.payoff(pact.punishment)[player]
        best = int(gains.argmax())
        if (1 - pact.discount) * gains[best] > TOLERANCE:
            sentences.append(
                f"the punishment {name} is no stage equilibrium: {title(pact.stage.players[player])} gains "
                f"{gains[best]:.3g} {unit} in a month of it by playing {label(pact.stage.actions[player][best])}, so "
                "at these numbers no simple regime holds"
            )
    share = analyse_regime(pact, "stage_nash").share
    if share is not None and share.pays:
        sentences.append(
            f"the punishment {name} is no stage equilibrium against every share: {title(share.player)} gains "
            f"{share.gain:.3g} {unit} in a month of it by withholding {share.amount}, so at these numbers no simple "
            "regime holds against every share"
        )
    return tuple(sentences)


def share_words(share: ShareDeviation, unit: str) -> str:
    """Return in which state which share pays whom, and by how much, in one clause."""
    return share.replace(player=title(share.player)).sentence(unit)
