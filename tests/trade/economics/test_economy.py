"""The economic blocks against solving the market numerically, and against the stored closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq, minimize_scalar

from negotiation.trade.economics.markets import ImportMarket, Leverage, MineralUse


def solved_market(market, rate):
    """Solve demand A p_d^-eps = supply and integrate the surpluses: no formula of the module is used.

    Units are chosen so that the world price is one at the base rate.
    """
    eps, om, base, value = (
        market.demand_elasticity,
        market.inverse_supply_elasticity,
        market.base_rate,
        market.import_value,
    )

    def demand(price):
        return value * (price / (1 + base)) ** -eps

    def supply_price(quantity):
        return (quantity / value) ** om

    quantity = brentq(lambda m: demand((1 + rate) * supply_price(m)) - m, 1e-9 * value, 1e3 * value, xtol=1e-14)
    price = supply_price(quantity)
    buyers = -quad(demand, 1 + base, (1 + rate) * price, epsabs=1e-12)[0]
    sellers = (price * quantity - quad(supply_price, 0, quantity)[0]) - (value - quad(supply_price, 0, value)[0])
    return price * quantity, buyers, sellers


@given(
    eps=st.floats(1.05, 4),
    om=st.floats(0.02, 0.6),
    base=st.floats(0, 0.8),
    rate=st.floats(0, 1.5),
    value=st.floats(0.5, 50),
)
def test_tariff_block_equals_the_solved_and_integrated_market(eps, om, base, rate, value):
    market = ImportMarket(value, base, eps, om, 0.0)
    imports, buyers, sellers = solved_market(market, rate)
    t = np.array([rate])
    assert market.imports(t)[0] == pytest.approx(imports, rel=1e-7)
    assert market.buyers_surplus(t)[0] == pytest.approx(buyers, rel=1e-6, abs=1e-8)
    assert -market.sellers_loss(t)[0] == pytest.approx(sellers, rel=1e-5, abs=1e-7)
    assert market.revenue(t)[0] == pytest.approx(rate * imports - base * value, rel=1e-6, abs=1e-8)


def test_buyers_surplus_is_continuous_at_unit_elasticity():
    t = np.array([0.57])
    at_one = ImportMarket(25, 0.47, 1.0, 0.1, 0.2).buyers_surplus(t)
    near = ImportMarket(25, 0.47, 1 + 1e-7, 0.1, 0.2).buyers_surplus(t)
    assert at_one == pytest.approx(near, rel=1e-5)


def default_market(base=0.47, weight=0.2):
    return ImportMarket(25, base, 2.0, 0.1, weight)


def test_partial_snapback_block(closed_form):
    expected, tol, _ = closed_form("tariff_block_partial_snapback")
    market, t = default_market(), np.array([0.57])
    found = [market.imports(t)[0], market.buyers_surplus(t)[0], market.revenue(t)[0]]
    found.append(-ImportMarket(25, 0.47, 2.0, 0.1, 0.0).sellers_loss(t)[0])
    assert found == pytest.approx(expected, abs=tol)


def test_political_gain_and_chinese_loss(closed_form):
    market, t = default_market(), np.array([0.47, 0.57, 0.81])
    gain = market.buyers_surplus(t) + (1 + market.revenue_weight(0.60)) * market.revenue(t)
    expected, tol, _ = closed_form("default_US_political_gain_f")
    assert gain == pytest.approx(expected, abs=tol)
    expected, tol, _ = closed_form("default_China_loss_h")
    assert market.sellers_loss(t) == pytest.approx(expected, abs=tol)
    expected, tol, _ = closed_form("default_US_economic_cost_of_snapback")
    assert market.buyers_surplus(t) + market.revenue(t) == pytest.approx(expected, abs=tol)


@pytest.mark.parametrize("preferred", [0.52, 0.6, 0.7])
def test_preferred_tariff_maximises_the_governments_objective(preferred):
    market = default_market()
    weight = 1 + market.revenue_weight(preferred)

    def loss(rate):
        t = np.array([rate])
        return -float(market.buyers_surplus(t)[0] + weight * market.revenue(t)[0])

    found = minimize_scalar(loss, bounds=(0.0, 2.0), method="bounded", options={"xatol": 1e-10})
    assert found.x == pytest.approx(preferred, abs=1e-5)


def test_welfare_optimal_tariff_is_the_inverse_supply_elasticity(closed_form):
    expected, tol, inputs = closed_form("welfare_optimal_tariff")
    market = ImportMarket(25, 0.0, 2.0, inputs["omega"], 0.0)
    found = minimize_scalar(
        lambda rate: -float(market.buyers_surplus(np.array([rate]))[0] + market.revenue(np.array([rate]))[0]),
        bounds=(0.0, 1.0),
        method="bounded",
        options={"xatol": 1e-10},
    )
    assert found.x == pytest.approx(expected, abs=max(tol, 1e-5))


def test_no_weight_on_revenue_makes_a_tariff_the_best_one_where_demand_is_too_elastic():
    """The limit is (1 + t*) / (t* - omega) = 1.6 / .5 = 3.2; no demand is too elastic for another best tariff."""
    weights = ImportMarket(25, 0.47, np.array([3.19, 3.2, 3.3]), 0.1, 0.2).revenue_weight(0.6)
    assert np.isinf(weights).tolist() == [False, True, True]
    rates = ImportMarket(25, 0.47, np.array([0.5, 0.6, 5.0]), 0.1, 0.2).preferred_rate(1.0)
    assert np.isinf(rates).tolist() == [True, False, False]


def test_mineral_damage(closed_form):
    expected, tol, i = closed_form("default_mineral_damage_D")
    use = MineralUse(i["V"], i["beta"], i["sigma"], i["chi"], i["nu"])
    assert use.damage(np.array(i["x"])) == pytest.approx(expected, abs=max(tol, 1e-9))


def test_mineral_damage_equals_the_direct_ces_and_tends_to_leontief():
    x = np.array([0.1, 0.4, 0.9])
    for sigma in (0.2, 0.5, 0.9, 2.0):
        r = (sigma - 1) / sigma
        direct = 30 * (1 - ((1 - 0.03) + 0.03 * (1 - 0.7 * x) ** r) ** (1 / r))
        assert MineralUse(30, 0.03, sigma, 0.7).damage(x) == pytest.approx(direct, rel=1e-12)
    # sigma -> 0: output falls to the scarce input's share
    assert MineralUse(30, 0.03, 0.0002, 0.7).damage(x) == pytest.approx(30 * 0.7 * x, rel=0.02)


def test_ces_damage_second_order(closed_form):
    expected, _, inputs = closed_form("CES_damage_second_order")
    use = MineralUse(1.0, 0.03, 0.3, 0.7)
    share = 0.03
    log_m = np.log(1 - 0.7 * inputs["x"])
    second_order = -(share * log_m + share * (1 - share) * (1 - 1 / 0.3) * log_m**2 / 2)
    assert use.damage(np.array([inputs["x"]]))[0] == pytest.approx(second_order, rel=1e-4)
    assert second_order == pytest.approx(expected, rel=1e-2)


def test_leverage_is_s_shaped_and_an_embargo_costs_more(closed_form):
    expected, tol, inputs = closed_form("default_leverage_g_slow_walk")
    leverage = Leverage(
        leverage=0.68, scale=0.3, forgone_revenue=0.05, convex_cost=1.0, embargo_cost=0.5, embargo_threshold=0.5
    )
    x = np.array([inputs["x"], 0.01, 0.9])
    parts = dict(leverage.parts(x))
    net, gain = sum(parts.values()), parts["bargaining leverage"]
    assert net[0] == pytest.approx(expected, abs=tol)
    assert net[1] < gain[1] < 0.01
    assert dict(leverage.parts(np.array([0.5, 0.51])))["cost of an open embargo"].tolist() == [0.0, -0.5]
