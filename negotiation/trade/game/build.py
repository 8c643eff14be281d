"""From a scenario to a game: the one place where sourced parameters turn into payoffs and signals.

`build_game(scenario)` returns a `TradeGame`: the pact to be enforced (stage game, monitoring, discount, pledges), the
parts each payoff is made of, and the economic values that stand beside the political ones.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from negotiation._values import Floats, Reals, Value
from negotiation.games.pact import PLEDGES, Pact, PactBatch
from negotiation.games.stage import Monitoring, StageGame
from negotiation.trade.economics.economic_blocks import EconomicBlocks, beside_each
from negotiation.trade.economics.markets import ImportMarket, Leverage, MineralUse, ThirdParty
from negotiation.trade.economics.shipment_signal import ShipmentSignal
from negotiation.trade.economics.two_figures import TwoFigures
from negotiation.trade.game.any_share import (
    dominant_profile,
    fine_grid,
    game_actions,
    share_columns,
    with_binding_share,
)
from negotiation.trade.game.lasting_delays import delay_columns, with_lasting_delays
from negotiation.trade.game.matrix_payoffs import matrix_pact, pledge_value, pledges
from negotiation.trade.game.seen_delay import with_plan_columns, with_plan_means, with_plans
from negotiation.trade.parameters.derived import REVENUE_WEIGHT, mineral_use
from negotiation.trade.parameters.labels import VERIFIED
from negotiation.trade.parameters.registry import CHINA_CHOICE, DELAY_PUBLISHED, DELAY_SEEN, READ
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from negotiation.trade.scenario.scenario import Scenario


class PayoffPart(Value):
    """One economic component of a player's payoff: `values` (|A_0|, |A_1|) in the scenario's unit."""

    _tag = "Part"
    player: int
    name: str
    values: Floats


class TradeGame(Value, kw_only=True):
    """A scenario made playable.

    parts: what each political payoff is made of (they add up to the stage payoffs). parties: the names whose economic
    values are in `real`, shape (parties, |A_0|, |A_1|): the two players, then third parties. tariffs, withheld,
    elsewhere: what each action means, a plan on average. figures: the public signal. Without economics (own payoffs)
    parts is empty, real has no rows and figures is None.
    """

    scenario: Scenario
    pact: Pact
    parts: tuple[PayoffPart, ...]
    parties: tuple[str, ...]
    real: Floats
    tariffs: tuple[float, ...] = ()
    withheld: tuple[float, ...] = ()
    elsewhere: tuple[float, ...] = ()
    figures: TwoFigures | None = None

    @property
    def has_economics(self) -> bool:
        """Whether the payoffs come from the economics rather than from the user's own matrices."""
        return self.figures is not None

    @property
    def shipments(self) -> ShipmentSignal | None:
        """The model of shipments to the US, None without economics."""
        return self.figures.us if self.figures else None


# by the names of the fields that they fill
LEVERAGE = (
    *("leverage", "forgone_revenue", "convex_cost", "embargo_cost", "embargo_threshold"),
    *("others_volume", "others_anger"),
)
SHIPMENTS = ("delay_probability", "delay_min", "delay_max", "noise", "verification")
MARKET = ("import_value", "demand_elasticity", "inverse_supply_elasticity")


def read_blocks(
    scenario: Scenario, value: Callable[[str], Reals] | None = None, realised_shortfall: bool = False
) -> EconomicBlocks:
    """Return the blocks of a scenario of kind "economy".

    value: where its numbers come from instead, columns (N, 1) for N variations of it.
    """
    read = value or scenario.value

    def numbers(section: str, names: Iterable[str]) -> dict[str, Any]:
        return {name: read(f"{section}.{name}") for name in names}

    def market(section: str, base_rate: Reals) -> ImportMarket:
        loss = read(f"{section}.exporter_adjustment_loss")
        return ImportMarket(base_rate=base_rate, adjustment_loss=loss, **numbers(section, MARKET))

    def third_party(name: str) -> ThirdParty:
        section = f"third_parties.{name}"
        uses = numbers(section, ("dependent_output", "china_share"))
        # the security premium is that of the US
        own_use = MineralUse(weight=minerals.weight, substitution=minerals.substitution, **uses)
        shares = numbers(section, ("exposure", "diversion_gain", "deflection_loss"))
        return ThirdParty(name=name, minerals=own_use, **shares)

    us_actions, china_actions = scenario.actions
    us_imports = market("tariffs.us", read(f"actions.us.{scenario.deal[0]}.tariff"))
    minerals = mineral_use(read)
    shipments = ShipmentSignal(edges=scenario.vector("monitoring.edges"), **numbers("monitoring", SHIPMENTS))
    blocks = EconomicBlocks(
        tariffs=beside_each(*(read(f"actions.us.{name}.tariff") for name in us_actions)),
        withheld=beside_each(*(read(f"actions.china.{name}.withheld") for name in china_actions)),
        elsewhere=beside_each(*(read(f"actions.china.{name}.withheld_elsewhere") for name in china_actions)),
        survival=np.where(np.array(us_actions) == scenario.deal[0], 1.0, read("legal.snapback_survival")),
        us_imports=us_imports,
        china_imports=market("tariffs.china", read("tariffs.china.base_rate")),
        embargo_rate=read("tariffs.china.embargo_rate"),
        revenue_weight=1 + read(REVENUE_WEIGHT),
        minerals=minerals,
        leverage=Leverage(scale=read("minerals.leverage_scale"), **numbers("minerals", LEVERAGE)),
        figures=TwoFigures(
            shipments,
            **numbers("monitoring", ("others_trigger", "others_noise")),
            read=np.equal(read(DELAY_PUBLISHED), READ),
        ),
        third_parties=tuple(map(third_party, scenario.third_parties)),
        realised_shortfall=realised_shortfall,
    )
    chosen = read(CHINA_CHOICE)
    return blocks.with_best_share(chosen) if np.any(chosen) else blocks


def build_game(scenario: Scenario, realised_shortfall: bool = False) -> TradeGame:
    """Return the game of a scenario.

    With `realised_shortfall` the mineral damage is that of what arrives, genuine delays and noise included, so that
    fewer delays are worth something in themselves; without it, of what is withheld on purpose.
    """
    if scenario.kind == "payoffs":
        pact = matrix_pact(scenario)
        return TradeGame(scenario=scenario, pact=pact, parts=(), parties=(), real=np.empty((0, *pact.stage.shape)))
    blocks = with_binding_share(scenario, read_blocks(scenario, realised_shortfall=realised_shortfall))
    parts = _parts(blocks)
    payoffs = np.array([np.sum([part.values for part in parts if part.player == i], axis=0) for i in (0, 1)])
    pact = _pact(scenario, blocks, payoffs)

    def of_actions(values: Callable[[EconomicBlocks], Floats]) -> Floats:
        if not scenario.delay_seen or scenario.delays_last:
            return values(blocks)
        return with_plan_means(blocks, len(scenario.actions[1]), pact.deal[1], values)

    every_part = of_actions(lambda kind: np.array([part.values for part in _parts(kind)]))
    return TradeGame(
        scenario=scenario,
        pact=pact,
        parts=tuple(part.replace(values=values) for part, values in zip(parts, every_part, strict=True)),
        parties=(*scenario.players, *scenario.third_parties),
        real=of_actions(EconomicBlocks.real),
        tariffs=tuple(float(rate) for rate in blocks.tariffs),
        withheld=tuple(of_actions(lambda kind: np.asarray(kind.withheld)).tolist()),
        elsewhere=tuple(of_actions(lambda kind: np.asarray(kind.elsewhere)).tolist()),
        figures=blocks.figures,
    )


def build_pact(scenario: Scenario, fine: bool = True, binding: bool = True) -> Pact:
    """Return only the pact of a scenario, for scans over thousands of parameter values.

    fine: whether to prepare the unlisted levels against which triggers are checked again; where any share may be
    chosen they always are. binding: whether the binding share is among the actions then, as closed forms need it.
    """
    if scenario.kind == "payoffs":
        return matrix_pact(scenario)
    blocks = read_blocks(scenario)
    blocks = with_binding_share(scenario, blocks) if binding else blocks
    return _pact(scenario, blocks, np.array(blocks.political()), fine)


def _parts(blocks: EconomicBlocks) -> tuple[PayoffPart, ...]:
    rows, columns = np.zeros(len(blocks.tariffs)), np.zeros(len(blocks.withheld))
    by_tariff = [(0, blocks.us_by_tariff()), (1, blocks.china_by_tariff())]
    by_share = [(0, blocks.us_by_share()), (1, blocks.china_by_share(blocks.withheld, blocks.elsewhere))]
    first = [PayoffPart(i, name, np.add.outer(part, columns)) for i, parts in by_tariff for name, part in parts]
    second = [PayoffPart(i, name, np.add.outer(rows, part)) for i, parts in by_share for name, part in parts]
    return tuple(sorted((*first, *second), key=lambda part: part.player))


def _pact(scenario: Scenario, blocks: EconomicBlocks, payoffs: Floats, fine: bool = True) -> Pact:
    stage = StageGame(scenario.players, game_actions(scenario, blocks), payoffs, scenario.unit)
    signals = scenario.signal_names
    # the binding share, the last action if any, is no better than the best one, and may equal it
    count = len(scenario.actions[1]) + int(scenario.any_share)
    punishment = tuple(dominant_profile(blocks, count)[0].tolist())
    if scenario.punishment:
        punishment = stage.profile(*scenario.punishment)
    rows = blocks.figures.likelihood(blocks.withheld, blocks.elsewhere)
    low = blocks.figures.bad_signals(scenario.value("monitoring.trigger"), scenario.value("monitoring.common_trigger"))
    pact = Pact(
        stage,
        Monitoring(signals, np.broadcast_to(rows, (len(blocks.tariffs), *rows.shape)), observed=(0,)),
        scenario.discount,
        stage.profile(*scenario.deal),
        punishment,
        trigger=tuple(name for name, hit in zip(signals, low, strict=True) if hit),
        eligible=tuple(name for name in signals if name != VERIFIED),
        pledges=pledges(scenario),
        fine=fine_grid(blocks) if fine or scenario.any_share else None,
        every_share=scenario.any_share,
    )
    if scenario.delays_last:
        return with_lasting_delays(pact, blocks, scenario)
    return with_plans(pact, blocks, len(scenario.actions[1])) if scenario.delay_seen else pact


def pact_batch(points: ParameterColumns) -> PactBatch:
    """Return the pacts of many points; every point must be legal."""
    scenario, count = points.scenario, points.count
    best, shares = np.empty((1, 2), dtype=np.int64), {}
    if scenario.kind == "payoffs":
        payoffs, low, observed = _matrix_columns(points)
    else:
        blocks = read_blocks(scenario, points.value)
        best, shares = dominant_profile(blocks), share_columns(points, blocks)
        payoffs = np.stack(np.broadcast_arrays(*blocks.political()), axis=-3)
        rows = blocks.figures.likelihood(blocks.withheld, blocks.elsewhere)
        hit = blocks.figures.bad_signals(points.value("monitoring.trigger"), points.value("monitoring.common_trigger"))
        low, observed = (rows * hit[..., None, :]).sum(axis=-1)[..., None, :], (0,)
        knows = np.not_equal(points.value(DELAY_SEEN), 0)
        delays = delay_columns(points, blocks, hit)
        if delays is not None:
            shares = {name: part for name, part in shares.items() if name != "cases"} | {"delays": delays}
        elif np.any(knows):
            place = scenario.actions[1].index(scenario.deal[1])
            payoffs, low = with_plan_columns(blocks, hit, knows, (payoffs, low), place)
    pledges = [_column(pledge_value(points.scenario, points.value, name), count) for name in PLEDGES]
    deal, stated = (
        tuple(options.index(name) for options, name in zip(scenario.actions, names, strict=True))
        for names in (scenario.deal, scenario.punishment or scenario.deal)
    )
    punishment = np.array([stated]) if scenario.punishment else best
    return PactBatch(
        payoffs=np.broadcast_to(payoffs, (count, *payoffs.shape[-3:])),
        low=np.broadcast_to(low, (count, *payoffs.shape[-2:])),
        discount=points.discount,
        pledges=np.concatenate(pledges, axis=1),
        deal=deal,
        punishment=np.broadcast_to(punishment, (count, 2)),
        observed=observed,
        **shares,
    )


def _matrix_columns(points: ParameterColumns) -> tuple[Floats, Floats, tuple[int, ...]]:
    """Return payoffs, chances of a low month and who is observed, for payoffs given directly."""
    scenario, pact = points.scenario, matrix_pact(points.scenario)
    rows, columns = scenario.actions
    paths = (f"payoffs.{player}.{row}.{column}" for player in scenario.players for row in rows for column in columns)
    numbers = np.concatenate([_column(points.value(path), points.count) for path in paths], axis=1)
    payoffs = numbers.reshape(points.count, 2, len(rows), len(columns))
    return payoffs, pact.monitoring.likelihood @ pact.mask(pact.trigger), pact.monitoring.observed


def _column(value: Reals, count: int) -> Floats:
    return np.broadcast_to(value, (count, 1))
