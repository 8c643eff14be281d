"""Designs: grids in order, one point in each stratum of a Latin hypercube, Sobol points as scipy draws them at once."""

import numpy as np
import pytest
from scipy.stats import qmc

from negotiation.studies.design import sample_of_draws, study_points
from negotiation.studies.study import Axis, Study, sample_of

FIRST, SECOND, THIRD = "minerals.leverage", "minerals.weight", "monitoring.noise"


def whole(study):
    return study_points(study, 0, study.size)


def test_a_grid_counts_like_an_odometer(default_scenario):
    study = Study("s", default_scenario, axes=(Axis(FIRST, [0.2, 0.5]), Axis(SECOND, [0.01, 0.02, 0.03])))
    assert study.paths == (FIRST, SECOND)
    assert whole(study).tolist() == [[a, b] for a in (0.2, 0.5) for b in (0.01, 0.02, 0.03)]


def test_a_latin_hypercube_has_one_point_in_each_stratum(default_scenario):
    study = Study("s", default_scenario, sample=sample_of("latin_hypercube", {FIRST: (0.2, 0.9), SECOND: (0, 1)}, 50))
    points = whole(study)
    shares = (points - [0.2, 0.0]) / [0.7, 1.0]
    for column in shares.T:
        assert sorted((column * 50).astype(int).tolist()) == list(range(50))
    assert (points == whole(study)).all()
    assert (points != whole(study.replace(seed=8))).any()


def test_sobol_points_are_scipys(default_scenario):
    study = Study("s", default_scenario, sample=sample_of("sobol", {FIRST: (0, 1), SECOND: (0, 1)}, 64), seed=5)
    assert (whole(study) == qmc.Sobol(2, rng=np.random.default_rng(5)).random(64)).all()


def test_even_steps_of_the_logarithm(default_scenario):
    sample = sample_of("latin_hypercube", {FIRST: (0.01, 1.0), SECOND: (0.01, 1.0)}, 400, log=(FIRST,))
    points = whole(Study("s", default_scenario, sample=sample))
    assert np.median(points[:, 0]) == pytest.approx(0.1, rel=0.05)
    assert np.median(points[:, 1]) == pytest.approx(0.505, rel=0.05)


def test_a_sensitivity_sample_swaps_one_column_at_a_time(default_scenario):
    sample = sample_of("sensitivity", {FIRST: (0, 1), SECOND: (0, 1), THIRD: (0, 1)}, 32)
    points = whole(Study("s", default_scenario, sample=sample)).reshape(5, 32, 3)
    a, b = points[:2]
    for column in range(3):
        swapped = points[2 + column]
        others = [other for other in range(3) if other != column]
        assert (swapped[:, others] == a[:, others]).all()
        assert (swapped[:, column] == b[:, column]).all()


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol", "sensitivity", "draws"])
def test_any_cut_gives_the_same_points(default_scenario, kind):
    ranges = {FIRST: (0.2, 0.9), SECOND: (0.01, 0.05)}
    sample = sample_of(kind, ranges, 32)
    if kind == "draws":
        columns = np.random.default_rng(1).random((2, 32))
        sample = sample_of_draws(dict(zip(ranges, columns, strict=True)), default_scenario)
    study = Study("s", default_scenario, sample=sample, axes=(Axis(THIRD, [0.05, 0.1, 0.2]),))
    points = whole(study)
    assert points.shape == (study.size, 3)
    for step in (1, 7, 50):
        cut = [study_points(study, start, start + step) for start in range(0, study.size, step)]
        assert (np.concatenate(cut) == points).all()
