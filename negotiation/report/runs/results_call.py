"""What a call can say, must deliver and is worth, as plain data for result files and `--json`: numbers unrounded."""

from collections.abc import Sequence
from typing import Any

from negotiation._values import plain
from negotiation.analysis.call_answers import CallAnswers, breakdown_records, historical_chances
from negotiation.calls.agreement.automaton import package_share
from negotiation.calls.agreement.certificates import AgreementProof
from negotiation.calls.agreement.requirements import Requirements
from negotiation.calls.agreement.text import requirements_sentence
from negotiation.calls.notices import notices
from negotiation.calls.signalling.call_game import CallEquilibria, CallGame
from negotiation.calls.signalling.cheap_talk import BIASES, cheap_talk
from negotiation.calls.signalling.outcome_probabilities import outcome_probabilities
from negotiation.calls.value.call_value import CallValue
from negotiation.calls.value.information_value import InformationValue
from negotiation.report.runs.saved import fields_of, with_properties
from negotiation.solve.regimes.enforcement_cost import ReviewBlock
from negotiation.trade.scenario.scenario import Scenario


def call_data(scenario: Scenario, answers: CallAnswers) -> dict[str, Any]:
    """Return what is said of the call; `fragile`, `delivery` and `worth` are None where they do not apply."""
    fragile, delivery, worth = answers.fragile, answers.delivery, answers.worth
    return {
        "thresholds": plain(answers.thresholds),
        "game": _game(answers.game),
        "fragile": None if fragile is None else {"after": fragile[0], "game": _game(fragile[1])},
        "cheap_talk": [with_properties(talk, "revealed") for talk in map(cheap_talk, BIASES)],
        "chances": plain(outcome_probabilities(scenario, answers.game, historical_chances(scenario))),
        "delivery": None if delivery is None else delivery_data(delivery),
        "worth": None if worth is None else _worth(worth),
    }


def _game(call: CallGame) -> dict[str, Any]:
    """Return the call game: values after each message, and each component of equilibria with its vertices.

    senders, receivers: chances as ratios in texts, by type and message, and by message and reply. trust: None where
    keeping to the deal is never best.
    """
    game = call.game
    return {
        **fields_of(call, "assumptions", "empty_threats", "trust_is_needed"),
        **fields_of(game, "types", "messages"),
        "replies": list(game.responses),
        "after": [
            {"message": name, **plain(after), "trust": None if trust < 0 else trust}
            for name, after, trust in zip(game.messages, call.after, call.trust, strict=True)
        ],
        "equilibria": [_equilibria(reading) for reading in call.readings],
    }


def _equilibria(reading: CallEquilibria) -> dict[str, Any]:
    objection = reading.intuitive.objection
    return {
        **fields_of(reading, "sentence", "valid", "strategic", "cooperator", "receiver"),
        "kept": plain(reading.keeping),
        **fields_of(reading.component, "kind", "senders", "receivers"),
        "intuitive": reading.intuitive.verdict,
        "objection": None if objection is None else objection.sentence(),
    }


def _worth(value: CallValue) -> dict[str, Any]:
    """Return the worth of a call by party, in present values."""
    names = [name for name, _ in value.chances]
    return {
        "unit": value.unit,
        "chances": dict(value.chances),
        "breakdown_chance": value.breakdown_chance,
        "breakdown_by_record": dict(breakdown_records(value.scenario)),
        "parties": [
            {
                "party": party,
                "ever": float(value.ever[place]),
                "now": float(value.now[place]),
                "wants": value.wants(place),
                "break_even": None if (even := value.break_even(place)) is None else even[0],
                "pays_below_it": None if even is None else even[1],
                "by_outcome": dict(zip(names, plain(value.by_outcome[:, place]), strict=True)),
            }
            for place, party in enumerate(value.parties)
        ],
    }


def information_data(gains: Sequence[InformationValue], less_often: Sequence[ReviewBlock]) -> dict[str, Any]:
    """Return what information is worth: each source under each regime, and judging several months together."""
    old_terms = [None if one.gain_on_old_terms is None else sum(one.gain_on_old_terms) for one in gains]
    sources = [
        {**with_properties(one, "joint"), "kept_joint": joint} for one, joint in zip(gains, old_terms, strict=True)
    ]
    return {"sources": sources, "less_often": plain(list(less_often))}


def delivery_data(requirements: Requirements, proof: AgreementProof | None = None) -> dict[str, Any]:
    """Return what the call must deliver; proof: what holds in any equilibrium, None where it was not asked."""
    package, enforcement = requirements.together, requirements.enforcement
    rules = [rule.name for rule in enforcement.rules if rule.holds]
    return {
        "scenario": requirements.scenario.name,
        "answer": requirements_sentence(requirements),
        "notices": list(notices(requirements.scenario)),
        "asked": None if enforcement.asked is None else enforcement.asked.name,
        "rules_that_hold": rules,
        "holds_now": requirements.now is not None or bool(rules),
        "holds_now_by_lottery": requirements.now is not None,
        "instruments": [
            {
                **plain(need.instrument),
                "least": need.amount,
                "permanent_reversion": need.closed_form,
                "blocked_by": plain(need.at_cap),
            }
            for need in requirements.alone
        ],
        "pairs": plain(requirements.pairs),
        "regimes": plain(requirements.needs),
        "together": None if package is None else {**plain(package), "threat": package.threat.label},
        "together_share": None if package is None else plain(package_share(requirements.problem, package)),
        "vetoes": [
            {
                **fields_of(veto, "player", "value"),
                "war": veto.punishment,
                **fields_of(veto.package, "binding", "amounts"),
            }
            for veto in requirements.vetoes
        ],
        "blocked_by": plain(requirements.block),
        "certificate": None if proof is None else plain(proof),
    }
