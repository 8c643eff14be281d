"""PRIM finds planted boxes in the dimensions where they were planted, and says nothing where nothing is to be said."""

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.studies.discovery import Limit, discover

PATHS = ("a", "b", "c", "d", "e", "f")


@pytest.fixture(scope="module")
def points():
    return np.random.default_rng(1).random((4000, 6))


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_a_planted_box_is_found_with_its_sides(points, noise):
    rng = np.random.default_rng(2)
    cases = (points[:, 1] > 0.7) & (points[:, 4] < 0.4)
    cases = cases ^ (rng.random(len(points)) < noise)
    box = discover(PATHS, points, cases)[0]
    limits = {limit.path: limit for limit in box.limits}
    assert set(limits) == {"b", "e"}
    assert limits["b"].low == pytest.approx(0.7, abs=0.04)
    assert limits["b"].high is None
    assert limits["e"].high == pytest.approx(0.4, abs=0.04)
    assert limits["e"].low is None
    assert box.density > 0.85
    assert box.coverage > (0.85 if noise == 0 else 0.55)


def test_coverage_density_and_mass_are_what_their_names_say(points):
    cases = points[:, 2] < 0.25
    box = discover(PATHS, points, cases, most=1)[0]
    (limit,) = box.limits
    inside = points[:, 2] <= limit.high
    assert box.density == pytest.approx(cases[inside].mean())
    assert box.coverage == pytest.approx(cases[inside].sum() / cases.sum())
    assert box.mass == pytest.approx(inside.mean())
    assert box.base == pytest.approx(cases.mean())


def test_two_regions_give_two_boxes(points):
    cases = (points[:, 0] > 0.85) | (points[:, 3] < 0.12)
    boxes = discover(PATHS, points, cases)
    assert {limit.path for box in boxes[:2] for limit in box.limits} >= {"a", "d"}
    assert sum(box.coverage for box in boxes) > 0.8


def test_a_few_repeated_values_can_be_peeled(points):
    grid = np.round(points * 4) / 4
    box = discover(PATHS, grid, grid[:, 5] >= 0.75)[0]
    assert [limit.path for limit in box.limits] == ["f"]
    assert box.density == 1.0
    assert box.limits[0].low == 0.75


@pytest.mark.parametrize("cases", [np.zeros(4000, dtype=bool), np.ones(4000, dtype=bool)])
def test_no_box_where_all_points_are_alike(points, cases):
    assert discover(PATHS, points, cases) == ()


def test_no_box_for_pure_noise(points):
    assert discover(PATHS, points, np.random.default_rng(3).random(4000) < 0.3) == ()


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit("x", 0.5, None), "x at least 0.5"),
        (Limit("x", None, 2.0), "x at most 2"),
        (Limit("x", 1.0, 3.0), "x between 1 and 3"),
    ],
)
def test_words(limit, words):
    assert limit.sentence() == words


def test_shapes_that_do_not_fit_are_refused(points):
    with pytest.raises(InputError, match="shape is"):
        discover(("a",), points, np.ones(4000, dtype=bool))
