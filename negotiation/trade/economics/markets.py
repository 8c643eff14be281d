"""What tariffs and withheld minerals cost and bring, part by part; docs/model.md has the formulas and the symbols.

Constant-elasticity import markets (Johnson 1953; Broda, Limao, Weinstein 2008); a government that values revenue at
1 + lambda, backed out from the tariff it would prefer (Ossa 2014); minerals in a CES aggregate in which they are hard
to replace. Everything is in USD bn per month relative to smooth compliance.

A field may be one number or a column (N, 1) of numbers: then rates or shares (N, L), or (L,) for all, give (N, L).
"""

from collections.abc import Callable

import numpy as np

from negotiation._values import Bools, Floats, Reals, Value

Parts = list[tuple[str, Floats]]  # of a payoff, by name

# exponents above it take the other form of log[(1 - beta) + beta e^power], which leaves out a part of e^-30 / beta; the
# first form overflows at 709
LARGEST_EXPONENT = 30.0
BISECTIONS = 52  # halvings, which leave nothing of a unit interval in double precision
SMALLEST_WEIGHT = 1e-300  # in place of a weight of 0, whose logarithm is not used


class ImportMarket(Value):
    """One country's imports from the other: value M0 (USD bn per month at `base_rate`), elasticities, idle-factor loss.

    `adjustment_loss` is what the exporting country loses per dollar of trade lost, on top of its sellers' surplus.
    """

    import_value: Reals
    base_rate: Reals
    demand_elasticity: Reals
    inverse_supply_elasticity: Reals
    adjustment_loss: Reals

    def imports(self, rate: Floats) -> Floats:
        """Return imports at world prices M(t) in USD bn per month for ad-valorem rates t."""
        eps, om = self.demand_elasticity, self.inverse_supply_elasticity
        tau = (1 + rate) / (1 + self.base_rate)
        value: Floats = self.import_value * tau ** (-eps * (1 + om) / (1 + eps * om))
        return value

    def revenue(self, rate: Floats) -> Floats:
        """Return the change in tariff revenue dR in USD bn per month."""
        change: Floats = rate * self.imports(rate) - self.base_rate * self.import_value
        return change

    def buyers_surplus(self, rate: Floats) -> Floats:
        """Return the change in buyers' surplus dCS in USD bn per month (the limit is taken where eps = 1)."""
        eps, om = self.demand_elasticity, self.inverse_supply_elasticity
        theta = eps * om / (1 + eps * om)
        log_tau = np.log1p(rate) - np.log1p(self.base_rate)
        scale = (1 + self.base_rate) * self.import_value
        with np.errstate(divide="ignore", invalid="ignore"):
            change = scale / np.subtract(eps, 1.0) * np.expm1((1 - eps) * (1 - theta) * log_tau)
        return np.where(np.equal(eps, 1), -scale * (1 - theta) * log_tau, change)

    def sellers_loss(self, rate: Floats) -> Floats:
        """Return the exporting country's loss -dPS + kappa (M0 - M) in USD bn per month."""
        om = self.inverse_supply_elasticity
        lost: Floats = self.import_value - self.imports(rate)
        return (om / (1 + om) + self.adjustment_loss) * lost

    def revenue_weight(self, preferred_rate: Reals) -> Reals:
        """Return lambda, the extra weight on revenue that makes `preferred_rate` the government's best tariff.

        It is infinite when no finite weight does: eps must be below (1 + t*) / (t* - omega).
        """
        share = self.demand_elasticity * (1 - (1 + self.inverse_supply_elasticity) / (1 + preferred_rate))
        return _where_below(share, 1.0, share, 1 - share)

    def preferred_rate(self, revenue_weight: Reals) -> Reals:
        """Return t*, the tariff that maximises buyers' surplus + (1 + lambda) revenue at weight lambda >= 0.

        It is infinite when every tariff is worse than a higher one: lambda / (1 + lambda) must be below eps.
        """
        eps, share = self.demand_elasticity, revenue_weight / (1 + revenue_weight)
        return _where_below(share, eps, 1 + self.inverse_supply_elasticity, 1 - share / eps) - 1


def _where_below(share: Reals, limit: Reals, above: Reals, below: Reals) -> Reals:
    """Return above / below where the share is below its limit, infinity elsewhere."""
    with np.errstate(divide="ignore"):
        return np.where(np.less(share, limit), np.divide(above, below), np.inf)


class MineralUse(Value):
    """An economy that uses minerals: dependent output V (USD bn per month), weight beta, substitution sigma, shares.

    `china_share` is chi, the part of supply that comes from China; `security_premium` is nu, what the government adds
    to the economic damage.
    """

    dependent_output: Reals
    weight: Reals
    substitution: Reals
    china_share: Reals
    security_premium: Reals = 0.0

    def damage(self, withheld: Floats) -> Floats:
        """Return D(x) in USD bn per month for withheld shares x in [0, 1] (Baqaee, Farhi 2019 give the local form)."""
        r = (self.substitution - 1) / self.substitution
        power = r * np.log(1 - self.china_share * withheld)
        # log[(1 - beta) + beta e^power], exact at zero, and in another form where e^power would overflow
        log_index = np.log1p(self.weight * np.expm1(np.minimum(power, LARGEST_EXPONENT)))
        large = power + np.log(np.maximum(self.weight, SMALLEST_WEIGHT))
        log_index = np.where(power > LARGEST_EXPONENT, large, log_index)
        loss: Floats = -(1 + self.security_premium) * self.dependent_output * np.expm1(log_index / r)
        return loss


class Leverage(Value, kw_only=True):
    """What China gains and risks by withholding: S-shaped leverage less forgone sales and convex costs (USD bn/month).

    S-shaped on purpose: with a concave gain, tiny shaving is profitable and undetectable, and no scheme enforces x = 0.
    An embargo (x above `embargo_threshold`) is undeniable and costs `embargo_cost` more. Withholding from all others
    too forgoes sales there, `others_volume` times as large, and costs their anger; it brings no leverage.
    """

    leverage: Reals
    scale: Reals
    forgone_revenue: Reals
    convex_cost: Reals
    embargo_cost: Reals
    embargo_threshold: Reals
    others_volume: Reals = 0.0
    others_anger: Reals = 0.0

    def parts(self, withheld: Floats) -> Parts:
        """Return leverage Lambda (1 - exp(-(x / xhat)^2)) and, as negative numbers, what withholding costs, by name."""
        return [
            ("bargaining leverage", -self.leverage * np.expm1(-((withheld / self.scale) ** 2))),
            ("forgone mineral sales", -(self.forgone_revenue * withheld)),
            ("disruption at home", -(self.convex_cost * withheld**2 / 2)),
            ("cost of an open embargo", -np.where(self.is_embargo(withheld), self.embargo_cost, 0.0)),
        ]

    def parts_elsewhere(self, elsewhere: Floats) -> Parts:
        """Return what a share withheld from all others costs, linear in it, by name."""
        return [
            ("sales forgone elsewhere", -(self.forgone_revenue * self.others_volume * elsewhere)),
            ("others' anger", -(self.others_anger * elsewhere)),
        ]

    def tempting_share(self) -> Floats:
        """Return the share at which what is gained and risked by withholding peaks, (1,) or (N, 1); 0 without a peak.

        With s = x / xhat the marginal gain is s (a e^(-s^2) - c xhat) - forgone_revenue, a = 2 leverage / xhat: it
        rises to one peak and falls from there, so that it crosses 0 downwards at most once. Past 1 the peak is 1.
        """
        scale = np.atleast_1d(np.asarray(self.scale, dtype=np.float64))
        a, c, sales = np.broadcast_arrays(2 * self.leverage / scale, self.convex_cost * scale, self.forgone_revenue)

        def gain(s: Floats) -> Floats:
            return np.asarray(s * (a * np.exp(-s * s) - c) - sales)

        top = bisected(lambda s: a * np.exp(-s * s) * (1 - 2 * s * s) - c, np.zeros_like(a), np.full_like(a, 0.5**0.5))
        end = np.maximum(1 / scale, top)
        return np.where(gain(top) > 0, np.minimum(scale * bisected(gain, top, end), 1.0), 0.0)

    def is_embargo(self, withheld: Floats) -> Bools:
        """Return where the withheld share is an open embargo."""
        return np.asarray(withheld) > self.embargo_threshold


def bisected(falling: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Return where functions that are positive, then negative between `low` and `high` cross 0; else the nearer end."""
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        positive = falling(middle) > 0
        low, high = np.where(positive, middle, low), np.where(positive, high, middle)
    return (low + high) / 2


class ThirdParty(Value):
    """A passive third economy, such as India or the EU.

    exposure: to what is withheld from the US (1 when controls are global, as in April 2025). diversion_gain,
    deflection_loss: what diverted trade brings, and goods deflected from the US cost, each per dollar of trade lost.
    """

    name: str
    minerals: MineralUse
    exposure: Reals
    diversion_gain: Reals
    deflection_loss: Reals

    def payoffs(self, trade_lost: Floats, withheld: Floats, elsewhere: Floats) -> Floats:
        """Return payoffs (..., T, X) in USD bn per month for trade lost (..., T) and withheld shares (..., X) each."""
        diverted = (self.diversion_gain - self.deflection_loss) * trade_lost
        harmed = self.minerals.damage(np.maximum(self.exposure * withheld, elsewhere))
        total: Floats = diverted[..., :, None] - harmed[..., None, :]
        return total
