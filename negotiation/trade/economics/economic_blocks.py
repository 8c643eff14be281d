"""The economic blocks of one scenario, read once: markets, minerals, leverage, shipments, third parties.

Each side's payoff comes as named parts (docs/model.md) by US tariff (first axis) and Chinese withheld shares (second
axis), in USD bn per month relative to smooth compliance. Numbers may come from one scenario or from N variations of it
at once (`ParameterColumns`): then every array has a leading axis (N,) wherever something varies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from negotiation._values import Floats, Reals
from negotiation.trade.economics.markets import ImportMarket, Leverage, MineralUse, Parts, ThirdParty
from negotiation.trade.economics.shipment_signal import expected_damage
from negotiation.trade.economics.two_figures import TwoFigures

ABOVE = 1e-9  # how far above the embargo threshold its upper side is looked at


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

    def best_share(self) -> Floats:
        """Return the share that pays China most whatever the tariff is, (1,) or (N, 1): the least of equals."""
        jump = np.atleast_1d(self.leverage.embargo_threshold)
        above, peak = np.minimum(jump + ABOVE, 1.0), self.leverage.tempting_share()
        below = np.minimum(peak, jump)
        tried = [np.zeros_like(jump), below, jump, above, np.maximum(peak, above), np.ones_like(jump)]
        shares = np.concatenate(np.broadcast_arrays(*tried), axis=-1)
        gains = sum_of_parts(self.china_by_share(shares, np.zeros_like(shares)))
        return np.take_along_axis(shares, gains.argmax(axis=-1)[..., None], axis=-1)

    def with_best_share(self, chosen: Reals) -> EconomicBlocks:
        """Return the blocks with the best share as a last action of China, the best listed one where not `chosen`."""
        gains = sum_of_parts(self.china_by_share(self.withheld, self.elsewhere))
        place = gains.argmax(axis=-1)[..., None]
        shape = *gains.shape[:-1], self.withheld.shape[-1]
        listed, aside = (
            np.take_along_axis(np.broadcast_to(x, shape), place, axis=-1) for x in (self.withheld, self.elsewhere)
        )
        any_share = np.not_equal(chosen, 0)
        last, beside = np.where(any_share, self.best_share(), listed), np.where(any_share, 0.0, aside)
        return replace(self, withheld=beside_each(self.withheld, last), elsewhere=beside_each(self.elsewhere, beside))

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


def beside_each(*parts: Reals) -> Floats:
    """Return numbers side by side: (L,), or (N, L) when one of them is a column (N, 1)."""
    rows = [np.atleast_1d(part) for part in parts]
    shape = np.broadcast_shapes(*(row.shape[:-1] for row in rows))
    return np.concatenate([np.broadcast_to(row, (*shape, row.shape[-1])) for row in rows], axis=-1)


def sum_of_parts(parts: Parts) -> Floats:
    """Return the sum of named parts."""
    return reduce(np.add, (part for _, part in parts))
