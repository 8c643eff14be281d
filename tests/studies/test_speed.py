"""What studies must cost, as ratios of CPU time in one run: `pytest -m benchmark tests/studies/test_speed.py -s`."""

import statistics
import sys
import time

import pytest

from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.studies.compute import compute
from negotiation.studies.design import study_points
from negotiation.studies.run import run_study
from negotiation.studies.study import FAST_CHUNK, Study, sample_of
from negotiation.trade.scenario.plausible_ranges import group_paths, plausible_ranges

pytestmark = pytest.mark.benchmark


def study_of(scenario, chunks):
    known = plausible_ranges(scenario)
    ranges = {path: known[path] for path in group_paths(scenario, "minerals.*")}
    return Study("speed", scenario, sample=sample_of("sobol", ranges, chunks * FAST_CHUNK))


def cpu(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def test_columns_are_hundreds_of_times_faster_than_the_plain_one(default_scenario):
    study = study_of(default_scenario, 1)
    points = study_points(study, 0, FAST_CHUNK)
    compute(study, points[:8])
    analyse_outcomes(default_scenario, best_sets=False)
    fast = min(cpu(lambda: compute(study, points)) for _ in range(5)) / FAST_CHUNK
    plain = min(cpu(lambda: analyse_outcomes(default_scenario, best_sets=False)) for _ in range(3))
    told(f"plain {plain:.3f} s a point, columns {1e6 * fast:.0f} us: {plain / fast:.0f} times")
    # 2,000 points a second on two cores are 1 ms a point and core
    assert plain / fast > 300
    assert fast < 1e-3


def test_what_a_task_costs_beyond_being_computed(default_scenario, tmp_path):
    """Tasks of a few points against tasks of none to speak of: what the driver spends on a task as such."""
    study = study_of(default_scenario, 1)
    points = study_points(study, 0, FAST_CHUNK)
    compute(study, points[:8])
    chunk = min(cpu(lambda: compute(study, points)) for _ in range(5))
    costs = []
    for place in range(3):
        few, many = (driver(study, size, tmp_path / f"{place}-{size}") for size in (FAST_CHUNK // 2, FAST_CHUNK // 128))
        costs.append((many - few) / (128 - 2))
    share = statistics.median(costs) / chunk
    told(f"a task as such {1e3 * statistics.median(costs):.1f} ms, its computation {1e3 * chunk:.0f} ms: {share:.3f}")
    assert share < 0.05


def driver(study, size, folder):
    """Return the CPU time of the driver of a study cut into chunks of `size` points."""
    return cpu(lambda: run_study(study.replace(chunk_points=size), folder, jobs=2, table="none"))


def told(words):
    sys.stdout.write(f"\n{words}\n")
