"""The random walk with t(3) innovations against scipy, quadrature and moments."""

import numpy as np
import pytest
from scipy import integrate, stats

from negotiation.evidence.forecasts.baselines import StudentWalk, baselines


def density(walk, x):
    return np.exp(walk.log_density(float(np.exp(x))))


@pytest.mark.parametrize("sd", [0.1, 0.7])
def test_one_step_is_the_t_density_with_that_spread(sd):
    walk = StudentWalk("x", np.log(600), sd, 1)
    for tonnes in (3.0, 60.0, 500.0, 600.0, 2000.0):
        expected = stats.t.logpdf(np.log(tonnes), 3, np.log(600), sd / np.sqrt(3))
        assert walk.log_density(tonnes) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("steps", [2, 3, 7])
def test_more_steps_are_the_convolution_with_one_more(steps):
    before, walk = (StudentWalk("x", 0.0, 0.3, count) for count in (steps - 1, steps))
    one = stats.t(3, scale=0.3 / np.sqrt(3))
    for x in (-4.0, -1.0, 0.0, 0.4, 2.5):
        expected, _ = integrate.quad(
            lambda u, x=x: one.pdf(u) * density(before, x - u), -60, 60, points=[0.0, x], limit=400
        )
        assert density(walk, x) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("steps", [1, 2, 12, 40])
def test_it_integrates_to_one(steps):
    """Beyond 100 spreads lie some steps x 10^-7."""
    walk = StudentWalk("x", 0.0, 0.2, steps)
    half, _ = integrate.quad(lambda x: density(walk, x), 0, 20, points=[0.2, 1.0, 3.0])
    assert half == pytest.approx(0.5, abs=1e-6 * steps)


def test_its_crps_has_no_end():
    """The share above x falls like (log x)^-3, so its square, integrated over tonnes, grows without bound."""
    above = stats.t(3, scale=0.2 / np.sqrt(3)).sf
    parts = [integrate.quad(lambda z: above(z) ** 2 * np.exp(z), end - 10, end)[0] for end in (40.0, 50.0, 60.0)]
    assert parts[0] > 1
    assert parts[1] > 100 * parts[0]
    assert parts[2] > 100 * parts[1]
    assert StudentWalk("x", 0.0, 0.2, 1).crps(1.0) == np.inf


def test_it_differs_from_the_last_value_in_its_tails_alone():
    known = np.array([1.0, 2.0, 3.0]), np.log([500.0, 700.0, 600.0])
    normal, *_, walk = baselines(*known, 6)
    assert (walk.mean, walk.steps) == (normal.mean, 3)
    assert walk.sd * np.sqrt(3) == pytest.approx(normal.sd)
    assert walk.log_density(60.0) > normal.log_density(60.0)
