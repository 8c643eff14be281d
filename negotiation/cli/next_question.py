"""Which command asks the next sensible question: after a run, a study, an experiment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from negotiation.report.pages.main import Done
from negotiation.trade.files.load import embedded_scenarios, load_scenario
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.scenario import Scenario

if TYPE_CHECKING:
    from negotiation.studies.results import Conclusion, StudyResults
    from negotiation.studies.study import Study

MOST_SET = 4  # numbers that a command line may reasonably set
STEPS = 21  # points of an axis of the plane that is proposed
NEAR = 0.05  # of the way to the number tried, by which it may be rounded


def after_run(done: Done) -> tuple[str, ...]:
    """Return the words: try the parameter closest to a flip; of a changed scenario, ask what the call must deliver."""
    analysis = done.analysis
    first = analysis.comparison.calls[0].name
    near = [even for even in analysis.break_evens if even.outcome == first and even.nearest is not None]
    if not near or analysis.scenario.changes:
        made = analysis.scenario.changes[len(load_scenario(done.origin).changes) :]
        return ("deliver", done.origin, *_sets([applied.change for applied in made]))
    closest = min(near, key=lambda even: abs((even.nearest or 0.0) - even.value) / (abs(even.value) or 1.0))
    tried = closest.value + 1.1 * ((closest.nearest or 0.0) - closest.value)
    parameter = analysis.scenario.parameter(closest.path)
    shown = f"{tried:.3g}"
    if abs(float(shown) - tried) > NEAR * abs(tried - closest.value):  # three digits do not tell it from what stands
        shown = f"{tried:.12g}"
    if parameter.domain.startswith("[0, 1") and not 0 <= float(shown) <= 1:
        shown = f"{closest.nearest:.4g}"
    return ("run", done.origin, "--set", f"{closest.path}={shown}")


def after_study(
    study: Study, results: StudyResults, conclusions: tuple[Conclusion, ...], folder: Path
) -> tuple[str, ...]:
    """Return the words that follow a study, whose exact scenario lies in `folder`.

    Where the least sure conclusion falls: the run at the nearest such point; where that point differs in too many
    numbers, the plane of the two that go most with it. Where nothing falls: what the call must deliver.
    """
    from negotiation.report.pages.study import ranges_of
    from negotiation.studies.results import base_point

    scenario = _named(study.scenario, folder)
    falling = [conclusion for conclusion in conclusions if conclusion.share < 1]
    if not falling:
        return ("deliver", *scenario)
    stands = min(falling, key=lambda conclusion: conclusion.share).stands > 0
    points, ends = results.points[results.complete], ranges_of(study)
    spread = np.array([ends[path][1] - ends[path][0] or 1.0 for path in results.paths])
    away = (points - base_point(study.scenario, results.paths)) / spread
    if len(results.paths) <= MOST_SET:
        nearest = points[~stands][int((away[~stands] ** 2).sum(axis=1).argmin())]
        changes = [Change(path, "set", float(value)) for path, value in zip(results.paths, nearest, strict=True)]
        return ("run", *scenario, *_sets(changes))
    telling = np.abs((stands - stands.mean()) @ away)  # how far apart the two kinds of points lie, (d,)
    paths = [results.paths[place] for place in np.argsort(-telling, kind="stable")[:2]]
    axes = [word for path in paths for word in ("--vary", f"{path}={ends[path][0]!r}:{ends[path][1]!r}:{STEPS}")]
    return ("study", "run", *scenario, *axes)


def _named(scenario: Scenario, folder: Path) -> tuple[str, ...]:
    """Return the words that name a scenario: a shipped one with its changes, or the copy in a folder."""
    changes = [applied.change for applied in scenario.changes]
    if scenario.name in embedded_scenarios() and load_scenario(scenario.name).after(changes) == scenario:
        return (scenario.name, *_sets(changes))
    return (str(folder / "scenario.toml"),)


def _sets(changes: list[Change]) -> list[str]:
    return [word for change in changes for word in ("--set", change.text())]
