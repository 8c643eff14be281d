"""The page of a study: shares, tornado, Sobol bars, failure boxes, phase diagram, as far as its design allows each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from negotiation._values import plain
from negotiation._version import __version__
from negotiation.calls.notices import punishment_notices
from negotiation.errors import InputError
from negotiation.report.document import Column, Definitions, Report, Section, Table, literal
from negotiation.report.pages.job import publish
from negotiation.report.sections.robustness import Search, discovery_section, firmness, robustness_section
from negotiation.report.sections.sensitivity import flipping, phase_section, sobol_section, tornado_section
from negotiation.report.words import enumeration
from negotiation.studies.conclusions import Conclusion, conclusions
from negotiation.studies.discovery import discover
from negotiation.studies.phase import NOTHING, REFUSED, PhaseDiagram, phase_diagram
from negotiation.studies.results import STAGE_NASH, StudyResults, base_point, evaluate
from negotiation.studies.sensitivity import SobolIndices, Tornado, sobol_of, tornado
from negotiation.studies.store import Store
from negotiation.studies.study import Study
from negotiation.trade.game.build import build_pact
from negotiation.trade.scenario.scenario import Scenario

FEWEST, LARGEST = 100, 20_000
RARE = 0.02


@dataclass(frozen=True, kw_only=True)
class StudyAnswers:
    """Everything the page of a study says, computed once; None or empty where its design does not allow a part.

    conclusions: of the base case, judged at the points. computed: how many points could be, for every outcome. ends:
    path -> between which values it varies. boxes: by outcome, among `looked` points. indices: by outcome and measure.
    """

    study: Study
    conclusions: tuple[Conclusion, ...]
    computed: int
    ends: dict[str, tuple[float, float]]
    tornado: Tornado | None
    indices: dict[tuple[str, str], SobolIndices | str]
    boxes: dict[str, Search]
    looked: int
    phase: PhaseDiagram | None


def study_answers(study: Study, found: StudyResults) -> StudyAnswers:
    """Return what can be said of a study's results."""
    scenario, ends = study.scenario, varied(study)
    moving = {path: pair for path, pair in ends.items() if pair[0] < pair[1]}
    computed = int(found.complete.sum())
    sensitive = study.sample is not None and study.sample.kind == "sensitivity" and not study.axes
    boxes, looked = failure_boxes(found) if computed >= FEWEST else ({}, 0)
    able = any(scenario.call(name).regime != STAGE_NASH for name in found.outcomes)
    phase = None
    if study.sample is None and len(study.axes) == len(moving) == 2 and able:
        first, second = study.paths
        plane = (moving[first], moving[second])
        phase = phase_diagram(scenario, (first, second), plane, study.calls, regimes=study.regimes)
    return StudyAnswers(
        study=study,
        conclusions=judged(study, found),
        computed=computed,
        ends=ends,
        tornado=tornado(study, moving) if moving else None,
        indices=indices(found, study.seed) if sensitive else {},
        boxes=boxes,
        looked=looked,
        phase=phase,
    )


def study_data(found: StudyAnswers) -> dict[str, Any]:
    """Return the answers as plain data; a text in place of Sobol indices says why there are none."""
    scenario = found.study.scenario
    ends = {path: {"now": scenario.value(path), "low": low, "high": high} for path, (low, high) in found.ends.items()}
    return {
        "conclusions": [[c.key, c.sentence, c.share] for c in found.conclusions],
        "points": found.study.size,
        "computed": found.computed,
        "varied": plain(ends),
        "tornado": plain(found.tornado),
        "sobol": [
            {"outcome": name, "measure": measure, "indices": plain(item)}
            for (name, measure), item in found.indices.items()
        ],
        "failure_boxes": {"points": found.looked, "outcomes": plain(found.boxes)},
        "phase": None if found.phase is None else phase_data(found.phase),
    }


def phase_data(found: PhaseDiagram) -> dict[str, Any]:
    """Return a phase diagram's cells, and the share of the plane by outcome, where none holds, and where refused."""
    shares = {name: found.share(at) for at, name in enumerate(found.outcomes)}
    return {**plain(found), "shares": shares, "none": found.share(NOTHING), "refused": found.share(REFUSED)}


def write_study_report(study: Study, store: Store, found: StudyResults, command: str = "") -> Path:
    """Write the page of a finished study into its folder and return its path; `command` reproduces the study."""
    out = store.path / "report"
    digest = str(store.manifest["digest"])

    def build(_digest: str) -> tuple[Report, dict[str, Any]]:
        answers = study_answers(study, found)
        return study_report(answers, digest, command), {"study": digest, **study_data(answers)}

    settings = {"study": digest}
    return publish("study", study.scenario, settings, build, seed=study.seed, out=out, command=command).page


def judged(study: Study, found: StudyResults) -> tuple[Conclusion, ...]:
    """Return the conclusions of the base case, judged at the points of a study."""
    return conclusions(study.scenario, evaluate(study, base_point(study.scenario, study.paths)), found)


def study_report(found: StudyAnswers, digest: str, command: str = "") -> Report:
    """Return the page of a study."""
    study, items, scenario = found.study, found.conclusions, found.study.scenario
    sections = [robustness_section(items, found.computed, study.size - found.computed)]
    turning: list[str] = []
    if found.tornado is not None:
        turning = [f"`{swing.path}`" for swing in flipping(found.tornado)]
        sections.append(tornado_section(scenario, found.tornado, leading(scenario, found.tornado.outcomes)))
    if found.indices:
        sections.append(sobol_section(scenario, found.indices))
    if found.boxes:
        sections.append(discovery_section(scenario, found.boxes, found.looked))
    if found.phase is not None:
        sections.append(phase_section(scenario, found.phase))
    sections.append(_numbers(study))
    doubts = [literal(text) for text in punishment_notices(build_pact(scenario))]
    flip = f"Alone, at an end of its range, the headline is flipped by {enumeration(turning[:6])}." if turning else ""
    return Report(
        f"Study: {study.name}",
        "Does the answer survive what is not known?",
        literal(scenario.title),
        (firmness(items),),
        flip=flip,
        sections=tuple(sections),
        provenance=(
            ("scenario", f"`{scenario.name}`, digest `{scenario.digest()[:16]}`"),
            ("study digest", f"`{digest[:16]}`"),
            ("seed", str(study.seed)),
            ("points", f"{study.size:,}"),
            ("verdicts", "; ".join(["against the listed actions", *doubts])),
            ("negotiation", __version__),
            ("reproduce", f"`{command}`"),
        ),
    )


def leading(scenario: Scenario, outcomes: tuple[str, ...]) -> str:
    """Return the first outcome that selects a regime of its own: the one whose tornado is shown first."""
    return next((name for name in outcomes if scenario.call(name).regime != STAGE_NASH), outcomes[0])


def varied(study: Study) -> dict[str, tuple[float, float]]:
    """Return path -> the ends between which it varies: ranges, ends of axes, 5 to 95 % of draws."""
    ends = {}
    if study.sample is not None:
        low, high = study.sample.low, study.sample.high
        if study.sample.kind == "draws":
            low, high = np.quantile(study.sample.draws, [0.05, 0.95], axis=0)
        ends = {path: (float(low[i]), float(high[i])) for i, path in enumerate(study.sample.paths)}
    ends |= {axis.path: (float(axis.values.min()), float(axis.values.max())) for axis in study.axes}
    return ends


def indices(found: StudyResults, seed: int) -> dict[tuple[str, str], SobolIndices | str]:
    """Return the Sobol indices of every outcome's joint value and verdict, or why there are none."""
    indices: dict[tuple[str, str], SobolIndices | str] = {}
    for measure in ("joint", "holds"):
        for place, name in enumerate(found.outcomes):
            done = found.done[:, place] > 0
            numbers = (found.joint if measure == "joint" else found.holds)[done, place]
            try:
                indices[name, measure] = sobol_of(found, name, measure, seed)
            except InputError as error:
                indices[name, measure] = error.problems[0].message
            else:
                if not np.ptp(numbers):
                    indices[name, measure] = "it is the same at every point, so there is no variance to split"
    return indices


def failure_boxes(found: StudyResults) -> tuple[dict[str, Search], int]:
    """Return by outcome where the deal fails (or holds, where that is rarer), and how many points were looked at."""
    places = np.flatnonzero(found.complete)
    places = places[:: max(1, -(-len(places) // LARGEST))]
    searches = {}
    for place, name in enumerate(found.outcomes):
        fails = found.holds[places, place] == 0
        share = float(fails.mean())
        failing = share <= 0.5
        boxes = None
        if RARE <= share <= 1 - RARE:
            boxes = discover(found.paths, found.points[places], fails if failing else ~fails)
        searches[name] = Search(share, failing, boxes)
    return searches, len(places)


def _numbers(study: Study) -> Section:
    rows = tuple(
        (f"`{path}`", study.scenario.value(path), low, high, literal(study.scenario.parameter(path).unit))
        for path, (low, high) in varied(study).items()
    )
    columns = (Column("parameter"), *(Column(n, kind="number") for n in ("now", "from", "to")), Column("unit"))
    kind = study.sample.kind.replace("_", " ") if study.sample is not None else "grid"
    facts = Definitions((("design", kind), ("outcomes", enumeration([plain(name) for name in study.outcomes]))))
    drawn = study.sample is not None and study.sample.kind == "draws"
    notes = ("For given draws, from 5 to 95 % of them.",) if drawn else ()
    return Section("varied", "What varied", (facts, Table(columns, rows, "Ranges", key="ranges", notes=notes)))
