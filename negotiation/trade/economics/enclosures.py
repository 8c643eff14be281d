"""Rigorous bounds on what a withheld share brings China and on the signal it sends.

`EnclosedShares` bounds, over cells of shares, what `EconomicBlocks` says of player 1's payoff and `ShipmentSignal` of
the chances: values at both ends, derivatives over the cell. Parameters are doubles, taken as exact; every number
between is a ball that contains the truth, and its ends are rounded outwards to doubles.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from flint import arb, ctx

from negotiation._values import Floats
from negotiation.games.pact import Enclosures
from negotiation.trade.economics.economic_blocks import EconomicBlocks
from negotiation.trade.economics.enclosed_markets import ball, own_tariffs, sellers_loss
from negotiation.trade.economics.enclosed_signal import NOTHING_SHIPPED, EdgeAt, EnclosedEdge, EnclosedSeverity

PRECISION = 64  # bits of a ball's centre: 11 more than a double has, for what differences of nearly equal terms lose
MOST_PRECISION = 4096  # bits that extreme delays and noise may ask for; beyond, bounds are wider
DOUBLE = 53  # bits of a double, to which results are rounded outwards
SMALLEST_DOUBLE = 1e-300  # stands for anything smaller, outwards: doubles below it lose digits

Bounds = list[tuple[float, float]]


class _Numbers(NamedTuple):
    """What the formulas need of one scenario, as balls.

    scale: xhat. lever_most: the largest derivative of leverage, at xhat / sqrt 2. losses: by tariff, what player 1
    loses less what its own tariffs bring. jump: what an embargo adds. delayed, unseen: chance of a delay, and of one
    that is not verified while nothing is withheld.
    """

    leverage: arb
    scale: arb
    lever_most: arb
    forgone: arb
    convex: arb
    losses: tuple[arb, ...]
    jump: arb
    delayed: arb
    unseen: arb
    severity: EnclosedSeverity
    edges: tuple[EnclosedEdge, ...]


class _Point(NamedTuple):
    """At one share: 1 / (1 - x) (None at 1), the payoff without what jumps, the derivative of leverage, the edges."""

    stretch: arb | None
    gain: arb
    lever_slope: arb
    edges: tuple[EdgeAt, ...]


@dataclass(frozen=True)
class EnclosedShares:
    """Bounds over cells of shares (see `Enclosures`); nothing is withheld from others, nor is their figure read."""

    blocks: EconomicBlocks

    def __call__(self, low: Floats, high: Floats) -> Enclosures:
        """Return the bounds for cells from `low` (K,) to `high` (K,)."""
        cells = list(zip(low.tolist(), high.tolist(), strict=True))
        values = np.array([[self._values(share, cell[1]) for share in cell] for cell in cells])
        slopes = np.array([self._slopes(*cell) for cell in cells])
        rows = len(self._numbers.losses)
        steep = np.broadcast_to(slopes[:, :1], (len(cells), rows, 2))
        return Enclosures(values[:, :, :rows], values[:, :, rows:], steep, slopes[:, 1:])

    def __getstate__(self) -> dict[str, Any]:
        return {"blocks": self.blocks}  # balls cannot be pickled

    def _values(self, share: float, high: float) -> Bounds:
        """Return payoffs by tariff and cumulative chances by signal at an end of a cell up to `high`, from within."""
        verifiable, embargo = high == 0, bool(high > self.blocks.leverage.embargo_threshold)
        key = share, verifiable, embargo
        if key not in self._bounds_by_cell:
            with ctx.workprec(self._precision):
                point, numbers = self._point(share), self._numbers
                gain = point.gain + numbers.jump if embargo else point.gain
                late = numbers.unseen if verifiable else numbers.delayed
                below = [(1 - numbers.delayed) * edge.calm + late * edge.late for edge in point.edges]
                balls = [*(gain - loss for loss in numbers.losses), *below, 1 - numbers.delayed + late]
            self._bounds_by_cell[key] = _doubles(balls)
        return self._bounds_by_cell[key]

    def _slopes(self, low: float, high: float) -> Bounds:
        """Return bounds on the derivatives over a cell: of the payoff, then of the cumulative chances."""
        with ctx.workprec(self._precision):
            first, last, numbers = self._point(low), self._point(high), self._numbers
            share, lever = arb(low).union(arb(high)), first.lever_slope.union(last.lever_slope)
            if not (2 * arb(low) ** 2 > numbers.scale**2 or 2 * arb(high) ** 2 < numbers.scale**2):
                lever = lever.union(numbers.lever_most)
            balls = [lever - numbers.forgone - numbers.convex * share]
            for edge, *ends in zip(numbers.edges, first.edges, last.edges, strict=True):
                calm, late = edge.rates((ends[0], ends[1]), first.stretch, last.stretch)
                balls.append((1 - numbers.delayed) * calm + numbers.delayed * late)
        return _doubles([*balls, arb(0)])

    def _point(self, share: float) -> _Point:
        if share not in self._points:
            numbers, x = self._numbers, arb(share)
            falling = (-((x / numbers.scale) ** 2)).exp()
            gain = numbers.leverage * (1 - falling) - numbers.forgone * x - numbers.convex * x * x / 2
            slope, stretch = 2 * numbers.leverage * x / numbers.scale**2 * falling, None
            edges = (NOTHING_SHIPPED,) * len(numbers.edges)
            if share < 1:
                stretch = 1 / (1 - x)
                moved = stretch.log() * numbers.severity.per_log
                edges = tuple(edge.chances_at(stretch, moved) for edge in numbers.edges)
            self._points[share] = _Point(stretch, gain, slope, edges)
        return self._points[share]

    @cached_property
    def _precision(self) -> int:
        """Bits: more where delays hardly differ or noise is large, as chances given a delay are differences then."""
        us = self.blocks.figures.us
        lost = us.noise**2 / math.log(2) - math.log2(us.delay_max - us.delay_min)
        return min(PRECISION + max(0, math.ceil(lost)), MOST_PRECISION)

    @cached_property
    def _points(self) -> dict[float, _Point]:
        return {}

    @cached_property
    def _bounds_by_cell(self) -> dict[tuple[float, bool, bool], Bounds]:
        return {}

    @cached_property
    def _numbers(self) -> _Numbers:
        blocks, us, lever = self.blocks, self.blocks.figures.us, self.blocks.leverage
        with ctx.workprec(self._precision):
            base = own_tariffs(blocks.china_imports, blocks.china_imports.base_rate)
            embargo = own_tariffs(blocks.china_imports, blocks.embargo_rate) - ball(lever.embargo_cost)
            losses = [
                ball(survival) * sellers_loss(blocks.us_imports, rate) - base
                for survival, rate in zip(blocks.survival, blocks.tariffs, strict=True)
            ]
            size, scale, delayed = ball(lever.leverage), ball(lever.scale), ball(us.delay_probability)
            severity = EnclosedSeverity.of(us)
            return _Numbers(
                leverage=size,
                scale=scale,
                lever_most=size * arb(2).sqrt() / scale * (-arb(0.5)).exp(),
                forgone=ball(lever.forgone_revenue),
                convex=ball(lever.convex_cost),
                losses=tuple(losses),
                jump=embargo - base,
                delayed=delayed,
                unseen=delayed * (1 - ball(us.verification)),
                severity=severity,
                edges=tuple(EnclosedEdge.of(us, severity, edge) for edge in us.edges),
            )


def _doubles(balls: list[arb]) -> Bounds:
    """Return the two ends of each ball, outwards where a double cannot say them."""
    with ctx.workprec(DOUBLE):
        return [(_double(each.lower(), -SMALLEST_DOUBLE), _double(each.upper(), SMALLEST_DOUBLE)) for each in balls]


def _double(end: arb, tiny: float) -> float:
    number = float(end)
    return number if abs(number) > SMALLEST_DOUBLE or end == 0 else tiny
