"""The results of a run as plain data, for scripts and for later comparison: everything that was computed, no times.

The same scenario, changes, seed, options and version give the same bytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from negotiation._values import plain
from negotiation._version import __version__
from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.comparison import ComparedOutcome
from negotiation.calls.outcomes.dilemma import dilemma_conditions
from negotiation.calls.outcomes.false_accusations import likelihood_ratios
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.simulated_paths import FAN_QUANTILES
from negotiation.calls.outcomes.stage_game import bargaining_points, side_levels
from negotiation.calls.proofs.proven import ProvenOutcome
from negotiation.games.pact import Pact
from negotiation.report.document import Report
from negotiation.report.runs.results_call import call_data
from negotiation.report.runs.results_evidence import evidence_data
from negotiation.report.runs.saved import fields_of, to_plain, with_properties
from negotiation.solve.regimes.analysis import Regime
from negotiation.solve.regimes.enforcement_cost import binding_level
from negotiation.solve.solution_record import solution_object
from negotiation.solve.thresholds.threshold import Threshold
from negotiation.trade.game.build import read_blocks
from negotiation.trade.parameters.derived import tied_text
from negotiation.trade.scenario.scenario import Scenario

RESULTS_FORMAT = 1  # of results.json, raised where a key goes or changes its meaning


def results(analysis: Analysis) -> dict[str, Any]:
    """Return the whole answer as JSON data."""
    scenario, call, shipments = analysis.scenario, analysis.call, analysis.shipments
    proven = analysis.proven or (None,) * len(analysis.fans)
    rows = zip(analysis.comparison.calls, analysis.fans, proven, strict=True)
    return {
        **_origin(scenario),
        "options": fields_of(analysis.options, "calls", "seed", "paths", "months", "quick", "certify"),
        "parameters": {
            path: {
                **fields_of(parameter, "value", "low", "high", "unit", "source", "dated"),
                "judgement": parameter.is_judgement,
                "tied": tied_text(path) if path in scenario.tied_paths else None,
            }
            for path, parameter in scenario.listed.items()
        },
        "headline": _headline(analysis.comparison.outcomes),
        "before": _headline(analysis.before),
        "companion": _headline(analysis.companion),
        "uncertain_world": plain(analysis.world),
        "structural_variants": [
            {
                "title": variant.title,
                "changes": [change.text() for change in variant.changes],
                "verdicts": plain(variant.verdicts),
            }
            for variant in analysis.variants
        ],
        "game": _game(analysis),
        "outcomes": [
            {
                **_outcome(row),
                "paths": [{**plain(fan), "quantiles": list(FAN_QUANTILES)} for fan in fans],
                "proven": None if one is None else _proven(one),
            }
            for row, fans, one in rows
        ],
        "break_evens": plain(analysis.break_evens),
        "dilemma": dilemma_conditions(analysis.base.pact),
        "dilemma_windows": plain(analysis.windows),
        "call": None if call is None else call_data(scenario, call),
        "evidence": None if shipments is None else evidence_data(shipments, scenario),
    }


def experiment_results(scenario: Scenario, report: Report, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the results of an experiment: the head of its report, and the `values` behind it by name."""
    head = to_plain(report.replace(picture=None, sections=()))
    return {**head, **_origin(scenario), "results": plain(values)}


def _origin(scenario: Scenario) -> dict[str, Any]:
    """Return the version of what follows, and the scenario with its changes that it is about."""
    return {
        "format": RESULTS_FORMAT,
        "version": __version__,
        "scenario": fields_of(scenario, "name", "title", "kind", "unit"),
        "changes": [
            {"path": applied.path, **fields_of(applied.change, "op", "value"), **fields_of(applied, "before", "after")}
            for applied in scenario.changes
        ],
    }


def _headline(outcomes: Sequence[Outcome]) -> dict[str, Any] | None:
    if not outcomes:
        return None
    scenario = outcomes[0].game.scenario
    rows = []
    for outcome in outcomes:
        pact, least = outcome.game.pact, outcome.least_discount
        row = {
            "outcome": outcome.call.name,
            "label": outcome.call.label,
            "regime": outcome.selected.label,
            **fields_of(outcome, "terms", "holds", "enforcement", "discount", "least_discount", "written_discount"),
            **fields_of(outcome, "values", "joint", "loss", "punished_share", "holds_against_every_share"),
            "deal_joint": sum(pact.stage.payoff(pact.deal)),
            "share": plain(outcome.selected.share),
            "room": None if least is None else outcome.discount - least,
        }
        rows.append(row)
    return {"scenario": scenario.name, **fields_of(scenario, "title", "as_of", "unit"), "rows": rows}


def _game(analysis: Analysis) -> dict[str, Any]:
    base, stage = analysis.base, analysis.stage
    return {
        **_pact(base.pact),
        **fields_of(base, "parts", "parties", "real"),
        "stage": plain(stage.summary()),
        "levels": plain(side_levels(base.pact, stage.minmax)),
        "likelihood_ratios": likelihood_ratios(base.pact),
        "bargaining": plain(bargaining_points(stage)),
        "revenue_weight": float(read_blocks(base.scenario).revenue_weight) if base.has_economics else None,
    }


def _pact(pact: Pact) -> dict[str, Any]:
    return {
        **fields_of(pact.stage, "players", "actions", "payoffs", "unit"),
        **fields_of(pact, "discount", "pledges"),
        "deal": list(pact.stage.name(pact.deal)),
        "war": list(pact.stage.name(pact.punishment)),
        **fields_of(pact.monitoring, "signals", "likelihood", "observed"),
    }


def _outcome(row: ComparedOutcome) -> dict[str, Any]:
    outcome, pact, delays = row.outcome, row.outcome.game.pact, row.delays
    gains = with_properties(row.decomposition, "total")
    return {
        **fields_of(outcome.call, "name", "label", "probability"),
        "changes": [change.sentence() for change in outcome.call.changes],
        "selected": outcome.call.regime,
        **fields_of(
            outcome, "holds", "values", "holds_against_every_share", "written_discount", "real", "economic", "transfers"
        ),
        "game": _pact(pact),
        "joint": sum(outcome.values),
        "regimes": [_regime(pact, regime) for regime in outcome.regimes],
        "decomposition": {**gains, "joint": {name: sum(values) for name, values in gains.items()}},
        "common_values": plain(row.common),
        "truce_worth": plain(row.truce),
        **fields_of(row, "renegotiation", "accusations", "clause"),
        "delays": None if delays is None else {**plain(delays), "regime": _regime(pact, delays.regime)},
    }


def _proven(proven: ProvenOutcome) -> dict[str, Any]:
    """Return what is proven of an outcome: sets, regime and shares, each with the certificate that `verify` checks."""
    return {
        "sets": solution_object(proven.solution, proven.outcome),
        "first_month": proven.first_month.name.lower(),
        "regime": {**plain(proven.regime), "certificate": proven.regime_certificate},
        "every_share": proven.shares and {**plain(proven.shares), "certificate": proven.shares_certificate},
        "attained": plain(proven.institution),
        "renegotiation_proof": plain(proven.negotiable),
        "patience": None if proven.patience is None else _threshold(proven.patience),
        **fields_of(proven, "best_joint", "bargaining", "transfers"),
    }


def _threshold(threshold: Threshold) -> dict[str, Any]:
    proofs = [
        {"value": value, "answer": verdict.answer.name.lower(), "certificate": verdict.certificate}
        for value, verdict in threshold.judged
        if verdict.certificate is not None
    ]
    return {"words": threshold.words(), **fields_of(threshold, "stretches", "checked"), "proofs": proofs}


def _regime(pact: Pact, regime: Regime) -> dict[str, Any]:
    """Return a regime with its joint value, its terms in words, and the withheld share that its wedge turns on."""
    share = None
    if pact.fine is not None and regime.wedge is not None:
        _, here, there = binding_level(pact, pact.mask(regime.trigger))
        share = {"us": here, "others": there}
    return {**with_properties(regime, "joint", "terms"), "binding_share": share}
