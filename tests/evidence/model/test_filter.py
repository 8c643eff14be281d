"""The filter against enumeration of every path, its kernels against their Python twins, its speed."""

import math
import runpy
import time
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from negotiation._kernels import chain
from negotiation._kernels import filter as kernels
from negotiation._kernels import month as month_kernels
from negotiation.evidence.model.filter import smoothed_states
from negotiation.evidence.model.history import History
from negotiation.evidence.model.priors import priors, theta_of

WRITTEN_APART = runpy.run_path(str(Path(__file__).with_name("enumeration.py")))
enumerate_paths, figure_density, late_density, states = (
    WRITTEN_APART[name] for name in ("enumerate_paths", "figure_density", "late_density", "states")
)
NAN = math.nan
FIXED = np.array([0.3, 0.2, 4.0])
LEVEL3, START3 = np.array([-2.1, -1.9, -1.7]), np.array([0.2, 0.5, 0.3])
THETA = np.array([8.3, 0.1, -0.3, 0.1, 0.2, 0.6, 0.2, 0.8, 0.15, 0.5, 0.4, 0.9, 0.1, 0.3, 0.05, 0.4, -0.1])


def month(world=NAN, us=NAN, *, february=0, tariff=0.0, factor=1.0, flags=(0, 0), totals=(NAN, NAN)):
    return [world, us, 0.001, 0.015, 1.2, february, tariff, factor, *flags, *totals]


def run(kernel, thetas, data, errors, months=None):
    """Return log-likelihoods, filtered, smoothed, last beliefs and level means from the kernel or its Python twin."""
    months = len(data) if months is None else months
    count, shape = len(thetas), (len(thetas), months, 2, 3)
    found = (np.empty(count), np.zeros(shape), np.zeros(shape), np.zeros((count, 2, 3, 3)), np.zeros((count, months)))
    kernel(thetas, data, errors, LEVEL3, START3, FIXED, *found)
    return found


def both(data, errors=None, theta=THETA):
    data = np.array(data)
    errors = np.zeros((len(data), 2)) if errors is None else np.array(errors)
    found = [item[0] for item in run(kernels.run_all, theta[None], data, errors)]
    return found, enumerate_paths(theta, data, errors, LEVEL3, START3, FIXED)


HISTORIES = {
    "all known": [month(4700, 600, factor=0.1), month(2600, 240, tariff=0.9), month(1240, 46, tariff=0.5)],
    "world only": [month(4700, factor=0.1), month(2600), month(5000, 300, february=1)],
    "US only": [month(us=600), month(us=100), month(4800, 620)],
    "nothing in between": [month(4700, 600), month(), month(1300, 50)],
    "nothing at all": [month(), month(), month()],
}


@pytest.mark.parametrize("name", HISTORIES)
def test_filter_and_smoother_equal_enumeration(name):
    (value, filtered, smoothed, last, _), (expected, every, smoothed_states) = both(HISTORIES[name])
    assert value == pytest.approx(expected, abs=1e-10)
    np.testing.assert_allclose(filtered, every, atol=1e-10)
    np.testing.assert_allclose(smoothed, smoothed_states, atol=1e-10)
    np.testing.assert_allclose(last.sum(axis=2), every[-1], atol=1e-10)


TOTALS = {
    "US, two months": [
        month(6357, flags=(0, 2)), month(3590, flags=(0, 2), totals=(NAN, 1283)), month(5322, 585),
    ],
    "world around a known month": [
        month(us=600, flags=(2, 0)), month(3326, flags=(1, 0)), month(flags=(2, 0), totals=(9471, NAN)),
    ],
    "both sides, nothing else known": [
        month(4700, 600), month(flags=(2, 2)), month(flags=(2, 2), totals=(10378, 1343)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TOTALS)
def test_totals_equal_enumeration_under_the_same_approximation(name):
    errors = [[0.0, 0.0], [0.0, 20.0], [60.0, 15.0]]
    (value, filtered, _, _, _), (expected, every, _) = both(TOTALS[name], errors)
    assert value == pytest.approx(expected, abs=1e-6)
    np.testing.assert_allclose(filtered, every, atol=1e-6)


@pytest.mark.parametrize("z", [-3.0, -1.0, -0.4, 0.0, 0.3])
@pytest.mark.parametrize("sd", [0.05, 0.2])
def test_the_density_of_a_delayed_month_is_the_integral_over_its_severity(z, sd):
    expected = late_density(z, sd, 0.2, 0.9)
    assert month_kernels.late(z, sd, 0.2, 0.9) == pytest.approx(expected, rel=1e-8, abs=1e-12)


def test_linearising_the_world_total_errs_by_less_than_a_hundredth():
    """Where only the world total is known: the exact density is an integral over the US noise."""
    row = np.array(month(4700))
    for c, a, k in states(LEVEL3):
        if c == 0:
            mean = LEVEL3[k] + math.log((1, 0.6, 0.1)[a]) + THETA[16] * 1.2
            base = THETA[0] + THETA[1] * 1.2

            def density(r, base=base, mean=mean):
                rest = stats.norm.pdf(math.log(4700) - math.log1p(math.exp(r)), base, math.hypot(THETA[3], 0.001))
                return rest * stats.norm.pdf(r, mean, THETA[12])

            exact, _ = integrate.quad(density, mean - 1, mean + 1)
            assert figure_density(THETA, row, (c, a, k), LEVEL3) == pytest.approx(exact, rel=0.01)


def test_kernels_equal_their_python_twins():
    data = np.array([*HISTORIES["all known"], *TOTALS["US, two months"]])
    errors = np.full((6, 2), 12.0)
    thetas = np.array([THETA, THETA * 0.99])
    compiled = run(kernels.run_all, thetas, data, errors)
    for one, other in zip(compiled, run(kernels.run_all.py_func, thetas, data, errors), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)
    for one, other in zip(compiled, run(kernels.run_all, thetas[1:], data, errors), strict=True):
        np.testing.assert_array_equal(one[1:], other)
    short = run(kernels.run_all, thetas, data, errors, months=0)
    np.testing.assert_array_equal(short[0], compiled[0])
    np.testing.assert_array_equal(short[3], compiled[3])


def test_backward_is_the_adjoint_of_forward():
    rng = np.random.default_rng(3)
    belief, message = rng.random((2, 3, 5)), rng.random((2, 3, 5))
    common, target = chain.conduct(THETA, FIXED, 0.7)
    ahead, back, half = belief.copy(), message.copy(), np.empty((2, 3, 5))
    chain.forward(ahead, common, target, 0.11, 4, half)
    chain.backward(back, common, target, 0.11, 4, half)
    assert (ahead * message).sum() == pytest.approx((belief * back).sum(), rel=1e-13)
    assert ahead.sum() == pytest.approx(belief.sum(), rel=1e-13)


def test_an_impossible_history_has_no_likelihood():
    theta = THETA.copy()
    theta[[3, 12]] = 1e-4
    data = np.array([month(1e9, 1.0)])
    assert run(kernels.run_all, theta[None], data, np.zeros((1, 2)))[0] == -math.inf


@pytest.mark.benchmark
def test_sixty_months_take_less_than_a_millisecond():
    """Processor time, best of five, so that other work on the machine does not decide."""
    data = np.array([month(4700 + 10 * t, 600) for t in range(60)])
    theta = theta_of(priors(), np.zeros((200, 16)))
    history = History(first=12 * 2025, data=data, errors=np.zeros((60, 2)), observed=60, as_of="2025-12-31")
    smoothed_states(history, theta)
    best = math.inf
    for _ in range(5):
        start = time.process_time()
        smoothed_states(history, theta)
        best = min(best, (time.process_time() - start) / 200)
    assert best < 1e-3
