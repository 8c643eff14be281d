"""Evidence as of a date, studies, reports and their proofs: what is read from, or written to, files."""

from concurrent.futures import Executor
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any

from negotiation._results import Result
from negotiation.analysis.scenario_analysis import Analysis
from negotiation.api.arguments import ScenarioLike, flag_of, names_of, path_of, refusal, whole_of
from negotiation.api.scenarios import analyse
from negotiation.api.verification import Verification, require_certificates, verification
from negotiation.errors import InputError
from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.answers.assessment import assess as assess_day
from negotiation.evidence.data.shipments import Shipments, load_shipments
from negotiation.evidence.model.posterior import Step
from negotiation.evidence.model.priors import PRIORS, priors
from negotiation.report.pages.main import run_main
from negotiation.report.pages.study import base_case_conclusions
from negotiation.studies.engine import EMBEDDED
from negotiation.studies.file import load_study
from negotiation.studies.results import Conclusion, StudyResults, results_of
from negotiation.studies.run import run_study as run
from negotiation.studies.study import Study
from negotiation.trade.parameters.parameter import last_day


class StudyAnswer(Result):
    """A finished study: its `folder`, the `results` at every point, and how firm the base case's conclusions are."""

    study: Study
    folder: str
    results: StudyResults
    conclusions: tuple[Conclusion, ...]


def assess(as_of: str | date | None = None, shipments: Any = None, trend: bool = False) -> Assessment:
    """Return what the shipments say as of a day: were minerals withheld on purpose, or were licences slow?

    as_of: "2025-06-01" (or a month, or a year), by default the newest figure's. shipments: a CSV file whose rows add to
    the shipped ones, or replace the same months. trend: whether US demand has a trend in the model.

    The answer stands under three priors; see docs/evidence.md.
    """
    return assessment(as_of, shipments, trend=flag_of("trend", trend))


def assessment(
    as_of: Any = None, shipments: Any = None, names: Any = None, step: Step | None = None, trend: bool = False
) -> Assessment:
    """Return the assessment under the priors named (all by default); `step` is told of the progress."""
    rows = load_shipments()
    if isinstance(shipments, Shipments):
        rows = rows.with_rows(shipments)
    elif shipments is not None:
        rows = rows.with_rows(load_shipments(Path(path_of("shipments", shipments, "a table of shipments"))))
    chosen = tuple(dict.fromkeys(names_of("prior", names) or PRIORS))
    for name in chosen:
        priors(name)
    if isinstance(as_of, date):
        as_of = as_of.isoformat()[:10]
    if as_of is not None and not isinstance(as_of, str):
        raise refusal("as_of", as_of, "a date such as '2025-06-01'")
    try:
        day = last_day(as_of or rows.newest)
    except ValueError as error:
        raise InputError.single("--as-of", "", str(error)) from None
    return assess_day(day, chosen, rows, step=step, trend=trend)


def run_study(
    study: Any,
    folder: str | PathLike[str] | None = None,
    engine: str | Executor = EMBEDDED,
    jobs: int = 0,
    vary: Any = None,
) -> StudyAnswer:
    """Run a study to its end (again after an interruption, only what is missing) and return what it found.

    study: a study file or, with `vary`, the name of a shipped scenario. folder: where it is kept, by default one
    of its own below `results`. engine: "embedded", "serial", "dask:ADDRESS", or an executor. vary: axes,
    "path=low:high:points".
    """
    wanted = (
        study
        if isinstance(study, Study)
        else load_study(str(path_of("study", study, "a study")), names_of("vary", vary))
    )
    if not isinstance(engine, str | Executor):
        raise refusal("engine", engine, "the name of an engine")
    place = None if folder is None else Path(path_of("folder", folder))
    done = run(wanted, place, engine, whole_of("jobs", jobs))
    results = results_of(done.store, wanted)
    return StudyAnswer(wanted, str(done.store.path), results, base_case_conclusions(wanted, results))


def verify(path: str | PathLike[str]) -> Verification:
    """Check every certificate of a result in exact arithmetic, by code that shares nothing with the solvers.

    path: a result folder, a results.json, or the output of `negotiation solve --json`. Raises `InputError` when it
    cannot be read or holds no certificate.
    """
    checked = verification(Path(path_of("path", path, "a result")))
    require_certificates(checked)
    return checked


def write_report(analysis: Analysis | ScenarioLike, folder: str | PathLike[str]) -> Path:
    """Write the report of an analysis (or of a scenario, analysed first) into `folder`; return its index.html."""
    place = Path(path_of("folder", folder))
    analysed = analysis if isinstance(analysis, Analysis) else analyse(analysis)
    return run_main(analysed.scenario, analysed.options, place, analysis=analysed).page
