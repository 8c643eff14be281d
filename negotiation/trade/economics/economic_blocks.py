"""The economic blocks of one scenario, read once: markets, minerals, leverage, shipments, third parties.

Each side's payoff comes as named parts (docs/model.md) by US tariff (first axis) and Chinese withheld shares (second
axis), in USD bn per month relative to smooth compliance. Numbers may come from one scenario or from N variations of it
at once (`ParameterColumns`): then every array has a leading axis (N,) wherever something varies.
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from negotiation._values import Floats, Reals
from negotiation.trade.economics.markets import ImportMarket, Leverage, MineralUse, Parts, ThirdParty
from negotiation.trade.economics.shipment_signal import expected_damage
from negotiation.trade.economics.two_figures import TwoFigures


@dataclass(frozen=True, kw_only=True)
class EconomicBlocks:
    """The blocks of one scenario.

    tariffs: (..., T), withheld, elsewhere: (..., X) of the listed actions. figures: the public signal. survival:
    (..., T), the chance that a tariff above the deal's stands in court; in expectation its effects shrink by that much.
    revenue_weight: 1 + lambda.
    """

    tariffs: Floats
    withheld: Floats
    elsewhere: Floats
    survival: Floats
    us_imports: ImportMarket
    china_imports: ImportMarket
    embargo_rate: Reals
    revenue_weight: Reals
    minerals: MineralUse
    leverage: Leverage
    figures: TwoFigures
    third_parties: tuple[ThirdParty, ...]
    realised_shortfall: bool

    def damage(self, withheld: Floats) -> Floats:
        """Return the political damage to the US by withheld share, (X,); over realised shortfalls where so asked."""
        if self.realised_shortfall:
            return expected_damage(self.minerals, self.figures.us, withheld)
        return self.minerals.damage(withheld)

    def china_rates(self, withheld: Floats) -> Floats:
        """Return China's tariff on US goods by withheld share: an embargo comes with the embargo rate."""
        return np.where(self.leverage.is_embargo(withheld), self.embargo_rate, self.china_imports.base_rate)

    def us_by_tariff(self) -> Parts:
        """Return the parts of f(t), the US government's gain from a tariff, (T,) each."""
        surplus = self.survival * self.us_imports.buyers_surplus(self.tariffs)
        revenue = self.survival * self.revenue_weight * self.us_imports.revenue(self.tariffs)
        return [("buyers' surplus", surplus), ("tariff revenue, politically weighted", revenue)]

    def us_by_share(self) -> Parts:
        """Return what withholding costs the US, (X,) each."""
        rates = self.china_rates(self.withheld)
        return [
            ("mineral damage", -self.damage(self.withheld)),
            ("exporters' loss from China's tariffs", -self.china_imports.sellers_loss(rates)),
        ]

    def china_by_tariff(self) -> Parts:
        """Return -h(t), what US tariffs cost China, (T,)."""
        return [("exporters' loss from US tariffs", -self.survival * self.us_imports.sellers_loss(self.tariffs))]

    def china_by_share(self, withheld: Floats, elsewhere: Floats) -> Parts:
        """Return the parts of g(x, e), China's gain from withholding, (len(withheld),) each."""
        rates = self.china_rates(withheld)
        own_tariffs = self.china_imports.buyers_surplus(rates) + self.china_imports.revenue(rates)
        there = self.leverage.parts_elsewhere(elsewhere) if np.any(elsewhere != 0) else []
        return [*self.leverage.parts(withheld), ("own tariffs", own_tariffs), *there]

    def real(self) -> Floats:
        """Return economic (not political) payoffs of the US, China and the third parties, (2 + third, T, X).

        US: buyers' surplus and revenue at face value, damage without the security premium. China: exporters' loss and
        own tariffs; leverage and others' anger are political, and minerals not sold stay in the ground.
        """
        rates = self.china_rates(self.withheld)
        us = self.survival * (self.us_imports.buyers_surplus(self.tariffs) + self.us_imports.revenue(self.tariffs))
        harm = self.damage(self.withheld) / (1 + self.minerals.security_premium)
        own_tariffs = self.china_imports.buyers_surplus(rates) + self.china_imports.revenue(rates)
        lost = self.survival * (self.us_imports.import_value - self.us_imports.imports(self.tariffs))
        rows = [
            outer_sum(us, -harm - self.china_imports.sellers_loss(rates)),
            outer_sum(self.china_by_tariff()[0][1], own_tariffs),
        ]
        rows += [party.payoffs(lost, self.withheld, self.elsewhere) for party in self.third_parties]
        return np.stack(np.broadcast_arrays(*rows), axis=-3)

    def political(self) -> tuple[Floats, Floats]:
        """Return the political payoffs of the US and of China, (..., T, X) each."""
        us = outer_sum(sum_of_parts(self.us_by_tariff()), sum_of_parts(self.us_by_share()))
        return us, outer_sum(
            sum_of_parts(self.china_by_tariff()), sum_of_parts(self.china_by_share(self.withheld, self.elsewhere))
        )


def outer_sum(by_tariff: Floats, by_share: Floats) -> Floats:
    """Return the sums (..., T, X) of what depends on the tariff (..., T) and on the withheld share (..., X)."""
    sums: Floats = by_tariff[..., :, None] + by_share[..., None, :]
    return sums


def sum_of_parts(parts: Parts) -> Floats:
    """Return the sum of named parts."""
    return reduce(np.add, (part for _, part in parts))
