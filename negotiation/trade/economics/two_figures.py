"""Both published figures as one public signal: shipments to the US, and whether those to all others were low.

One delay holds up everyone; given it, the two figures are independent (docs/model.md). The signal is the pair (bin of
the US figure, others normal or low), or "verified". Closed form: with u = 1 - d uniform, the integral of
Phi((k - log u) / s) Phi((k_o - log u) / s_o) by parts leaves two bivariate normal probabilities, which Owen's T
function gives to machine precision (Owen 1956). Where it is published and read whether there was a delay, each signal
but "verified" is two, without a delay and with one.
"""

from dataclasses import replace

import numpy as np
from scipy.special import ndtr, owens_t

from negotiation._values import Bools, Floats, Ints, Reals, Value
from negotiation.trade.economics.shipment_signal import ShipmentSignal

# stands for 0, in standard deviations, where a ratio needs a sign; any number so small gives the same
NEAR_ZERO = 1e-300


class TwoFigures(Value):
    """The public signal: `us` alone, or both figures when others_trigger is above 0 (or a column, for N variations).

    others_trigger: ratio to normal below which the others count as low. others_noise: standard deviation of its log.
    read: whether it is published, and read by the clause, that there was a delay; a flag, or a column of flags.
    """

    _tag = "Figures"
    us: ShipmentSignal
    others_trigger: Reals
    others_noise: Reals
    read: Reals | bool = False

    @property
    def both(self) -> bool:
        """Whether the others' figure is read at all."""
        return isinstance(self.others_trigger, np.ndarray) or self.others_trigger > 0

    @property
    def reads_delays(self) -> bool:
        """Whether signals tell months with a delay from others: in a column, if they do so anywhere."""
        return bool(np.any(self.read))

    def likelihood(self, withheld: Floats, elsewhere: Floats) -> Floats:
        """Return rho(signal | x, e), shape (..., X, Y): the bins, each others normal then low, and verified last.

        Where delays are read each but the last is two: the first without a delay, the second with one.
        """
        if not self.reads_delays:
            return self._without_delays(withheld, elsewhere)
        q = np.asarray(self.us.delay_probability)[..., None]
        calm, late = (
            replace(self, us=self.us.replace(delay_probability=chance))._without_delays(withheld, elsewhere)
            for chance in (np.zeros_like(q[..., 0]), np.ones_like(q[..., 0]))
        )
        pairs = np.stack(np.broadcast_arrays((1 - q) * calm, q * late), axis=-1)[..., :-1, :]
        return np.concatenate([pairs.reshape(*pairs.shape[:-2], -1), q * late[..., -1:]], axis=-1)

    def _without_delays(self, withheld: Floats, elsewhere: Floats) -> Floats:
        x, e = np.asarray(withheld, dtype=np.float64), np.asarray(elsewhere, dtype=np.float64)
        rows = self.us.likelihood(x, e)
        if not self.both:
            return rows
        bins = rows[..., :-1]
        low = np.clip(self._low_with(x, e), 0.0, bins)
        pairs = np.stack([bins - low, low], axis=-1).reshape(*bins.shape[:-1], -1)
        return np.concatenate([pairs, rows[..., -1:]], axis=-1)

    def _low_with(self, x: Floats, e: Floats) -> Floats:
        """Return P(bin of the US figure, others low, delay not verified), (..., X, bins)."""
        first = self.us.along_edges()
        noise = self.others_noise[..., None] if isinstance(self.others_noise, np.ndarray) else self.others_noise
        line = np.asarray(self.others_trigger)[..., None]
        second = replace(first, noise=noise)
        edges, shares, shares_elsewhere = np.array(self.us.edges), x[..., None], e[..., None]
        calm, _ = first.below(edges, shares)
        calm_others, late_others = second.below(line, shares_elsewhere)
        late = _both_late(first, second, (edges, shares), (line, shares_elsewhere))
        often = np.asarray(self.us.delay_probability)
        unseen = np.broadcast_to(often, np.shape(x + e + often)) - self.us.verified(x, e)
        below = (1 - often[..., None]) * calm * calm_others + unseen[..., None] * late
        every = (1 - often[..., None]) * calm_others + unseen[..., None] * late_others
        ends = [np.zeros((*below.shape[:-1], 1)), below, np.broadcast_to(every, (*below.shape[:-1], 1))]
        steps: Floats = np.diff(np.concatenate(ends, axis=-1), axis=-1)
        return steps

    def low(self, trigger: Reals, common: Reals, withheld: Floats, elsewhere: Floats) -> Floats:
        """Return the chance of a signal that the threshold trigger counts as low, shape (..., X)."""
        if self.both:
            hit = self.bad_signals(trigger, common)
            return np.asarray((self.likelihood(withheld, elsewhere) * hit[..., None, :]).sum(axis=-1))
        every = self.us.low(trigger, withheld, elsewhere)
        if not self.reads_delays:
            return every
        calm = (1 - self.us.delay_probability) * self.us.below(trigger, withheld)[0]
        return np.where(self.read, calm, every)

    def bad_signals(self, trigger: Reals, common: Reals) -> Bools:
        """Return which signals (..., Y) the threshold trigger counts as low: `common` is that of months low for all."""
        ends = np.array([*self.us.edges, np.inf])
        hit = ends <= np.asarray(trigger)
        if self.both:
            pairs = np.stack(np.broadcast_arrays(hit, ends <= np.asarray(common)), axis=-1)
            hit = pairs.reshape(*pairs.shape[:-2], -1)
        if self.reads_delays:
            pairs = np.stack(np.broadcast_arrays(hit, hit & ~np.asarray(self.read, dtype=np.bool_)), axis=-1)
            hit = pairs.reshape(*pairs.shape[:-2], -1)
        return np.concatenate([hit, np.zeros((*hit.shape[:-1], 1), dtype=np.bool_)], axis=-1)

    def draw(
        self, withheld: Floats, elsewhere: Floats, rng: np.random.Generator, likely: Reals | None = None
    ) -> tuple[Ints, Floats, Bools]:
        """Draw one month each: return the signal's index, shipments to the US, whether there was a delay, shape of x.

        likely: chance of a delay in this month; that of any month where it is left out.
        """
        us, x, e = self.us, np.asarray(withheld, dtype=np.float64), np.asarray(elsewhere)
        delayed = rng.random(x.shape) < (us.delay_probability if likely is None else likely)
        severity = rng.uniform(us.delay_min, us.delay_max, x.shape)
        noise = np.exp(us.noise * rng.standard_normal(x.shape) - us.noise**2 / 2)
        verified = delayed & (x == 0) & (e == 0) & (rng.random(x.shape) < us.verification)
        passed = np.where(delayed, 1 - severity, 1.0)
        shipped = (1 - x) * passed * noise
        bins = np.searchsorted(np.array(us.edges), shipped, side="right")
        signal, last = bins.astype(np.int64), len(us.edges) + 1
        if self.both:
            noise = np.exp(self.others_noise * rng.standard_normal(shipped.shape) - self.others_noise**2 / 2)
            signal, last = 2 * signal + ((1 - e) * passed * noise < self.others_trigger), 2 * last
        if self.reads_delays:
            signal, last = 2 * signal + delayed, 2 * last
        return np.where(verified, last, signal), shipped, delayed


def _both_late(
    first: ShipmentSignal, second: ShipmentSignal, here: tuple[Floats, Floats], there: tuple[Floats, Floats]
) -> Floats:
    """Return P(y < level, y_o < level_o | a delay), each of `here` and `there` a (level, share withheld)."""
    (s, k), (s_o, k_o) = ((first.noise, first.log_level(*here)), (second.noise, second.log_level(*there)))
    k, k_o = np.broadcast_arrays(k, k_o)
    alone, alone_o = first.below(*here)[1], second.below(*there)[1]
    lo, hi = 1 - first.delay_max, 1 - first.delay_min
    finite = np.isfinite(k) & np.isfinite(k_o)
    inside, inside_o = np.where(finite, k, 0.0), np.where(finite, k_o, 0.0)
    area = _area(hi, inside, s, inside_o, s_o) - _area(lo, inside, s, inside_o, s_o)
    # an infinite level lies above or below whatever is shipped, and only the other figure is left
    edge = np.where(np.isposinf(k), alone_o, np.where(np.isposinf(k_o), alone, 0.0))
    return np.where(finite, area / (hi - lo), edge)


def _area(u: Reals, k: Floats, s: Reals, k_o: Floats, s_o: Reals) -> Floats:
    """Return the antiderivative of Phi((k - log u) / s) Phi((k_o - log u) / s_o) in u > 0."""
    spread = np.sqrt(s * s + s_o * s_o)

    def rest(level: Floats, noise: Reals, other_level: Floats) -> Floats:
        middle = level + noise * noise
        chance = bivariate_normal((np.log(u) - middle) / noise, (other_level - middle) / spread, noise / spread)
        value: Floats = np.exp(level + noise * noise / 2) * chance
        return value

    start: Floats = u * ndtr((k - np.log(u)) / s) * ndtr((k_o - np.log(u)) / s_o)
    return start + rest(k, s, k_o) + rest(k_o, s_o, k)


def bivariate_normal(h: Floats, k: Floats, rho: Reals) -> Floats:
    """Return P(Z_1 < h, Z_2 < k) of standard normals with correlation 0 <= rho < 1 (Owen 1956, eq. 2.1).

    >>> round(float(bivariate_normal(np.array(0.0), np.array(0.0), 0.5)), 12) == round(1 / 3, 12)
    True
    """
    h, k = np.where(h == 0, NEAR_ZERO, h), np.where(k == 0, NEAR_ZERO, k)
    root = np.sqrt((1 - rho) * (1 + rho))
    with np.errstate(over="ignore"):
        wings = owens_t(h, (k / h - rho) / root) + owens_t(k, (h / k - rho) / root)
    first, second = ndtr(h), ndtr(k)
    value = (first + second) / 2 - wings - np.where((h < 0) != (k < 0), 0.5, 0.0)
    # the difference above may cancel where both tails are tiny
    return np.clip(value, 0.0, np.minimum(first, second))
