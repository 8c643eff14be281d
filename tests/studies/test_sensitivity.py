"""Sobol indices against the closed form of Ishigami's function, the tornado against the plain analysis.

Ishigami, Homma 1990 (a = 7, b = 0.1): first order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437.
"""

import numpy as np
import pytest

from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.errors import InputError
from negotiation.studies.design import study_points
from negotiation.studies.results import evaluate
from negotiation.studies.sensitivity import sobol, sobol_of, tornado
from negotiation.studies.study import Study, sample_of
from negotiation.trade.parameters.changes import Change

PATHS = ("minerals.leverage", "monitoring.delay_probability", "minerals.dependent_output")
FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sensitivity_points(scenario, points, seed=7):
    """Return the points of a sensitivity sample as shares of the ranges, through the study's own design."""
    ranges = dict.fromkeys(PATHS, (1.0, 2.0))
    ranges["monitoring.delay_probability"] = (0.0, 1.0)
    study = Study("s", scenario, sample=sample_of("sensitivity", ranges, points), seed=seed)
    shares = study_points(study, 0, study.size)
    return shares - np.array([1.0, 0.0, 1.0])


@pytest.mark.parametrize("points", [4096, 8192])
def test_indices_of_ishigamis_function(default_scenario, points):
    x = -np.pi + 2 * np.pi * sensitivity_points(default_scenario, points)
    found = sobol(PATHS, ishigami(x))
    assert found.first == pytest.approx(FIRST, abs=0.012)
    assert found.total == pytest.approx(TOTAL, abs=0.012)
    for low, value, high in ((found.first_low, FIRST, found.first_high), (found.total_low, TOTAL, found.total_high)):
        assert (low < np.array(value) + 0.01).all()
        assert (high > np.array(value) - 0.01).all()
        assert (high - low < 0.1).all()
    assert (found.rows, found.dropped) == (points, 0)


def test_indices_are_stable_under_doubling(default_scenario):
    one, two = (
        sobol(PATHS, ishigami(-np.pi + 2 * np.pi * sensitivity_points(default_scenario, n))) for n in (2048, 4096)
    )
    assert one.first == pytest.approx(two.first, abs=0.02)
    assert one.total == pytest.approx(two.total, abs=0.02)


def test_indices_of_the_model_are_stable_under_doubling(default_scenario):
    ranges = {p: (default_scenario.parameter(p).low, default_scenario.parameter(p).high) for p in PATHS}
    found = []
    for points in (1024, 2048):
        study = Study("s", default_scenario, sample=sample_of("sensitivity", ranges, points), calls=("no_call",))
        found.append(sobol_of(evaluate(study, study_points(study, 0, study.size)), "no_call"))
    assert found[0].total == pytest.approx(found[1].total, abs=0.05)
    assert found[0].first == pytest.approx(found[1].first, abs=0.05)
    assert (found[1].total > -0.02).all()


def test_an_additive_function_has_equal_indices(default_scenario):
    """Of 3 a + b + 0 c on [0, 1]: shares of the variance 0.9, 0.1, 0, first order and total alike."""
    x = sensitivity_points(default_scenario, 2048)
    found = sobol(PATHS, 3 * x[:, 0] + x[:, 1])
    assert found.first == pytest.approx((0.9, 0.1, 0.0), abs=0.01)
    assert found.total == pytest.approx((0.9, 0.1, 0.0), abs=0.01)


def test_refused_points_drop_whole_rows(default_scenario):
    x = sensitivity_points(default_scenario, 1024)
    output = 3 * x[:, 0] + x[:, 1]
    output[[5, 1024 + 5, 2 * 1024 + 7]] = np.nan
    found = sobol(PATHS, output)
    assert (found.rows, found.dropped) == (1022, 2)
    assert found.first == pytest.approx((0.9, 0.1, 0.0), abs=0.05)


def test_constant_outputs_depend_on_nothing():
    assert not sobol(PATHS, np.ones(5 * 64)).total.any()


def test_outputs_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="do not fit 3 parameters"):
        sobol(PATHS, np.ones(12))
    with pytest.raises(InputError, match="power of two"):
        sobol(PATHS, np.ones(5 * 48))
    with pytest.raises(InputError, match="at least 32"):
        sobol(PATHS, np.full(5 * 64, np.nan))


def swings(scenario, ranges, **parts):
    return tornado(Study("tornado", scenario, sample=sample_of("latin_hypercube", ranges, 1), **parts), ranges)


def test_the_tornado_is_the_headline_at_each_end(default_scenario):
    ranges = {"minerals.leverage": (0.2, 0.9), "minerals.dependent_output": (10.0, 60.0)}
    found = swings(default_scenario, ranges, calls=("no_call", "clarification"))
    for swing in found.swings:
        for end, joint, holds in (
            (swing.low, swing.joint_low, swing.holds_low),
            (swing.high, swing.joint_high, swing.holds_high),
        ):
            scenario = default_scenario.after([Change(swing.path, "set", end)])
            want = analyse_outcomes(scenario, found.outcomes, best_sets=False)
            assert joint == pytest.approx([row.joint for row in want], abs=1e-9)
            assert holds.tolist() == [float(row.holds) for row in want]
    flipped = {swing.path: swing.flips for swing in found.swings}
    # printed with the model: the break-even of leverage is .84 at delta .9, and output must be above about 23
    assert "no_call" in flipped["minerals.leverage"]
    assert "no_call" in flipped["minerals.dependent_output"]


def test_the_widest_swing_comes_first(default_scenario):
    ranges = {path: (p.low, p.high) for path, p in default_scenario.parameters.items() if path in PATHS}
    found = swings(default_scenario, ranges)
    widths = [max(swing.width(place) for place in range(5)) for swing in found.swings]
    assert widths == sorted(widths, reverse=True)


def test_an_end_that_the_model_refuses_is_missing_not_wrong(default_scenario):
    found = swings(default_scenario, {"tariffs.us.demand_elasticity": (1.5, 3.5)})
    (swing,) = found.swings
    assert np.isfinite(swing.joint_low).all()
    assert np.isnan(swing.joint_high).all()
