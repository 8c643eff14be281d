"""A job from question to folder: claim the result folder, compute, write. The main job, and any experiment.

The folder is claimed before anything is computed, so that a folder that cannot be used is said at once.
"""

from __future__ import annotations

import datetime
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from negotiation._version import __version__
from negotiation.analysis.scenario_analysis import Analysis, AnalysisOptions, Progress, analyse
from negotiation.errors import MachineError
from negotiation.report.document import Report, Section
from negotiation.report.pages.main import early_sections, main_report
from negotiation.report.runs.folder import ResultFolder, run_digest
from negotiation.report.runs.results import results
from negotiation.report.runs.write import load_run, write_report
from negotiation.trade.files.write import scenario_toml
from negotiation.trade.scenario.scenario import Scenario

MAIN_JOB = "call_outcomes"


@dataclass(frozen=True)
class Published:
    """A finished job: the path of its page, the short digest, how long it took."""

    page: Path
    digest: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Done(Published):
    """A finished main job with its analysis, and how the user named the scenario."""

    analysis: Analysis
    origin: str


# (short digest) -> the report and its results as plain data
Build = Callable[[str], tuple[Report, Mapping[str, Any]]]


def publish(
    job: str,
    scenario: Scenario,
    settings: Mapping[str, Any],
    build: Build,
    *,
    seed: int = 0,
    out: Path | None = None,
    command: str = "",
) -> Published:
    """Run a job and write its folder; `settings` are all choices that decide its numbers.

    Raises `OutputError` when the folder is a file, not writable, or belongs to another run. When the machine fails,
    `run.json` says so.
    """
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    changes = [change.sentence() for change in scenario.changes]
    digest = run_digest(
        scenario=[job, scenario.digest()], changes=changes, seed=seed, options=settings, version=__version__
    )
    folder = ResultFolder.open(job, scenario.name, digest, out=out)
    run = {"job": job, "command": command, "seed": seed, "started": started.isoformat(timespec="seconds")}
    try:
        report, data = build(digest[:8])
    except MachineError as error:
        folder.write_run("failed", {**load_run(folder.path), **run, "error": str(error)})
        raise
    run["seconds"] = round(time.perf_counter() - clock, 3)
    page = write_report(report, folder, data, scenario_toml(scenario), run)
    return Published(page, digest[:8], time.perf_counter() - clock)


def run_main(
    scenario: Scenario,
    options: AnalysisOptions | None = None,
    out: Path | None = None,
    origin: str = "",
    progress: Progress | None = None,
    analysis: Analysis | None = None,
) -> Done:
    """Analyse every call outcome of a scenario and write the report.

    origin: how the user named the scenario. analysis: that with these options, where it has been made before.
    """
    options = options or AnalysisOptions()
    origin = origin or scenario.name
    command = main_command(scenario, options, origin)
    analyses: list[Analysis] = []

    def build(digest: str) -> tuple[Report, Mapping[str, Any]]:
        drawn: list[tuple[Section, ...]] = []
        whole = analysis or analyse(scenario, options, progress, lambda partial: drawn.append(early_sections(partial)))
        analyses.append(whole)
        return main_report(whole, digest, command, *drawn), results(whole)

    settings = {"calls": options.calls, "paths": options.paths, "months": options.months, "quick": options.quick}
    settings |= {"certify": True} if options.certify else {}
    done = publish(MAIN_JOB, scenario, settings, build, seed=options.seed, out=out, command=command)
    return Done(**vars(done), analysis=analyses[0], origin=origin)


def main_command(scenario: Scenario, options: AnalysisOptions, origin: str) -> str:
    """Return the command that reproduces a main run."""
    words = [word for applied in scenario.changes for word in ("--set", applied.change.text())]
    words += [word for name in options.calls for word in ("--call", name)]
    words += ["--seed", str(options.seed)] if options.seed != AnalysisOptions().seed else []
    words += ["--quick"] if options.quick else []
    words += ["--certify"] if options.certify else []
    return shlex.join(["negotiation", "run", origin, *words])
