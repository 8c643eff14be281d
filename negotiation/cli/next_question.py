"""Which command asks the next sensible question after a study."""

from pathlib import Path

import numpy as np

from negotiation.cli.answer_text import set_words
from negotiation.report.pages.study import ranges_of
from negotiation.studies.results import Conclusion, StudyResults, base_point
from negotiation.studies.study import Study
from negotiation.trade.files.load import embedded_scenarios, load_scenario
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.scenario import Scenario

MOST_SET = 4  # numbers that a command line may reasonably set
PLANE_STEPS = 21  # points of an axis of the plane that is proposed


def after_study(
    study: Study, results: StudyResults, conclusions: tuple[Conclusion, ...], folder: Path
) -> tuple[str, ...]:
    """Return the words that follow a study, whose exact scenario lies in `folder`.

    Where the least sure conclusion falls: the run at the nearest such point; where that point differs in too many
    numbers, the plane of the two that go most with it. Where nothing falls: what the call must deliver.
    """
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
        return ("run", *scenario, *set_words(changes))
    telling = np.abs((stands - stands.mean()) @ away)  # how far apart the two kinds of points lie, (d,)
    paths = [results.paths[place] for place in np.argsort(-telling, kind="stable")[:2]]
    axes = [word for path in paths for word in ("--vary", f"{path}={ends[path][0]!r}:{ends[path][1]!r}:{PLANE_STEPS}")]
    return ("study", "run", *scenario, *axes)


def _named(scenario: Scenario, folder: Path) -> tuple[str, ...]:
    """Return the words that name a scenario: a shipped one with its changes, or the copy in a folder."""
    changes = [applied.change for applied in scenario.changes]
    if scenario.name in embedded_scenarios() and load_scenario(scenario.name).after(changes) == scenario:
        return (scenario.name, *set_words(changes))
    return (str(folder / "scenario.toml"),)
