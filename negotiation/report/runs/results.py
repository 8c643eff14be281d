"""The results of a run as plain data, for scripts and for later comparison: everything that was computed, no times.

The same scenario, changes, seed, options and version give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from negotiation._values import plain
from negotiation._version import __version__
from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.bargaining import bargaining_points
from negotiation.calls.outcomes.comparison import ComparedOutcome
from negotiation.calls.outcomes.decomposition import Decomposition
from negotiation.calls.outcomes.dilemma_window import dilemma_conditions
from negotiation.calls.outcomes.false_accusations import likelihood_ratios
from negotiation.calls.outcomes.headline import Headline, HeadlineRow
from negotiation.calls.outcomes.simulated_paths import QUANTILES, Fan
from negotiation.calls.outcomes.stage_game import side_levels
from negotiation.calls.proofs.proven import ProvenOutcome
from negotiation.games.pact import Pact
from negotiation.report.document import Report
from negotiation.report.runs.results_call import call_data
from negotiation.report.runs.results_evidence import evidence_data
from negotiation.report.runs.saved import to_plain
from negotiation.solve.regimes.analysis import Regime
from negotiation.solve.regimes.enforcement_cost import binding_level
from negotiation.solve.solution_record import solution_object
from negotiation.solve.thresholds.threshold import Threshold
from negotiation.trade.economics.economic_blocks import read_blocks
from negotiation.trade.parameters.parameter import Parameter
from negotiation.trade.scenario.scenario import Scenario

FORMAT = 1


def results(analysis: Analysis) -> dict[str, Any]:
    """Return the whole answer as JSON data."""
    scenario, options = analysis.scenario, analysis.options
    shipments = analysis.shipments
    return {
        **_origin(scenario),
        "options": {
            "calls": list(options.calls),
            "seed": options.seed,
            "paths": options.paths,
            "months": options.months,
            "quick": options.quick,
            "certify": options.certify,
        },
        "parameters": {path: _parameter(item) for path, item in scenario.parameters.items()},
        "headline": _headline(analysis.headline),
        "before": _headline(analysis.before),
        "companion": _headline(analysis.companion),
        "game": _game(analysis),
        "outcomes": [
            {**_outcome(row), "paths": [_fan(fan) for fan in fans], "proven": None if one is None else _proven(one)}
            for row, fans, one in zip(
                analysis.comparison.calls, analysis.fans, analysis.proven or (None,) * len(analysis.fans), strict=True
            )
        ],
        "break_evens": plain(analysis.break_evens),
        "break_evens_best_set": plain(analysis.best_set_break_evens),
        "dilemma": dilemma_conditions(analysis.base.pact),
        "dilemma_windows": plain(analysis.windows),
        "call": None if analysis.call is None else call_data(scenario, analysis.call),
        "evidence": None if shipments is None else evidence_data(shipments, scenario),
    }


def experiment_results(scenario: Scenario, report: Report, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the results of an experiment: the head of its report, and the `values` behind it by name."""
    head = to_plain(report.replace(picture=None, sections=()))
    return {**head, **_origin(scenario), "results": plain(values)}


def _origin(scenario: Scenario) -> dict[str, Any]:
    """Return the version of what follows, and the scenario with its changes that it is about."""
    return {
        "format": FORMAT,
        "version": __version__,
        "scenario": {"name": scenario.name, "title": scenario.title, "kind": scenario.kind, "unit": scenario.unit},
        "changes": [
            {
                "path": c.path,
                "op": c.change.op,
                "value": plain(c.change.value),
                "before": plain(c.before),
                "after": plain(c.after),
            }
            for c in scenario.changes
        ],
    }


def _parameter(item: Parameter) -> dict[str, Any]:
    return {
        "value": plain(item.value),
        "low": item.low,
        "high": item.high,
        "unit": item.unit,
        "source": item.source,
        "dated": item.dated,
        "judgement": item.is_judgement,
    }


def _headline(found: Headline | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {**plain(found), "rows": [_headline_row(row) for row in found.rows]}


def _headline_row(row: HeadlineRow) -> dict[str, Any]:
    room = None if row.least_discount is None else row.discount - row.least_discount
    return {**plain(row), "joint": row.joint, "loss": row.loss, "room": room}


def _game(analysis: Analysis) -> dict[str, Any]:
    base = analysis.base
    return {
        **_pact(base.pact),
        "parts": plain(base.parts),
        "parties": list(base.parties),
        "real": plain(base.real),
        "stage": plain(analysis.stage.summary()),
        "levels": plain(side_levels(base.pact, analysis.stage.minmax)),
        "likelihood_ratios": likelihood_ratios(base.pact),
        "bargaining": plain(bargaining_points(analysis.stage)),
        "revenue_weight": float(read_blocks(base.scenario).revenue_weight) if base.has_economics else None,
    }


def _pact(pact: Pact) -> dict[str, Any]:
    return {
        "players": list(pact.stage.players),
        "actions": plain(pact.stage.actions),
        "payoffs": plain(pact.stage.payoffs),
        "unit": pact.stage.unit,
        "discount": pact.discount,
        "deal": list(pact.stage.name(pact.deal)),
        "war": list(pact.stage.name(pact.punishment)),
        "signals": list(pact.monitoring.signals),
        "likelihood": plain(pact.monitoring.likelihood),
        "observed": list(pact.monitoring.observed),
        "pledges": plain(pact.pledges),
    }


def _outcome(row: ComparedOutcome) -> dict[str, Any]:
    outcome, pact = row.outcome, row.outcome.game.pact
    return {
        "name": outcome.call.name,
        "label": outcome.call.label,
        "probability": outcome.call.probability,
        "changes": [c.sentence() for c in outcome.call.changes],
        "selected": outcome.call.regime,
        "holds": outcome.holds,
        "game": _pact(pact),
        "values": list(outcome.values),
        "joint": sum(outcome.values),
        "holds_against_every_share": outcome.holds_against_every_share,
        "written_discount": outcome.written_discount,
        "regimes": [_regime(pact, regime) for regime in outcome.regimes],
        "real": plain(outcome.real),
        "transfers": plain(outcome.transfers),
        "decomposition": _decomposition(row.decomposition),
        "common_values": plain(row.common),
        "truce_worth": plain(row.truce),
        "renegotiation": plain(row.renegotiation),
        "accusations": plain(row.accusations),
        "clause": row.clause,
        "delays": None if row.delays is None else {**plain(row.delays), "regime": _regime(pact, row.delays.regime)},
    }


def _proven(one: ProvenOutcome) -> dict[str, Any]:
    """Return what is proven of an outcome: sets and regime each with the certificate that `verify` checks."""
    return {
        "sets": solution_object(one.solution, one.outcome),
        "best_joint": list(one.best_joint),
        "first_month": one.first_month.name.lower(),
        "regime": {**plain(one.regime), "certificate": one.regime_certificate},
        "bargaining": plain(one.bargaining),
        "attained": plain(one.institution.rows),
        "transfers": plain(one.transfers),
        "renegotiation_proof": plain(one.negotiable),
        "patience": None if one.patience is None else _threshold(one.patience),
    }


def _threshold(found: Threshold) -> dict[str, Any]:
    proofs = [
        {"value": value, "answer": verdict.answer.name.lower(), "certificate": verdict.certificate}
        for value, verdict in found.judged
        if verdict.certificate is not None
    ]
    return {"words": found.words(), "stretches": plain(found.stretches), "checked": found.checked, "proofs": proofs}


def _decomposition(found: Decomposition) -> dict[str, Any]:
    parts = {**plain(found), "total": list(found.total)}
    return {**parts, "joint": {name: sum(values) for name, values in parts.items()}}


def _regime(pact: Pact, regime: Regime) -> dict[str, Any]:
    """Return a regime with its joint value, its terms in words, and the withheld share that its wedge turns on."""
    data: dict[str, Any] = {**plain(regime), "joint": regime.joint, "terms": regime.terms, "binding_share": None}
    if pact.fine is not None and regime.wedge is not None:
        place, _ = binding_level(pact, pact.fine, pact.mask(regime.trigger))
        data["binding_share"] = {"us": float(pact.fine.levels[place]), "others": float(pact.fine.beside[place])}
    return data


def _fan(fan: Fan) -> dict[str, Any]:
    return {
        "name": fan.name,
        "unit": fan.unit,
        "quantiles": list(QUANTILES),
        "bands": plain(fan.bands),
        "mean": plain(fan.mean),
    }
