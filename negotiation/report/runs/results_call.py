"""What a call can say, must deliver and is worth, as plain data for result files and `--json`: numbers unrounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from negotiation._values import plain
from negotiation.analysis.base_rates import historical_chances
from negotiation.analysis.call_answers import CallAnswers
from negotiation.calls.agreement.automaton import package_share
from negotiation.calls.agreement.certificates import AgreementProof
from negotiation.calls.agreement.packages import Package
from negotiation.calls.agreement.requirements import Requirements
from negotiation.calls.agreement.text import requirements_sentence
from negotiation.calls.notices import notices
from negotiation.calls.signalling.call_game import CallGame
from negotiation.calls.signalling.cheap_talk import BIASES, cheap_talk
from negotiation.calls.signalling.outcome_probabilities import outcome_probabilities
from negotiation.calls.value.call_value import CallValue
from negotiation.calls.value.information_value import InformationValue
from negotiation.solve.regimes.review_strategies import ReviewBlock
from negotiation.trade.scenario.scenario import Scenario


def call_data(scenario: Scenario, found: CallAnswers) -> dict[str, Any]:
    """Return what is said of the call; `fragile`, `delivery` and `worth` are None where they do not apply."""
    return {
        "thresholds": plain(found.thresholds),
        "game": call_game_data(found.game),
        "fragile": None
        if found.fragile is None
        else {"after": found.fragile[0], "game": call_game_data(found.fragile[1])},
        "cheap_talk": [{**plain(talk), "revealed": talk.revealed} for talk in map(cheap_talk, BIASES)],
        "chances": plain(outcome_probabilities(scenario, found.game, historical_chances(scenario))),
        "delivery": None if found.delivery is None else delivery_data(found.delivery),
        "worth": None if found.worth is None else worth_data(found.worth),
    }


def call_game_data(found: CallGame) -> dict[str, Any]:
    """Return the call game: values after each message, and each component of equilibria with its vertices.

    senders, receivers: chances as ratios in texts, by type and message, and by message and reply. trust: None where
    keeping to the deal is never best.
    """
    game = found.game
    return {
        "assumptions": plain(found.assumptions),
        "types": list(game.types),
        "messages": list(game.messages),
        "replies": list(game.responses),
        "empty_threats": list(found.empty_threats),
        "trust_is_needed": found.trust_is_needed,
        "after": [
            {"message": name, **plain(after), "trust": None if trust < 0 else trust}
            for name, after, trust in zip(game.messages, found.after, found.trust, strict=True)
        ],
        "equilibria": [
            {
                "kind": one.component.kind,
                "sentence": one.sentence,
                "intuitive": one.intuitive.verdict,
                "objection": None if one.intuitive.objection is None else one.intuitive.objection.sentence(),
                "valid": one.valid,
                **{key: plain(getattr(one, key)) for key in ("strategic", "cooperator", "receiver", "kept")},
                "senders": plain(one.component.senders),
                "receivers": plain(one.component.receivers),
            }
            for one in found.readings
        ],
    }


def worth_data(found: CallValue) -> dict[str, Any]:
    """Return the worth of a call by party, in present values."""
    names = [name for name, _ in found.chances]
    return {
        "unit": found.unit,
        "chances": dict(found.chances),
        "parties": [
            {
                "party": party,
                "ever": float(found.ever[at]),
                "now": float(found.now[at]),
                "wants": found.wants(at),
                "by_outcome": dict(zip(names, plain(found.by_outcome[:, at]), strict=True)),
            }
            for at, party in enumerate(found.parties)
        ],
    }


def information_data(found: Sequence[InformationValue], less_often: Sequence[ReviewBlock]) -> dict[str, Any]:
    """Return what information is worth: each source under each regime, and judging several months together."""
    return {
        "sources": [
            {**plain(one), "joint": one.joint, "kept_joint": None if one.kept is None else sum(one.kept)}
            for one in found
        ],
        "less_often": plain(list(less_often)),
    }


def delivery_data(found: Requirements, proven: AgreementProof | None = None) -> dict[str, Any]:
    """Return what the call must deliver; proven: what holds in any equilibrium, None where it was not asked."""
    together, asked = found.together, found.enforcement.asked
    return {
        "scenario": found.scenario.name,
        "answer": requirements_sentence(found),
        "notices": list(notices(found.scenario)),
        "asked": None if asked is None else asked.name,
        "rules_that_hold": [rule.name for rule in found.enforcement.rules if rule.holds],
        "holds_now": found.now is not None or any(rule.holds for rule in found.enforcement.rules),
        "holds_now_by_lottery": found.now is not None,
        "instruments": [
            {
                **plain(item.instrument),
                "least": item.amount,
                "permanent_reversion": item.closed_form,
                "blocked_by": [list(row) for row in item.at_cap],
            }
            for item in found.alone
        ],
        "pairs": plain(found.pairs),
        "regimes": [{**plain(need), "amounts": dict(need.amounts)} for need in found.needs],
        "together": None if together is None else {**_package(together), "threat": together.threat.label},
        "together_share": None if together is None else plain(package_share(found.problem, together)),
        "vetoes": [
            {
                "player": veto.player,
                "value": veto.value,
                "war": veto.punishment,
                "binding": list(veto.package.binding),
                "amounts": dict(veto.package.amounts),
            }
            for veto in found.vetoes
        ],
        "blocked_by": [list(row) for row in found.block],
        "certificate": None if proven is None else plain(proven),
    }


def _package(found: Package) -> dict[str, Any]:
    return {**plain(found), "amounts": dict(found.amounts)}
