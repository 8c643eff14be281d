"""Does the headline survive if every number that rests on judgement moves within its range at once?

Draws all judged numbers together (those of third parties aside: no verdict depends on them), and says in how much of
that world each conclusion stands, which numbers matter, and where the deal fails. Settings of the case (nothing
pledged, nothing withheld) stay. Takes about 15 seconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiation.cli.experiment import experiment
from negotiation.report.document import Report
from negotiation.report.pages.study import study_answers, study_data, study_report
from negotiation.report.sections.robustness import firmness
from negotiation.report.words import percent
from negotiation.studies.design import study_points
from negotiation.studies.manifest import study_digest
from negotiation.studies.results import evaluate
from negotiation.studies.study import Study, sample_of
from negotiation.trade.scenario.plausible_ranges import group_paths, plausible_ranges
from negotiation.trade.scenario.scenario import Scenario

POINTS, QUICK = 1024, 64  # base rows of the sensitivity sample (times the numbers and two more)
ASIDE = ("third_parties.",)
SEED = 7


def judgement_study(scenario: Scenario, points: int) -> Study:
    """Return the study of all judged numbers over their plausible ranges."""
    ranges = plausible_ranges(scenario)
    paths = [path for path in group_paths(scenario, "judgement") if not path.startswith(ASIDE)]
    sample = sample_of("sensitivity", {path: ranges[path] for path in paths}, points)
    return Study("robustness", scenario, sample=sample, seed=SEED)


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return shares, tornado, Sobol indices and failure boxes; quick: a sixteenth of the points."""
    study = judgement_study(scenario, QUICK if quick else POINTS)
    results = evaluate(study, study_points(study, 0, study.size))
    answers = study_answers(study, results)
    conclusions = answers.conclusions
    judged = sorted((each for each in conclusions if not np.isnan(each.share)), key=lambda each: each.share)
    answer = [f"{len(study.paths)} judged numbers moved at once. {firmness(conclusions)}"]
    if judged:
        answer.append(f"Most sure: {judged[-1].sentence} ({percent(judged[-1].share)}).")
    report = study_report(answers, study_digest(study)).replace(
        title="Robustness", question="Does the headline survive its judgements?", answer=tuple(answer)
    )
    return report, {"study": study_data(answers)}


if __name__ == "__main__":
    experiment(run)
