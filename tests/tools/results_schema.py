"""The JSON Schema of results.json, built from the types whose fields the file holds.

`python -m tests.tools.results_schema` writes docs/results.schema.json. Keys that come from a value's fields follow
its type hints, so a new field is in the schema once this is run again; keys that the code writes by hand are named
here. No object but a certificate, and the values of a user's own experiment, may hold a key that is not named.
"""

import dataclasses
import enum
import fractions
import json
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from negotiation._values import FrozenMap, plain_name
from negotiation.calls.agreement.instruments import Instrument
from negotiation.calls.agreement.packages import Package
from negotiation.calls.agreement.requirements import InstrumentFrontier, RegimeRequirement
from negotiation.calls.closed_forms import PledgeThresholds
from negotiation.calls.enforcement import Enforcement
from negotiation.calls.outcomes.break_even import BreakEven
from negotiation.calls.outcomes.comparison import RenegotiationEffect
from negotiation.calls.outcomes.decomposition import Decomposition, DelayDamage
from negotiation.calls.outcomes.dilemma import DilemmaWindow
from negotiation.calls.outcomes.false_accusations import FalseAccusations
from negotiation.calls.outcomes.stage_game import BargainingPoint, SideLevels
from negotiation.calls.outcomes.structural_variants import VariantVerdict
from negotiation.calls.outcomes.uncertain_world import UncertainWorld
from negotiation.calls.proofs.benchmarks import RegimeValue
from negotiation.calls.proofs.proven import ProvenOutcome
from negotiation.calls.signalling.call_game import CallAssumptions
from negotiation.calls.signalling.cheap_talk import PartitionEquilibrium
from negotiation.calls.signalling.continuation_values import ContinuationValues
from negotiation.calls.signalling.outcome_probabilities import OutcomeProbabilities
from negotiation.calls.value.information_value import InformationValue
from negotiation.evidence.answers.base_rates import Rate
from negotiation.evidence.answers.deliberate_share import LicensingFact
from negotiation.evidence.answers.game_fit import GameFit
from negotiation.evidence.answers.posterior_to_game import HeadlineShares
from negotiation.evidence.answers.public_figure import MonitoringOption, PublicFigure
from negotiation.evidence.answers.trend_effect import TrendEffect
from negotiation.evidence.forecasts.backtest import Backtest, ScoredMonth
from negotiation.evidence.forecasts.event_study import EventStudy
from negotiation.evidence.forecasts.next_figures import NextFigures
from negotiation.evidence.model.causes import CAUSES
from negotiation.games.pact import Pledges
from negotiation.report.sections.robustness import Search
from negotiation.solve.regimes.analysis import Regime
from negotiation.solve.regimes.enforcement_cost import ReviewBlock
from negotiation.solve.regimes.withheld_shares import ShareDeviation
from negotiation.solve.thresholds.threshold import Threshold
from negotiation.studies.phase import PhaseDiagram
from negotiation.studies.sensitivity import SobolIndices, Tornado
from negotiation.trade.game.build import PayoffPart

FILE = Path(__file__).parents[2] / "docs" / "results.schema.json"
NOT_FINITE = "^(nan|-?inf)$"
TEXT, FLAG, WHOLE, ANY = {"type": "string"}, {"type": "boolean"}, {"type": "integer"}, {}
NUMBER = {"$ref": "#/$defs/number"}
NUMBERS = {"$ref": "#/$defs/numbers"}
CERTIFICATE = {"$ref": "#/$defs/certificate"}
BUILT_IN = {float: NUMBER, int: WHOLE, bool: FLAG, str: TEXT, type(None): {"type": "null"}, fractions.Fraction: TEXT}


def array(items):
    return {"type": "array", "items": items}


def table(values):
    """An object with any names, each with such a value."""
    return {"type": "object", "additionalProperties": values}


def either(*options):
    return {"anyOf": list(options)}


def maybe(schema):
    return either(schema, {"type": "null"})


def record(**keys):
    """An object with exactly these keys."""
    return {"type": "object", "properties": keys, "required": sorted(keys), "additionalProperties": False}


def of(kind, **more):
    """The schema of what `plain` makes of a value of a type, with `more` keys beside the fields of a dataclass."""
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return record(**{plain_name(field): of(hints[field.name]) for field in dataclasses.fields(kind)} | more)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind in BUILT_IN:
        return BUILT_IN[kind]
    if origin is typing.Literal:
        return {"enum": list(inner)}
    if origin in (typing.Union, types.UnionType):
        options = [of(option) for option in inner]
        return either(*[option for at, option in enumerate(options) if option not in options[:at]])
    if origin is tuple and inner[-1] is not Ellipsis:
        size = len(inner)
        return {"type": "array", "prefixItems": [of(item) for item in inner], "minItems": size, "maxItems": size}
    if origin in (tuple, list, Sequence):
        return array(of(inner[0]))
    if origin in (dict, Mapping, FrozenMap):
        return table(of(inner[-1]))
    if origin is np.ndarray:
        return NUMBERS
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return {"enum": [member.name for member in kind]}
    raise TypeError(f"no schema for {kind}")


def pact():
    discount = {"discount": NUMBER}
    return record(
        players=array(TEXT), actions=array(array(TEXT)), payoffs=NUMBERS, unit=TEXT, deal=array(TEXT), war=array(TEXT),
        signals=array(TEXT), likelihood=NUMBERS, observed=array(WHOLE), pledges=of(Pledges), **discount,
    )  # fmt: skip


def regime():
    share = record(us=NUMBER, others=NUMBER)
    return of(Regime, joint=NUMBER, terms=TEXT, binding_share=maybe(share))


def game():
    mixes = array(record(mixes=array(array(either(NUMBER, TEXT))), payoffs=array(NUMBER)))
    stage = record(
        equilibria=mixes, complete=FLAG, components=WHOLE, minmax_pure=array(NUMBER), minmax_mixed=array(NUMBER),
        dominated=array(TEXT), frontier=NUMBERS, feasible=NUMBERS,
    )  # fmt: skip
    own = record(
        parts=array(of(PayoffPart)), parties=array(TEXT), real=NUMBERS, stage=stage, levels=array(of(SideLevels)),
        likelihood_ratios=table(array(maybe(NUMBER))), bargaining=array(of(BargainingPoint)),
        revenue_weight=maybe(NUMBER),
    )  # fmt: skip
    return merged_record(pact(), own)


def merged_record(*records):
    return record(**{key: value for one in records for key, value in one["properties"].items()})


def decomposition():
    parts = of(Decomposition, total=array(NUMBER))
    return merged_record(parts, record(joint=record(**dict.fromkeys(parts["properties"], NUMBER))))


def outcome():
    delays = merged_record(
        of(dataclasses.make_dataclass("Delays", fields_but(DelayDamage, "regime"))), record(regime=REGIME)
    )
    fan = record(name=TEXT, unit=TEXT, quantiles=array(NUMBER), bands=NUMBERS, mean=NUMBERS)
    return record(
        name=TEXT, label=TEXT, probability=NUMBER, changes=array(TEXT), selected=TEXT, holds=FLAG,
        holds_against_every_share=maybe(FLAG), written_discount=maybe(NUMBER), game={"$ref": "#/$defs/pact"},
        values=array(NUMBER), joint=NUMBER, regimes=array(REGIME), real=NUMBERS, economic=NUMBERS, transfers=NUMBERS,
        decomposition=decomposition(), common_values=array(NUMBER), truce_worth=array(NUMBER),
        renegotiation=array(of(RenegotiationEffect)), accusations=array(of(FalseAccusations)), clause=TEXT,
        delays=maybe(delays), paths=array(fan), proven=maybe({"$ref": "#/$defs/proven"}),
    )  # fmt: skip


REGIME = {"$ref": "#/$defs/regime"}


def fields_but(kind, *names):
    hints = typing.get_type_hints(kind)
    return [(field.name, hints[field.name]) for field in dataclasses.fields(kind) if field.name not in names]


def proven():
    hints = typing.get_type_hints(ProvenOutcome)
    threshold = record(
        words=TEXT, stretches=of(typing.get_type_hints(Threshold)["stretches"]), checked=FLAG,
        proofs=array(record(value=NUMBER, answer=TEXT, certificate=CERTIFICATE)),
    )  # fmt: skip
    return record(
        sets={"$ref": "#/$defs/solution"}, best_joint=array(NUMBER), first_month=TEXT,
        regime=merged_record(of(hints["regime"]), record(certificate=maybe(CERTIFICATE))),
        every_share=maybe(merged_record(of(hints["regime"]), record(certificate=maybe(CERTIFICATE)))),
        bargaining=of(hints["bargaining"]),
        attained=array(of(RegimeValue)), transfers=of(hints["transfers"]), renegotiation_proof=of(hints["negotiable"]),
        patience=maybe(threshold),
    )  # fmt: skip


def call_game():
    span = array(NUMBER)
    equilibrium = record(
        kind=TEXT, sentence=TEXT, intuitive=TEXT, objection=maybe(TEXT), valid=FLAG, strategic=span, cooperator=span,
        receiver=span, kept=span, senders=array(array(array(TEXT))), receivers=array(array(array(TEXT))),
    )  # fmt: skip
    return record(
        assumptions=of(CallAssumptions), types=array(TEXT), messages=array(TEXT), replies=array(TEXT),
        empty_threats=array(TEXT), trust_is_needed=FLAG, equilibria=array(equilibrium),
        after=array(of(ContinuationValues, message=TEXT, trust=maybe(NUMBER))),
    )  # fmt: skip


def delivery():
    blocked = array({"type": "array", "prefixItems": [TEXT, TEXT, NUMBER], "minItems": 3, "maxItems": 3})
    amounts = table(NUMBER)
    package = merged_record(of(Package), record(threat=TEXT))
    return record(
        scenario=TEXT, answer=TEXT, notices=array(TEXT), asked=maybe(TEXT), rules_that_hold=array(TEXT), holds_now=FLAG,
        holds_now_by_lottery=FLAG, pairs=array(of(InstrumentFrontier)), together=maybe(package),
        regimes=array(of(RegimeRequirement)),
        instruments=array(of(Instrument, least=maybe(NUMBER), permanent_reversion=maybe(NUMBER), blocked_by=blocked)),
        together_share=maybe(of(ShareDeviation)), blocked_by=blocked, certificate=ANY,
        vetoes=array(record(player=TEXT, value=NUMBER, war=NUMBER, binding=array(TEXT), amounts=amounts)),
    )  # fmt: skip


def call():
    game, party = {"$ref": "#/$defs/call_game"}, record(
        party=TEXT, ever=NUMBER, now=NUMBER, wants=TEXT, by_outcome=table(NUMBER), break_even=maybe(NUMBER),
        pays_below_it=maybe(FLAG)
    )  # fmt: skip
    return record(
        thresholds=of(PledgeThresholds), game=game, fragile=maybe(record(after=TEXT, game=game)),
        cheap_talk=array(of(PartitionEquilibrium, revealed=NUMBER)), chances=array(of(OutcomeProbabilities)),
        delivery=maybe({"$ref": "#/$defs/delivery"}),
        worth=maybe(
            record(unit=TEXT, chances=table(NUMBER), breakdown_chance=NUMBER, breakdown_by_record=table(NUMBER),
                   parties=array(party))
        ),
    )  # fmt: skip


def assessment(**more):
    cause = record(mean=NUMBERS, low=NUMBERS, high=NUMBERS)
    prior = record(
        causes=record(**dict.fromkeys(CAUSES, cause)), effective_draws=NUMBER, log_evidence=NUMBER,
        deliberate_if_common=record(before=NUMBER, after=NUMBER, facts=array(of(LicensingFact, ratio=NUMBER))),
    )  # fmt: skip
    learned = record(parameter=TEXT, prior=NUMBERS, posterior=NUMBERS, overlap=NUMBER, informed_by_data=FLAG)
    return record(
        as_of=TEXT, last_month=TEXT, single_us_months=WHOLE, mostly_prior=FLAG, notices=array(TEXT), months=array(TEXT),
        shipments=record(us=NUMBERS, others=NUMBERS), sentences=array(TEXT), priors=table(prior),
        trend=of(TrendEffect, moves=NUMBERS), next_figures=array(of(NextFigures)), informed=array(learned),
        headline=maybe(of(HeadlineShares)), **more,
    )  # fmt: skip


def evidence():
    spread = record(now=NUMBER, low=NUMBER, middle=NUMBER, high=NUMBER)
    return assessment(estimates=table(spread), fit=maybe(of(GameFit)))


def study():
    conclusion = {"type": "array", "prefixItems": [TEXT, TEXT, NUMBER], "minItems": 3, "maxItems": 3}
    sobol = record(outcome=TEXT, measure=TEXT, indices=either(of(SobolIndices), TEXT))
    return record(
        conclusions=array(conclusion), points=WHOLE, computed=WHOLE,
        varied=table(record(now=NUMBER, low=NUMBER, high=NUMBER)), tornado=maybe(of(Tornado)), sobol=array(sobol),
        failure_boxes=record(points=WHOLE, outcomes=table(of(Search))),
        against_every_share=table(FLAG), phase=maybe({"$ref": "#/$defs/phase"}),
    )  # fmt: skip


def experiment_values():
    """Values that the shipped experiments share with other results; each experiment may have more of its own."""
    scored = merged_record(of(ScoredMonth), record(month=TEXT))
    means = table(record(log_score=NUMBER, crps=NUMBER))
    horizon = merged_record(of(Backtest, months=array(scored), means=means, calibration=array(NUMBER)))
    option = of(MonitoringOption, loss=NUMBER, least_discount=maybe(NUMBER))
    contact = record(date=TEXT, text=TEXT, outcome=TEXT, because=array(TEXT), breakdown_without=NUMBER)
    known = {
        "run": {"$ref": "#/$defs/run"},
        "call": {"$ref": "#/$defs/call"},
        "delivery": {"$ref": "#/$defs/delivery"},
        "evidence": {"$ref": "#/$defs/evidence"},
        "then": assessment(),
        "study": {"$ref": "#/$defs/study"},
        "phases": array({"$ref": "#/$defs/phase"}),
        "information": record(
            sources=array(of(InformationValue, joint=NUMBER, kept_joint=maybe(NUMBER))),
            less_often=array(of(ReviewBlock)),
        ),
        "public_figure": merged_record(of(PublicFigure, enough=NUMBER), record(options=array(option))),
        "base_rates": record(as_of=TEXT, rates=array(of(Rate)), contacts=array(contact), breakdown_given_call=NUMBER),
        "backtest": record(horizons=array(horizon), levels=array(NUMBER), contacts=of(EventStudy)),
        "minerals": table(table(either(NUMBER, array(TEXT)))),
    }
    return {"type": "object", "properties": known}


ORIGIN = {
    "format": {"const": 1},
    "version": TEXT,
    "scenario": record(name=TEXT, title=TEXT, kind={"enum": ["economy", "payoffs"]}, unit=TEXT),
    "changes": array(record(path=TEXT, op=TEXT, value=NUMBERS, before=maybe(NUMBERS), after=NUMBERS)),
}


def run():
    parameter = record(
        value=NUMBERS,
        low=maybe(NUMBER),
        high=maybe(NUMBER),
        unit=TEXT,
        source=TEXT,
        dated=TEXT,
        judgement=FLAG,
        tied=maybe(TEXT),
    )
    options = record(calls=array(TEXT), seed=WHOLE, paths=WHOLE, months=WHOLE, quick=FLAG, certify=FLAG)
    row = record(
        **dict.fromkeys(("outcome", "label", "regime", "terms"), TEXT), holds=FLAG, enforcement=of(Enforcement),
        **dict.fromkeys(("discount", "punished_share", "deal_joint", "joint", "loss"), NUMBER), values=array(NUMBER),
        **dict.fromkeys(("least_discount", "written_discount", "room"), maybe(NUMBER)),
        holds_against_every_share=maybe(FLAG), share=maybe(of(ShareDeviation)),
    )  # fmt: skip
    headline = record(scenario=TEXT, title=TEXT, as_of=TEXT, unit=TEXT, rows=array(row))
    return record(
        **ORIGIN, options=options, parameters=table(parameter), headline=headline, before=maybe(headline),
        companion=maybe(headline), uncertain_world=maybe(of(UncertainWorld)),
        structural_variants=array(record(title=TEXT, changes=array(TEXT), verdicts=array(of(VariantVerdict)))),
        game={"$ref": "#/$defs/game"}, outcomes=array({"$ref": "#/$defs/outcome"}),
        break_evens=array(of(BreakEven)), dilemma=table(NUMBER),
        dilemma_windows=array(of(DilemmaWindow)), call=maybe({"$ref": "#/$defs/call"}),
        evidence=maybe({"$ref": "#/$defs/evidence"}),
    )  # fmt: skip


def solution():
    """A solved game; with several states, lists with one entry a state (docs/game-files.md)."""
    keys = (
        "game", "understood", "status", "words", "stage_nash", "minmax", "inner", "outer", "gap", "bounds", "method",
        "notes", "iterations", "options",
    )  # fmt: skip
    return record(**dict.fromkeys(keys, ANY), certificate=maybe(CERTIFICATE))


def with_states(schema):
    return {**schema, "properties": {**schema["properties"], "states": array(TEXT)}}


def schema():
    """The whole schema: a study's results hold "study", an experiment's "report", else it is a main run."""
    head = {"type": "object", "required": ["type", "title", "answer"]}
    definitions = {
        "number": {"type": ["number", "string"], "pattern": NOT_FINITE},
        "numbers": {"type": ["number", "string", "array"], "pattern": NOT_FINITE, "items": NUMBERS},
        "certificate": {"type": "object", "description": "a proof that `negotiation verify` checks"},
        "run": run(),
        "experiment": record(**ORIGIN, report=head, results={"$ref": "#/$defs/experiment_values"}),
        "study_page": merged_record(study(), record(study=TEXT)),
        "experiment_values": experiment_values(),
        "game": game(),
        "pact": pact(),
        "regime": regime(),
        "outcome": outcome(),
        "proven": proven(),
        "solution": with_states(solution()),
        "call": call(),
        "call_game": call_game(),
        "delivery": delivery(),
        "assessment": assessment(),
        "evidence": evidence(),
        "study": study(),
        "phase": of(PhaseDiagram, shares=table(NUMBER), none=NUMBER, refused=NUMBER),
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "results.json of a run, an experiment or a study",
        "if": {"required": ["conclusions"]},
        "then": {"$ref": "#/$defs/study_page"},
        "else": {
            "if": {"required": ["report"]},
            "then": {"$ref": "#/$defs/experiment"},
            "else": {"$ref": "#/$defs/run"},
        },
        "$defs": definitions,
    }


def text():
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
