"""Conclusions and results: verdicts of single points against the plain analysis, shares by counting."""

import numpy as np
import pytest

from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.errors import OutputError
from negotiation.studies.results import base_point, conclusions, evaluate, results_of
from negotiation.studies.run import run_study
from negotiation.studies.store import Store
from negotiation.studies.study import Axis, Study
from tests.stored import frozen

LEVERAGE = "minerals.leverage"


@pytest.fixture(scope="module")
def study():
    return Study("s", frozen("rollback-2025"), axes=(Axis(LEVERAGE, np.linspace(0.2, 0.9, 8)),))


@pytest.fixture(scope="module")
def study_results(study):
    return evaluate(study, study.axes[0].values[:, None])


def test_results_are_the_headline_of_each_point(study, study_results):
    for n, leverage in enumerate(study.axes[0].values):
        rows = analyse_outcomes(study.scenario.after([change(leverage)]), best_sets=False)
        for place, row in enumerate(rows):
            if row.call.name == "breakdown":
                assert bool(study_results.holds[n, place]) == any(rule.holds for rule in row.enforcement.rules)
            else:
                assert bool(study_results.holds[n, place]) == row.holds
            assert study_results.joint[n, place] == pytest.approx(row.joint, abs=1e-9)


def change(leverage):
    from negotiation.trade.parameters.changes import Change

    return Change(LEVERAGE, "set", float(leverage))


def test_shares_are_counted_over_points(study, study_results):
    base = evaluate(study, base_point(study.scenario, study.paths))
    items = {item.key: item for item in conclusions(study.scenario, base, study_results)}
    # with the present numbers the deal holds after no call up to a leverage of .84: at seven of the eight points
    assert items["enforced:no_call"].sentence == "after no call, the deal enforces itself by mutual reversion"
    assert items["enforced:no_call"].share == 7 / 8
    assert items["enforced:breakdown"].sentence == "after breakdown, no rule that was tried would hold"
    assert items["enforced:breakdown"].share == 1 - study_results.holds[:, 1].mean()
    assert items["best"].share == (study_results.joint.argmax(axis=1) == base.joint[0].argmax()).mean()
    better = (study_results.joint[:, 2] > study_results.joint[:, 0]).mean()
    assert items["better:clarification"].share == better
    assert all(item.share == 1 for item in conclusions(study.scenario, base, base))


def test_the_prisoners_dilemma_holds_from_its_textbook_threshold_on():
    """Grim reversion enforces cooperation iff delta >= (T - R) / (T - P) for both players (Friedman 1971)."""
    scenario = frozen("textbook")
    temptation = "payoffs.row.defect.cooperate"
    axes = (Axis("patience.discount", np.linspace(0.05, 0.95, 19)), Axis(temptation, [3.5, 5.0, 9.0]))
    study = Study("pd", scenario, axes=axes, calls=("no_call",), replaces_calls=("patience.discount",))
    points = np.array([[d, t] for d in axes[0].values for t in axes[1].values])
    study_results = evaluate(study, points)
    for (discount, row), holds in zip(points, study_results.holds[:, 0], strict=True):
        threshold = max((row - 3) / (row - 1), (5 - 3) / (5 - 1))
        if abs(discount - threshold) > 1e-9:
            assert bool(holds) == (discount > threshold)


def test_points_that_were_not_computed_count_nowhere(study):
    points = np.array([[0.5], [-1.0], [0.85]])
    study_results = evaluate(study, points)
    assert study_results.complete.tolist() == [True, False, True]
    base = evaluate(study, base_point(study.scenario, study.paths))
    items = {item.key: item for item in conclusions(study.scenario, base, study_results)}
    assert len(items["enforced:no_call"].stands) == 2
    assert items["enforced:no_call"].share == 0.5


def test_a_study_that_is_not_complete_has_no_results(study, tmp_path):
    done = run_study(study, tmp_path / "study", engine="serial")
    assert (results_of(done.store, study).holds == evaluate(study, study.axes[0].values[:, None]).holds).all()
    for file in (tmp_path / "study" / "parts").iterdir():
        file.unlink()
    with pytest.raises(OutputError, match="is not complete: 1 chunks are missing"):
        results_of(Store.open_to_read(tmp_path / "study"), study)
