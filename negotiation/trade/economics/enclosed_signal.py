"""The chances of `shipment_signal` and their derivatives in the withheld share, on balls that contain the truth.

With k = log level - log(1 - x) + sigma^2 / 2 and z_u = (k - log u) / sigma for u = 1 - d between lo and hi, the chances
that shipments stay below the level grow in x at the rates

    without a delay:  phi(k / sigma) / (sigma (1 - x)),                       one peak, at k = sigma^2
    with a delay:     level e^(sigma^2) D / ((hi - lo) (1 - x)^2),            log-concave in k,
                      D = Phi(-z_hi - sigma) - Phi(-z_lo - sigma),            one peak.

The second rises up to k = log lo + sigma^2 at least, and falls from k = log hi + sigma^2 on: its logarithm has the
slope 2 + E / sigma in k, with E the mean of a standard normal variable cut to the interval between -z_lo - sigma and
-z_hi - sigma. A function with one peak lies between its values at the ends of a cell, or reaches its peak within.

Places are given by the stretch 1 / (1 - x), infinite where nothing is shipped.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

from flint import arb

from negotiation.trade.economics.enclosed_markets import ball
from negotiation.trade.economics.shipment_signal import ShipmentSignal


class EdgeAt(NamedTuple):
    """At one share: the chances below an edge without and with a delay, their derivatives, and D."""

    calm: arb
    late: arb
    calm_slope: arb
    late_slope: arb
    spread: arb


NOTHING_SHIPPED = EdgeAt(arb(1), arb(1), arb(0), arb(0), arb(0))  # the limit where all is withheld


@dataclass(frozen=True)
class EnclosedSeverity:
    """What the edges share. All normal chances are written (1 + erf) / 2.

    per_log: 1 / (sigma sqrt 2). shift: sigma / sqrt 2. hi, lo: ends of 1 - d; log_hi, log_lo: times `per_log`, None for
    the log of 0. width: hi - lo. most_spread: height of the peak of D.
    """

    per_log: arb
    shift: arb
    hi: arb
    lo: arb
    log_hi: arb
    log_lo: arb | None
    width: arb
    most_spread: arb

    @classmethod
    def of(cls, signal: ShipmentSignal) -> Self:
        """Return it for a model of shipments."""
        sigma, hi, lo = ball(signal.noise), 1 - ball(signal.delay_min), 1 - ball(signal.delay_max)
        per_log = 1 / (sigma * arb(2).sqrt())
        log_hi, log_lo = hi.log() * per_log, lo.log() * per_log if lo > 0 else None
        most_spread = arb(1) if log_lo is None else ((log_hi - log_lo) / 2).erf()
        shift, width = sigma / arb(2).sqrt(), hi - lo
        return cls(per_log, shift, hi, lo, log_hi, log_lo=log_lo, width=width, most_spread=most_spread)


@dataclass(frozen=True)
class EnclosedEdge:
    """A border between two bins: where its rates turn, as stretches, and how large they are.

    place: k per_log without what x adds. calm_top, calm_most: place and height of the first peak. rises, falls: up to
    where the second rate rises, from where it falls. spread_top: place of the peak of D. calm_scale, late_scale: the
    constant factors of the rates.
    """

    severity: EnclosedSeverity
    place: arb
    calm_top: arb
    calm_most: arb
    rises: arb
    falls: arb
    spread_top: arb
    calm_scale: arb
    late_scale: arb

    @classmethod
    def of(cls, signal: ShipmentSignal, severity: EnclosedSeverity, edge: float) -> Self:
        """Return it for the level `edge` > 0."""
        level, sigma, root = ball(edge), ball(signal.noise), (2 * arb.pi()).sqrt()
        half = (sigma * sigma / 2).exp()
        return cls(
            severity=severity,
            place=(level.log() + sigma * sigma / 2) * severity.per_log,
            calm_top=half / level,
            calm_most=1 / (root * sigma * level),
            rises=severity.lo * half / level,
            falls=severity.hi * half / level,
            spread_top=(severity.hi * severity.lo).sqrt() / (half**3 * level),
            calm_scale=1 / (root * sigma),
            late_scale=half * half * level / severity.width,
        )

    def chances_at(self, stretch: arb, moved: arb) -> EdgeAt:
        """Return chances and rates at one share; moved: log of the stretch times `per_log`."""
        severity, place = self.severity, self.place + moved
        up_to_hi, tail_hi = (place - severity.log_hi).erf(), (severity.log_hi - place - severity.shift).erf()
        up_to_lo, tail_lo = arb(1), arb(-1)
        if severity.log_lo is not None:
            up_to_lo, tail_lo = (place - severity.log_lo).erf(), (severity.log_lo - place - severity.shift).erf()
        spread = (tail_hi - tail_lo) / 2
        slope = self.late_scale * stretch * spread
        late = (1 + (severity.hi * up_to_hi - severity.lo * up_to_lo) / severity.width) / 2 + slope
        calm_slope = self.calm_scale * (-place * place).exp() * stretch
        return EdgeAt((1 + place.erf()) / 2, late, calm_slope, slope * stretch, spread)

    def rates(self, ends: tuple[EdgeAt, EdgeAt], first: arb | None, last: arb | None) -> tuple[arb, arb]:
        """Return both rates over the cell between two stretches (None: infinite), from what they are at its ends."""
        here, there = ends
        calm, late = here.calm_slope.union(there.calm_slope), here.late_slope.union(there.late_slope)
        if not (_above(first, self.calm_top) or _below(last, self.calm_top)):
            calm = calm.union(self.calm_most)
        if not (_above(first, self.falls) or _below(last, self.rises)):
            stretch = last if last is not None and last < self.falls else self.falls
            if _above(first, self.spread_top):
                spread = here.spread
            else:
                spread = there.spread if _below(last, self.spread_top) else self.severity.most_spread
            late = late.union(self.late_scale * stretch * stretch * spread)
        return calm, late


def _above(stretch: arb | None, place: arb) -> bool:
    """Whether it is above for certain."""
    return stretch is None or bool(stretch > place)


def _below(stretch: arb | None, place: arb) -> bool:
    """Whether it is below for certain."""
    return stretch is not None and bool(stretch < place)
