"""Enclosures contain the truth: payoffs, chances and difference quotients, from formulas of their own in 40 digits."""

import pickle
from itertools import pairwise
from random import Random

import mpmath
import numpy as np
import pytest

from negotiation.trade.economics.enclosures import EnclosedShares
from negotiation.trade.game.build import build_pact, read_blocks

DIGITS = 50


def random_blocks(scenario, rng):
    """Return the blocks of a scenario with every number drawn from its plausible range, and random edges."""
    drawn = {}

    def value(path):
        parameter = scenario.parameters.get(path)
        if parameter is None or parameter.low is None or path == "politics.us.preferred_tariff":
            return scenario.value(path)
        return drawn.setdefault(path, rng.uniform(parameter.low, parameter.high))

    blocks = read_blocks(scenario, value)
    edges = tuple(sorted(rng.uniform(0.01, 1.49) for _ in range(rng.randint(1, 5))))
    verified = rng.choice([0.0, rng.random()])
    us = blocks.figures.us.replace(edges=edges, verification=verified, delay_max=rng.choice([1.0, 0.9, 0.97]))
    return replaced(blocks, figures=blocks.figures.replace(us=us))


def replaced(blocks, **changes):
    return type(blocks)(**{**vars(blocks), **changes})


def true_payoff(blocks, row, x, embargo):
    """u(a, x) of docs/model.md."""
    lever, own = blocks.leverage, blocks.china_imports
    x = mpmath.mpf(x)
    gain = lever.leverage * (1 - mpmath.exp(-((x / mpmath.mpf(lever.scale)) ** 2)))
    gain -= lever.forgone_revenue * x + lever.convex_cost * x**2 / 2
    if embargo:
        gain += bought(own, blocks.embargo_rate) - bought(own, own.base_rate) - mpmath.mpf(lever.embargo_cost)
    market = blocks.us_imports
    lost = market.import_value - imports(market, blocks.tariffs[row])
    om = mpmath.mpf(market.inverse_supply_elasticity)
    return gain - float(blocks.survival[row]) * (om / (1 + om) + market.adjustment_loss) * lost


def imports(market, rate):
    eps, om = mpmath.mpf(market.demand_elasticity), mpmath.mpf(market.inverse_supply_elasticity)
    tau = (1 + mpmath.mpf(float(rate))) / (1 + mpmath.mpf(market.base_rate))
    return market.import_value * tau ** (-eps * (1 + om) / (1 + eps * om))


def bought(market, rate):
    """Buyers' surplus and revenue: the area under demand between the two prices, by quadrature."""
    eps, om = mpmath.mpf(market.demand_elasticity), mpmath.mpf(market.inverse_supply_elasticity)
    base, rate = mpmath.mpf(market.base_rate), mpmath.mpf(rate)
    price = (1 + rate) * ((1 + rate) / (1 + base)) ** (-eps * om / (1 + eps * om))
    area = mpmath.quad(lambda p: (p / (1 + base)) ** -eps, [1 + base, price])
    return rate * imports(market, rate) - market.import_value * (base + area)


def true_below(signal, edge, x, verifiable=False, by_quadrature=False):
    """P(y < edge, not verified | x): a lognormal, averaged over the severity of a delay."""
    if x == 1:
        return mpmath.mpf(1)
    sigma, x = mpmath.mpf(signal.noise), mpmath.mpf(x)
    lo, hi = 1 - mpmath.mpf(signal.delay_max), 1 - mpmath.mpf(signal.delay_min)
    k = mpmath.log(edge) - mpmath.log(1 - x) + sigma**2 / 2

    def below(u):
        return mpmath.ncdf((k - mpmath.log(u)) / sigma)

    def area(u):
        if u == 0:
            return mpmath.mpf(0)
        z = (k - mpmath.log(u)) / sigma
        return u * mpmath.ncdf(z) + mpmath.exp(k + sigma**2 / 2) * mpmath.ncdf(-z - sigma)

    if by_quadrature:
        middle = min(max(mpmath.exp(k), lo), hi)
        near = sorted({lo, hi, *(min(max(middle * mpmath.exp(c * sigma), lo), hi) for c in range(-9, 10, 3))})
        late = mpmath.quad(below, near) / (hi - lo)
    else:
        late = (area(hi) - area(lo)) / (hi - lo)
    q = mpmath.mpf(signal.delay_probability)
    unseen = q * (1 - mpmath.mpf(signal.verification)) if verifiable else q
    return (1 - q) * below(mpmath.mpf(1)) + unseen * late


def contains(bounds, number, slack=0):
    return bounds[0] - slack <= number <= bounds[1] + slack


def random_cell(blocks, rng):
    """Return a cell that no jump divides: of any width, often at the end of a piece."""
    threshold = blocks.leverage.embargo_threshold
    piece = rng.choice([(0.0, threshold), (threshold, 1.0)])
    ends = [rng.choice([rng.uniform(*piece), rng.choice(piece)]) for _ in range(2)]
    if rng.random() < 0.5:
        ends[1] = min(max(ends[0] + rng.choice([-1, 1]) * 10 ** rng.uniform(-9, -1), piece[0]), piece[1])
    return tuple(sorted(ends)) if ends[0] != ends[1] else piece


@pytest.mark.parametrize("seed", range(30))
def test_random_scenarios_are_enclosed(default_scenario, seed):
    rng = Random(seed)
    blocks = random_blocks(default_scenario, rng)
    if seed >= 24:  # delays that hardly differ, and noise of any size
        us = blocks.figures.us.replace(delay_max=blocks.figures.us.delay_min + 1e-6, noise=rng.choice([0.01, 1.0, 5.0]))
        blocks = replaced(blocks, figures=blocks.figures.replace(us=us))
    signal, rows = blocks.figures.us, range(len(blocks.tariffs))
    cells = [random_cell(blocks, rng) for _ in range(8)]
    bounds = EnclosedShares(blocks)(*np.array(cells).T)
    with mpmath.workdps(DIGITS):
        for n, (low, high) in enumerate(cells):
            embargo = high > blocks.leverage.embargo_threshold
            inside = sorted(rng.uniform(low, high) for _ in range(2))
            for end, share in enumerate((low, high)):
                for row in rows:
                    assert contains(bounds.payoffs[n, end, row], true_payoff(blocks, row, share, embargo))
                for j, edge in enumerate(signal.edges):
                    assert contains(bounds.cumulative[n, end, j], true_below(signal, edge, share))
                assert tuple(bounds.cumulative[n, end, -1]) == (1, 1)
            shares = [low, *inside, high]
            for first, last in pairwise(shares):
                width = mpmath.mpf(last) - mpmath.mpf(first)
                if not width:
                    continue
                rise = true_payoff(blocks, 0, last, embargo) - true_payoff(blocks, 0, first, embargo)
                assert contains(bounds.payoff_slopes[n, 0], rise / width)
                for j, edge in enumerate(signal.edges):
                    rise = true_below(signal, edge, last) - true_below(signal, edge, first)
                    assert contains(bounds.cumulative_slopes[n, j], rise / width, slack=mpmath.mpf(10) ** -20), (
                        seed,
                        low,
                        high,
                        j,
                    )
            assert (bounds.cumulative_slopes[n, -1] == 0).all()
            assert (bounds.cumulative[n, ..., 1] - bounds.cumulative[n, ..., 0]).max() < 1e-15


@pytest.mark.parametrize("seed", range(3))
def test_the_closed_form_is_the_average_over_delays(default_scenario, seed):
    rng = Random(seed)
    signal = random_blocks(default_scenario, rng).figures.us
    with mpmath.workdps(20):
        for edge in signal.edges:
            x = rng.random()
            plain, summed = (true_below(signal, edge, x, by_quadrature=way) for way in (False, True))
            assert abs(plain - summed) < 1e-12


def test_single_shares_stand_for_themselves(default_scenario):
    """At 0 a delay may be verified; just above it none is, and the threshold itself is no embargo yet."""
    scenario = default_scenario.set("monitoring.verification", 0.6)
    pact = build_pact(scenario)
    threshold = scenario.value("minerals.embargo_threshold")
    shares = np.array([0.0, 0.2, threshold, 0.7, 1.0])
    bounds = pact.fine.enclosure(shares, shares)
    payoffs, chances = pact.fine.model(shares, np.zeros(5))
    middle = bounds.cumulative.mean(axis=-1)
    assert (bounds.cumulative[:, 0] == bounds.cumulative[:, 1]).all()
    np.testing.assert_allclose(middle[:, 0], np.cumsum(chances, axis=1)[:, :-1], rtol=0, atol=1e-14)
    np.testing.assert_allclose(bounds.payoffs[:, 0].mean(axis=-1), payoffs.T, rtol=0, atol=1e-13)
    above = pact.fine.enclosure(np.array([0.0, threshold]), np.array([threshold, 1.0]))
    assert above.cumulative[0, 0, -1, 0] == 1 > bounds.cumulative[0, 0, -1, 1]
    assert above.payoffs[1, 0, 0, 1] < bounds.payoffs[2, 0, 0, 0] - 0.1
    assert (above.payoffs[0, 1] == bounds.payoffs[2, 0]).all()


def test_bounds_are_tight_and_close_in_on_the_slope(default_scenario):
    enclosure = build_pact(default_scenario).fine.enclosure
    for width, room in ((1e-2, 1.0), (1e-4, 1e-2), (1e-6, 1e-4)):
        low = np.linspace(0, 0.49, 50)
        bounds = enclosure(low, low + width)
        for slopes in (bounds.payoff_slopes, bounds.cumulative_slopes):
            assert (slopes[..., 1] - slopes[..., 0]).max() < room * 4
        for values in (bounds.payoffs, bounds.cumulative):
            assert (values[..., 1] - values[..., 0]).max() < 1e-15


def test_enclosures_travel_to_other_processes(default_scenario):
    enclosure = build_pact(default_scenario).fine.enclosure
    low, high = np.array([0.1]), np.array([0.2])
    before = enclosure(low, high)
    after = pickle.loads(pickle.dumps(enclosure))(low, high)
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize("name", ["two-figures-2025"])
def test_nothing_is_enclosed_where_the_others_figure_is_read(name):
    from negotiation.trade.files.load import load_scenario

    assert build_pact(load_scenario(name)).fine.enclosure is None
