"""The results of a run as plain data, for scripts and for later comparison: everything that was computed, no times.

The same scenario, changes, seed, options and version give the same bytes.
"""

from __future__ import annotations

from typing import Any

from negotiation import __version__
from negotiation._values import plain
from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.comparison import ComparedOutcome
from negotiation.calls.outcomes.simulated_paths import QUANTILES, Fan
from negotiation.calls.proofs.proven import ProvenOutcome
from negotiation.games.pact import Pact
from negotiation.solve.regimes.analysis import Regime
from negotiation.solve.solution_record import solution_object
from negotiation.solve.thresholds.threshold import Threshold

FORMAT = 1


def results(analysis: Analysis) -> dict[str, Any]:
    """Return the whole answer as JSON data."""
    scenario, options = analysis.scenario, analysis.options
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
        "options": {
            "calls": list(options.calls),
            "seed": options.seed,
            "paths": options.paths,
            "months": options.months,
        },
        "headline": plain(analysis.headline),
        "before": plain(analysis.before),
        "companion": plain(analysis.companion),
        "game": _game(analysis),
        "outcomes": [
            {**_outcome(row), "paths": [_fan(fan) for fan in fans], "proven": None if one is None else _proven(one)}
            for row, fans, one in zip(
                analysis.comparison.rows, analysis.fans, analysis.proven or (None,) * len(analysis.fans), strict=True
            )
        ],
        "break_evens": plain(analysis.break_evens),
        "break_evens_best_set": plain(analysis.best_set_break_evens),
        "dilemma_windows": plain(analysis.windows),
    }


def _game(analysis: Analysis) -> dict[str, Any]:
    base = analysis.base
    return {
        **_pact(base.pact),
        "parts": plain(base.parts),
        "parties": list(base.parties),
        "real": plain(base.real),
        "stage": plain(analysis.stage.summary()),
    }


def _pact(pact: Pact) -> dict[str, Any]:
    return {
        "players": list(pact.stage.players),
        "actions": plain(pact.stage.actions),
        "payoffs": plain(pact.stage.payoffs),
        "unit": pact.stage.unit,
        "discount": pact.discount,
        "deal": list(pact.stage.name(pact.deal)),
        "war": list(pact.stage.name(pact.war)),
        "signals": list(pact.monitoring.signals),
        "likelihood": plain(pact.monitoring.likelihood),
        "observed": list(pact.monitoring.observed),
        "pledges": plain(pact.pledges),
    }


def _outcome(row: ComparedOutcome) -> dict[str, Any]:
    outcome = row.outcome
    return {
        "name": outcome.call.name,
        "label": outcome.call.label,
        "probability": outcome.call.probability,
        "changes": [c.sentence() for c in outcome.call.changes],
        "selected": outcome.call.regime,
        "holds": outcome.holds,
        "game": _pact(outcome.game.pact),
        "regimes": [_regime(regime) for regime in outcome.regimes],
        "real": plain(outcome.real),
        "transfers": plain(outcome.transfers),
        "decomposition": plain(row.decomposition),
        "common_values": plain(row.common),
        "renegotiation": plain(row.renegotiation),
        "accusations": plain(row.accusations),
        "clause": row.clause,
        "delays": None if row.delays is None else {**plain(row.delays), "regime": _regime(row.delays.regime)},
    }


def _proven(one: ProvenOutcome) -> dict[str, Any]:
    """Return what is proven of an outcome: sets and regime each with the certificate that `verify` checks."""
    return {
        "sets": solution_object(one.solution, one.outcome),
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


def _regime(regime: Regime) -> dict[str, Any]:
    data: dict[str, Any] = plain(regime)
    return data


def _fan(fan: Fan) -> dict[str, Any]:
    # four decimals are far below the sampling error of the quantiles, and keep the file small
    return {
        "name": fan.name,
        "unit": fan.unit,
        "quantiles": list(QUANTILES),
        "bands": plain(fan.bands.round(4)),
        "mean": plain(fan.mean.round(4)),
    }
