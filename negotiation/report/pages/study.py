"""The page of a study: shares, tornado, Sobol bars, failure boxes, phase diagram, as far as its design allows each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from negotiation._values import plain
from negotiation._version import __version__
from negotiation.calls.notices import punishment_notices
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.errors import InputError
from negotiation.report.document import Bullets, Report, Section, literal
from negotiation.report.runs.write import publish
from negotiation.report.sections.robustness import Search, discovery_section, firmness, robustness_section
from negotiation.report.sections.sensitivity import flipping_swings, phase_section, sobol_section, tornado_section
from negotiation.report.tables import numbers, table
from negotiation.report.words import enumeration
from negotiation.studies.discovery import discover
from negotiation.studies.phase import NOTHING, OUTSIDE, PhaseDiagram, phase_diagram
from negotiation.studies.results import Conclusion, StudyResults, base_point, conclusions, evaluate
from negotiation.studies.sensitivity import SobolIndices, Tornado, sobol_of, tornado
from negotiation.studies.store import Store
from negotiation.studies.study import Study
from negotiation.trade.game.build import build_pact
from negotiation.trade.scenario.call_outcome import STAGE_NASH

FEWEST = 100  # computed points below which no boxes are looked for: PRIM would fit single points
BOX_POINTS = 20_000  # points that are looked at for boxes; twice as many take twice the seconds
RARE_VERDICT = 0.02  # share of the points below which a verdict is too rare to look for boxes around it


@dataclass(frozen=True, kw_only=True)
class StudyAnswers:
    """Everything the page of a study says, computed once; None or empty where its design does not allow a part.

    conclusions: of the base case, judged at the points. computed: how many points could be, for every outcome. ends:
    path -> between which values it varies. boxes: by outcome, among `looked` points. indices: by outcome and measure.
    every_share: whether what holds against the listed actions in the base case stands against every share too.
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
    every_share: dict[str, bool]


def study_answers(study: Study, results: StudyResults) -> StudyAnswers:
    """Return what can be said of a study's results."""
    scenario, ends = study.scenario, ranges_of(study)
    moving = {path: pair for path, pair in ends.items() if pair[0] < pair[1]}
    computed = int(results.complete.sum())
    sensitive = study.sample is not None and study.sample.kind == "sensitivity" and not study.axes
    boxes, looked = failure_boxes(results) if computed >= FEWEST else ({}, 0)
    able = any(scenario.call(name).regime != STAGE_NASH for name in results.outcomes)
    phase = None
    if study.sample is None and len(study.axes) == len(moving) == 2 and able:
        first, second = study.paths
        plane = (moving[first], moving[second])
        phase = phase_diagram(scenario, (first, second), plane, study.calls, regimes=study.regimes)
    return StudyAnswers(
        study=study,
        conclusions=base_case_conclusions(study, results),
        computed=computed,
        ends=ends,
        tornado=tornado(study, moving) if moving else None,
        indices=indices(results, study.seed) if sensitive else {},
        boxes=boxes,
        looked=looked,
        phase=phase,
        every_share=listed_verdicts(study, results),
    )


def listed_verdicts(study: Study, results: StudyResults) -> dict[str, bool]:
    """Return outcome -> whether its rule stands against every share in the base case, where it holds for the listed."""
    holds = evaluate(study, base_point(study.scenario, study.paths)).holds[0]
    verdicts = {}
    for name, rule, stands in zip(results.outcomes, results.rules, holds, strict=True):
        if rule and stands == 1 and not study.scenario.any_share:
            call = study.scenario.call(name).without(study.replaces_calls)  # as the study judges it
            regime = analyse_outcome(study.scenario, call, best_sets=False).regime(rule)
            if regime.share is not None:
                verdicts[name] = regime.holds_finely
    return verdicts


def study_data(answers: StudyAnswers) -> dict[str, Any]:
    """Return the answers as plain data; a text in place of Sobol indices says why there are none."""
    scenario = answers.study.scenario
    return {
        "conclusions": [[c.key, c.sentence, c.share] for c in answers.conclusions],
        "points": answers.study.size,
        "computed": answers.computed,
        "varied": {
            path: {"now": plain(scenario.value(path)), "low": low, "high": high}
            for path, (low, high) in answers.ends.items()
        },
        "tornado": plain(answers.tornado),
        "sobol": [
            {"outcome": name, "measure": measure, "indices": plain(entry)}
            for (name, measure), entry in answers.indices.items()
        ],
        "against_every_share": answers.every_share,
        "failure_boxes": {"points": answers.looked, "outcomes": plain(answers.boxes)},
        "phase": None if answers.phase is None else phase_data(answers.phase),
    }


def phase_data(diagram: PhaseDiagram) -> dict[str, Any]:
    """Return a phase diagram's cells, and the share of the plane by outcome, where none holds, and where refused."""
    shares = {name: diagram.share(place) for place, name in enumerate(diagram.outcomes)}
    return {**plain(diagram), "shares": shares, "none": diagram.share(NOTHING), "refused": diagram.share(OUTSIDE)}


def write_study_report(study: Study, store: Store, results: StudyResults, command: str = "") -> Path:
    """Write the page of a finished study into its folder and return its path; `command` reproduces the study."""
    digest = str(store.manifest["digest"])

    def build(_digest: str) -> tuple[Report, dict[str, Any]]:
        answers = study_answers(study, results)
        return study_report(answers, digest, command), {"study": digest, **study_data(answers)}

    out = store.path / "report"
    done = publish("study", study.scenario, {"study": digest}, build, seed=study.seed, out=out, command=command)
    return done.page


def base_case_conclusions(study: Study, results: StudyResults) -> tuple[Conclusion, ...]:
    """Return the conclusions of the base case, judged at the points of a study."""
    return conclusions(study.scenario, evaluate(study, base_point(study.scenario, study.paths)), results)


def study_report(answers: StudyAnswers, digest: str, command: str = "") -> Report:
    """Return the page of a study."""
    study, scenario = answers.study, answers.study.scenario
    sections = [robustness_section(answers.conclusions, answers.computed, study.size - answers.computed)]
    flip = ""
    if answers.tornado is not None:
        outcomes = answers.tornado.outcomes
        # shown first: the first outcome that selects a regime of its own
        first = next((name for name in outcomes if scenario.call(name).regime != STAGE_NASH), outcomes[0])
        sections.append(tornado_section(scenario, answers.tornado, first))
        turning = enumeration([f"`{swing.path}`" for swing in flipping_swings(answers.tornado)][:6])
        flip = f"Alone, at an end of its range, the headline is flipped by {turning}." if turning else ""
    if answers.indices:
        sections.append(sobol_section(scenario, answers.indices))
    if answers.boxes:
        sections.append(discovery_section(scenario, answers.boxes, answers.looked))
    if answers.phase is not None:
        sections.append(phase_section(scenario, answers.phase))
    doubts = [
        f"in the base case what holds after {literal(scenario.call(name).label)} "
        + ("stands against every share too" if stands else "does not stand against every share")
        for name, stands in answers.every_share.items()
    ]
    doubts += [literal(text) for text in punishment_notices(build_pact(scenario))]
    tried = "every share" if scenario.any_share else "the listed actions"
    return Report(
        title=f"Study: {study.name}",
        question="Does the answer survive what is not known?",
        subtitle=literal(scenario.title),
        answer=(firmness(answers.conclusions),),
        flip=flip,
        sections=(*sections, _ranges(study)),
        provenance=(
            ("scenario", f"`{scenario.name}`, digest `{scenario.digest()[:16]}`"),
            ("study digest", f"`{digest[:16]}`"),
            ("seed", str(study.seed)),
            ("points", f"{study.size:,}"),
            ("verdicts", "; ".join([f"against {tried}", *doubts])),
            ("negotiation", __version__),
            ("reproduce", f"`{command}`"),
        ),
    )


def ranges_of(study: Study) -> dict[str, tuple[float, float]]:
    """Return path -> the ends between which it varies: ranges, ends of axes, 5 to 95 % of draws."""
    ends = {}
    if study.sample is not None:
        low, high = study.sample.low, study.sample.high
        if study.sample.kind == "draws":
            low, high = np.quantile(study.sample.draws, [0.05, 0.95], axis=0)
        ends = dict(zip(study.sample.paths, zip(low.tolist(), high.tolist(), strict=True), strict=True))
    return ends | {axis.path: (float(axis.values.min()), float(axis.values.max())) for axis in study.axes}


def indices(results: StudyResults, seed: int) -> dict[tuple[str, str], SobolIndices | str]:
    """Return the Sobol indices of every outcome's joint value and verdict, or why there are none."""
    indices: dict[tuple[str, str], SobolIndices | str] = {}
    for measure, numbers_of in (("joint", results.joint), ("holds", results.holds)):
        for place, name in enumerate(results.outcomes):
            try:
                indices[name, measure] = sobol_of(results, name, measure, seed)
            except InputError as error:
                indices[name, measure] = error.problems[0].message
            else:
                if not np.ptp(numbers_of[results.done[:, place] > 0, place]):
                    indices[name, measure] = "it is the same at every point, so there is no variance to split"
    return indices


def failure_boxes(results: StudyResults) -> tuple[dict[str, Search], int]:
    """Return by outcome where the deal fails (or holds, where that is rarer), and how many points were looked at."""
    places = np.flatnonzero(results.complete)
    places = places[:: max(1, -(-len(places) // BOX_POINTS))]
    searches = {}
    for place, name in enumerate(results.outcomes):
        fails = results.holds[places, place] == 0
        share = float(fails.mean())
        failing = share <= 0.5
        boxes = None
        if RARE_VERDICT <= share <= 1 - RARE_VERDICT:
            boxes = discover(results.paths, results.points[places], fails if failing else ~fails)
        searches[name] = Search(share, failing, boxes)
    return searches, len(places)


def _ranges(study: Study) -> Section:
    rows = [
        (f"`{path}`", study.scenario.value(path), low, high, literal(study.scenario.parameter(path).unit))
        for path, (low, high) in ranges_of(study).items()
    ]
    kind = "grid" if study.sample is None else study.sample.kind
    design = Bullets((f"design: {kind.replace('_', ' ')}", f"outcomes: {enumeration(study.outcomes)}"))
    notes = ("For given draws, from 5 to 95 % of them.",) if kind == "draws" else ()
    columns = ("parameter", *numbers(None, "now", "from", "to"), "unit")
    return Section("varied", "What varied", (design, table("Ranges", "ranges", columns, rows, *notes)))
