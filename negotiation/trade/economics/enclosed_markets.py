"""The formulas of `markets` on balls: what comes out contains the true number, whatever is rounded (Johansson 2017)."""

from flint import arb

from negotiation._values import Reals
from negotiation.trade.economics.markets import ImportMarket


def ball(number: Reals) -> arb:
    """Return a parameter, exactly."""
    return arb(float(number))


def sellers_loss(market: ImportMarket, rate: Reals) -> arb:
    """Return the exporting country's loss at a tariff rate."""
    om = ball(market.inverse_supply_elasticity)
    lost = ball(market.import_value) - _imports(market, ball(rate))
    return (om / (1 + om) + ball(market.adjustment_loss)) * lost


def own_tariffs(market: ImportMarket, rate: Reals) -> arb:
    """Return the change in buyers' surplus and revenue at a tariff rate."""
    eps, om, base = (
        ball(number) for number in (market.demand_elasticity, market.inverse_supply_elasticity, market.base_rate)
    )
    scale, passed = (1 + base) * ball(market.import_value), 1 / (1 + eps * om)
    log_tau = ((1 + ball(rate)) / (1 + base)).log()
    surplus = -scale * passed * log_tau
    if market.demand_elasticity != 1:
        surplus = scale / (eps - 1) * ((1 - eps) * passed * log_tau).expm1()
    return surplus + ball(rate) * _imports(market, ball(rate)) - base * ball(market.import_value)


def _imports(market: ImportMarket, rate: arb) -> arb:
    eps, om = ball(market.demand_elasticity), ball(market.inverse_supply_elasticity)
    tau = (1 + rate) / (1 + ball(market.base_rate))
    return ball(market.import_value) * tau ** (-eps * (1 + om) / (1 + eps * om))
