"""The shipment signal against independent quadrature and draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from negotiation.trade.economics.shipment_signal import ShipmentSignal
from negotiation.trade.economics.two_figures import TwoFigures

EDGES = (0.25, 0.5, 0.8, 0.9)
DEFAULT = ShipmentSignal(
    delay_probability=0.2, delay_min=0.15, delay_max=0.95, noise=0.1, verification=0.0, edges=EDGES
)


def by_quadrature(model, x, level):
    """P(y < level | x) by adaptive quadrature over the severity of the delay."""

    def calm(kept):
        if kept <= 0:
            return 1.0
        return norm.cdf((np.log(level / kept) + model.noise**2 / 2) / model.noise)

    width = model.delay_max - model.delay_min
    late = quad(lambda d: calm((1 - x) * (1 - d)), model.delay_min, model.delay_max, limit=200, epsabs=1e-12)[0] / width
    return (1 - model.delay_probability) * calm(1 - x) + model.delay_probability * late


@given(
    q=st.floats(0, 0.9),
    lo=st.floats(0.0, 0.4),
    width=st.floats(0.05, 0.55),
    sigma=st.floats(0.03, 0.3),
    x=st.floats(0, 0.95),
)
def test_bins_equal_quadrature(q, lo, width, sigma, x):
    model = ShipmentSignal(
        delay_probability=q, delay_min=lo, delay_max=lo + width, noise=sigma, verification=0.0, edges=EDGES
    )
    rows = model.likelihood(np.array([x]))
    cumulative = [by_quadrature(model, x, edge) for edge in EDGES]
    assert np.cumsum(rows[0])[:4] == pytest.approx(cumulative, abs=1e-9)
    assert rows.sum() == pytest.approx(1, abs=1e-14)


def test_low_month_probabilities(closed_form):
    expected, tol, _ = closed_form("P_low_license_and_slow_walk")
    low = DEFAULT.likelihood(np.array([0.0, 0.4]))[:, :3].sum(axis=1)
    assert low == pytest.approx(expected, abs=tol)
    # the inputs of the wedge in the same file carry all digits
    _, _, wedge = closed_form("enforcement_wedge_default")
    assert low == pytest.approx([wedge["p"], wedge["q"]], abs=1e-9)


def test_likelihood_ratio_is_not_monotone():
    """A steady 40 % shortfall is the mark of intent; a collapse is weak evidence (printed table: 1.8, 2.0, 9.3)."""
    license_, slow = DEFAULT.likelihood(np.array([0.0, 0.4]))[:, :3]
    assert slow / license_ == pytest.approx([1.83, 2.03, 9.33], abs=0.01)


def test_draws_follow_the_likelihood():
    model = ShipmentSignal(
        delay_probability=0.3, delay_min=0.15, delay_max=0.95, noise=0.1, verification=0.6, edges=EDGES
    )
    rng = np.random.default_rng(5)
    for x in (0.0, 0.4):
        signals, _, _ = TwoFigures(model, 0.0, 0.1).draw(np.full(200_000, x), np.zeros(200_000), rng)
        counts = np.bincount(signals, minlength=6) / 200_000
        assert counts == pytest.approx(model.likelihood(np.array([x]))[0], abs=0.004)


def test_verification_moves_genuine_delays_only():
    plain = DEFAULT.likelihood(np.array([0.0, 0.4]))
    checked = ShipmentSignal(
        delay_probability=0.2, delay_min=0.15, delay_max=0.95, noise=0.1, verification=0.6, edges=EDGES
    ).likelihood(np.array([0.0, 0.4]))
    assert checked[0, -1] == pytest.approx(0.2 * 0.6)
    assert (checked[0, :3] < plain[0, :3]).all()
    assert checked[1] == pytest.approx(plain[1])
    # printed with the call outcomes: p = .086 with verification .6
    assert checked[0, :3].sum() == pytest.approx(0.086, abs=5e-4)


def test_everything_withheld_is_the_lowest_bin():
    assert DEFAULT.likelihood(np.array([1.0]))[0].tolist() == [1, 0, 0, 0, 0, 0]
