"""China's choice as a share: payoffs and signals at any share withheld, its best share, and the stage equilibrium.

China's payoff is the sum of what a tariff costs it and of what a share brings it, and that of the US likewise. So each
side has a best action whatever the other does, and the two make the only stage equilibrium (ties aside): the tariff
that pays the US most, and the share that pays China most (docs/model.md).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from negotiation._values import Floats, Ints, Reals
from negotiation.games.pact import FineGrid, ShareCase
from negotiation.games.stakes import every_share_bounds
from negotiation.trade.economics.economic_blocks import EconomicBlocks, outer_sum, sum_of_parts
from negotiation.trade.economics.enclosures import EnclosedShares
from negotiation.trade.parameters.derived import DELAY_ENTRY, DELAY_STAY
from negotiation.trade.parameters.registry import CHINA_CHOICE, DELAY_SEEN
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from negotiation.trade.scenario.scenario import Scenario

# China's last actions where it may choose any share: what pays it most when nothing it does is answered, and the share
# that asks most of a low month while the deal stands, so that what deters it deters every share
BEST_SHARE, BINDING_SHARE = "best_share", "binding_share"

# shares withheld that no action lists, against which triggers are checked again: in steps of half a per cent from the
# US alone; where an action goes round, in steps of 2.5 % from the US and 10 % from all others. Steps twice as wide may
# miss a share that pays between two of them
FINE_LEVELS = np.linspace(0.0, 1.0, 201)
COARSE_LEVELS, LEVELS_ELSEWHERE = np.linspace(0.0, 1.0, 41), np.linspace(0.1, 1.0, 10)


def game_actions(scenario: Scenario, blocks: EconomicBlocks) -> tuple[tuple[str, ...], ...]:
    """Return the actions of the game: the listed ones, then China's best and binding shares where it may choose any."""
    us, china = scenario.actions
    return us, (*china, BEST_SHARE, BINDING_SHARE)[: blocks.withheld.shape[-1]]


def delay_cases(blocks: EconomicBlocks) -> tuple[EconomicBlocks, EconomicBlocks]:
    """Return the blocks of a month without a delay and of one with a delay."""
    calm, late = blocks_with_delays(blocks, 0.0, 1.0)
    return calm, late


def blocks_with_delays(blocks: EconomicBlocks, *chances: float) -> tuple[EconomicBlocks, ...]:
    """Return the blocks of months with a delay by each of these chances."""
    figures = (replace(blocks.figures, us=blocks.figures.us.replace(delay_probability=q)) for q in chances)
    return tuple(replace(blocks, figures=each) for each in figures)


def with_binding_share(scenario: Scenario, blocks: EconomicBlocks) -> EconomicBlocks:
    """Return the blocks of one scenario with the binding share as a last action; unchanged without any share."""
    if not scenario.any_share:
        return blocks
    triggers = tuple(scenario.value(f"monitoring.{name}") for name in ("trigger", "common_trigger"))
    deal = scenario.actions[1].index(scenario.deal[1])
    cases: tuple[EconomicBlocks, ...] = (blocks,)
    if scenario.delay_seen:
        cases = delay_cases(blocks)
    elif scenario.delays_last:  # what may be believed of a month
        cases = blocks_with_delays(blocks, scenario.value(DELAY_ENTRY), scenario.value(DELAY_STAY))
    jump = np.array([[blocks.leverage.embargo_threshold]], dtype=np.float64)
    beside = bool(np.any(blocks.elsewhere != 0))
    asked = [every_share_bounds(ShareColumns(case, deal, *triggers), jump, beside) for case in cases]
    _, _, ((here, there),) = max(asked, key=lambda each: float(each[0][0]))
    withheld, elsewhere = np.append(blocks.withheld, here), np.append(blocks.elsewhere, there)
    return replace(blocks, withheld=withheld, elsewhere=elsewhere)


def dominant_profile(blocks: EconomicBlocks, count: int | None = None) -> Ints:
    """Return the actions that pay each side most whatever the other does, (1, 2) or (N, 2); the last of equals.

    count: how many of China's actions count, the first ones; None for all.
    """
    tariffs = sum_of_parts(blocks.us_by_tariff())
    shares = sum_of_parts(blocks.china_by_share(blocks.withheld, blocks.elsewhere))[..., :count][..., ::-1]
    best = np.atleast_1d(tariffs.argmax(axis=-1)), np.atleast_1d(shares.shape[-1] - 1 - shares.argmax(axis=-1))
    return np.stack(np.broadcast_arrays(*best), axis=-1).astype(np.int64)


@dataclass(frozen=True)
class UnlistedShares:
    """Player 1's payoffs (|A_0|, G) and the signal's likelihood (G, Y) at any shares withheld, here and elsewhere."""

    blocks: EconomicBlocks

    def __call__(self, levels: Floats, elsewhere: Floats) -> tuple[Floats, Floats]:
        """Return both at `levels` (G,) withheld from player 0 and `elsewhere` (G,) from all others."""
        blocks = self.blocks
        payoffs = outer_sum(
            sum_of_parts(blocks.china_by_tariff()), sum_of_parts(blocks.china_by_share(levels, elsewhere))
        )
        return payoffs, blocks.figures.likelihood(levels, elsewhere)


def fine_grid(blocks: EconomicBlocks) -> FineGrid:
    """Return the unlisted shares: from the US alone and, where an action goes round, with any share from others."""
    levels, elsewhere = FINE_LEVELS, np.zeros(len(FINE_LEVELS))
    if np.any(blocks.elsewhere != 0):
        more, beside = (grid.ravel() for grid in np.meshgrid(COARSE_LEVELS, LEVELS_ELSEWHERE, indexing="ij"))
        levels, elsewhere = np.concatenate([levels, more]), np.concatenate([elsewhere, beside])
    aside = blocks.figures.both or blocks.figures.reads_delays or bool(np.any(blocks.elsewhere != 0))
    model, enclosure = UnlistedShares(blocks), None if aside else EnclosedShares(blocks)
    # an open embargo starts above its threshold, and a delay is verified only when nothing at all is withheld
    jumps = tuple(sorted({0.0, float(blocks.leverage.embargo_threshold)}))
    return FineGrid(levels, *model(levels, elsewhere), elsewhere, model, jumps=jumps, enclosure=enclosure)


@dataclass(frozen=True)
class ShareColumns:
    """China's gain over the deal and how much more often it is caught, (N, G), at shares (N, G) of N points."""

    blocks: EconomicBlocks
    deal: int
    trigger: Reals
    common: Reals

    def __call__(self, levels: Floats, elsewhere: Floats) -> tuple[Floats, Floats]:
        """Return both, for what is withheld from the US and from all others."""
        licensed = (part[..., [self.deal]] for part in (self.blocks.withheld, self.blocks.elsewhere))
        (gain, low), (gain_kept, low_kept) = (
            self._payoff_and_chance(levels, elsewhere),
            self._payoff_and_chance(*licensed),
        )
        return gain - gain_kept, low - low_kept

    def _payoff_and_chance(self, levels: Floats, elsewhere: Floats) -> tuple[Floats, Floats]:
        gain = sum_of_parts(self.blocks.china_by_share(levels, elsewhere))
        return gain, self.blocks.figures.low(self.trigger, self.common, levels, elsewhere)


def chosen_shares(points: ParameterColumns, blocks: EconomicBlocks) -> ShareColumns:
    """Return what any share brings at many points."""
    triggers = tuple(points.value(f"monitoring.{name}") for name in ("trigger", "common_trigger"))
    return ShareColumns(blocks, points.scenario.actions[1].index(points.scenario.deal[1]), *triggers)


def share_columns(points: ParameterColumns, blocks: EconomicBlocks) -> dict[str, Any]:
    """Return the fields of a `PactBatch` that say what any share brings; none where only listed actions count."""
    chosen = np.not_equal(points.value(CHINA_CHOICE), 0)
    if not np.any(chosen):
        return {}
    knows, q = np.not_equal(points.value(DELAY_SEEN), 0), blocks.figures.us.delay_probability
    cases = [(blocks, chosen & ~knows)]
    if np.any(knows):
        calm, late = delay_cases(blocks)
        cases += [(calm, chosen & knows & np.less(q, 1)), (late, chosen & knows & np.greater(q, 0))]
    return {
        "cases": tuple(
            ShareCase(chosen_shares(points, case), np.broadcast_to(counts, (points.count, 1))[:, 0])
            for case, counts in cases
        ),
        "jump": np.broadcast_to(blocks.leverage.embargo_threshold, (points.count, 1)),
        "elsewhere": bool(np.any(blocks.elsewhere != 0)),
    }
