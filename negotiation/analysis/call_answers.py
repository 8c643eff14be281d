"""What the main report says about the call itself, computed once: the game on it, its demands, its worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from negotiation._values import Value
from negotiation.analysis.shipment_prior import call_assumptions
from negotiation.calls.agreement.requirements import Requirements, requirements
from negotiation.calls.closed_forms import PledgeThresholds, pledge_thresholds
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.signalling.call_game import CallAssumptions, CallGame, call_game
from negotiation.calls.value.call_value import CallValue, call_value
from negotiation.games.pact import Pact
from negotiation.trade.game.build import build_pact
from negotiation.trade.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class CallAnswers(Value):
    """The call game as things stand and, where another outcome makes the strategic type break the deal, in that one.

    thresholds: of pledges and trust. fragile: (label of the outcome, its call game), None where none needs trust.
    delivery: None where the design does not apply (the first player's exits are not seen). worth: None where there is
    no other outcome to compare with.
    """

    thresholds: PledgeThresholds
    game: CallGame
    fragile: tuple[str, CallGame] | None
    delivery: Requirements | None
    worth: CallValue | None


def call_answers(
    scenario: Scenario, outcomes: Sequence[Outcome], demands: bool = True, assumptions: CallAssumptions | None = None
) -> CallAnswers:
    """Return what can be said about a call on which one of `outcomes` results; the first of them is "no call".

    demands: also what the call must deliver, frontiers of pairs left out. assumptions: of the call game (None: the
    prior that the shipments suggest).
    """
    pact = build_pact(scenario, fine=False)
    game = call_game(pact, assumptions or call_assumptions(scenario))
    whole = len(outcomes) == len(scenario.calls) and len(outcomes) > 1
    return CallAnswers(
        pledge_thresholds(pact),
        game,
        None if game.trust_is_needed else _fragile(game.assumptions, outcomes),
        _delivery(scenario, pact) if demands else None,
        call_value(scenario, outcomes) if whole else None,
    )


def _fragile(assumptions: CallAssumptions, outcomes: Sequence[Outcome]) -> tuple[str, CallGame] | None:
    """Return the call game after the first outcome in which beliefs matter."""
    for outcome in outcomes:
        game = call_game(outcome.game.pact, assumptions.replace(pledges=()))
        if game.trust_is_needed:
            return outcome.call.label, game
    return None


def _delivery(scenario: Scenario, pact: Pact) -> Requirements | None:
    return requirements(scenario, pairs=False) if 0 in pact.monitoring.observed else None
