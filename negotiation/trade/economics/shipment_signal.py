"""Monthly mineral shipments as a public signal of how much is withheld; docs/model.md has the model.

Signals are the bins of shipments between the edges, and "verified": a delay shown to be genuine while nothing is
withheld. Everything is closed form, so that no number carries sampling noise.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from negotiation._values import Floats, Reals, Value
from negotiation.trade.economics.markets import MineralUse


class ShipmentSignal(Value, kw_only=True):
    """The shipment model: all parameters are shares or probabilities; `edges` are increasing shares of normal.

    A parameter may be a column (N, 1), for N variations at once.
    """

    _tag = "Shipments"
    delay_probability: Reals
    delay_min: Reals
    delay_max: Reals
    noise: Reals
    verification: Reals
    edges: tuple[float, ...]

    def log_level(self, level: Floats | float, withheld: Floats) -> Floats:
        """Return k with y < level as noise < (k - log(1 - d)) / sigma; inf when nothing is shipped, -inf at level 0."""
        level_, x = np.broadcast_arrays(np.asarray(level, dtype=np.float64), np.asarray(withheld, dtype=np.float64))
        with np.errstate(divide="ignore", invalid="ignore"):
            k = np.log(level_) - np.log1p(-x) + self.noise * self.noise / 2
        return np.where(level_ > 0, k, -np.inf)

    def below(self, level: Floats | float, withheld: Floats) -> tuple[Floats, Floats]:
        """Return P(y < level | x, no delay) and P(y < level | x, delay), broadcast over both arguments."""
        sigma, k = self.noise, self.log_level(level, withheld)
        calm = ndtr(k / sigma)
        lo, hi = 1 - self.delay_max, 1 - self.delay_min
        return calm, (_integral(hi, k, sigma) - _integral(lo, k, sigma)) / (hi - lo)

    def verified(self, withheld: Floats, elsewhere: Floats | float = 0.0) -> Floats:
        """Return P(a genuine delay is verified | x, share withheld elsewhere), broadcast over both arguments."""
        nothing = (np.asarray(withheld) == 0) & (np.asarray(elsewhere) == 0)
        return np.where(nothing, self.delay_probability * self.verification, 0.0)

    def low(self, level: Reals, withheld: Floats, elsewhere: Floats | float = 0.0) -> Floats:
        """Return P(y < level, no delay verified | x) for shares withheld (..., X)."""
        calm, late = self.below(level, withheld)
        q = self.delay_probability
        return np.asarray((1 - q) * calm + (q - self.verified(withheld, elsewhere)) * late)

    def likelihood(self, withheld: Floats, elsewhere: Floats | float = 0.0) -> Floats:
        """Return rho(signal | x), shape (..., X, len(edges) + 2) for x (..., X): bins, lowest first, then verified."""
        x = np.asarray(withheld, dtype=np.float64)
        calm, late = self.along_edges().below(np.array(self.edges), x[..., None])
        q = self.delay_probability
        verified = self.verified(x, elsewhere)[..., None]
        often = np.broadcast_to(q, verified.shape[:-1])[..., None]
        cumulative = (1 - often) * calm + (often - verified) * late
        verified = np.broadcast_to(verified, (*cumulative.shape[:-1], 1))
        ends = np.concatenate([np.zeros_like(verified), cumulative, 1 - verified], axis=-1)
        rows = np.concatenate([np.diff(ends, axis=-1), verified], axis=-1)
        rows = np.clip(rows, 0, None)
        total: Floats = rows / rows.sum(axis=-1, keepdims=True)
        return total

    def along_edges(self) -> ShipmentSignal:
        """Return the model with one more axis on parameters that are columns: the edges run along it."""
        columns = {name: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        return self.replace(**{name: column[..., None] for name, column in columns.items()}) if columns else self


def _integral(u: Reals, k: Floats, sigma: Reals) -> Floats:
    """Return the antiderivative of Phi((k - log u) / sigma) in u, by parts; u >= 0."""
    inside = np.greater(u, 0)
    z = (k - np.log(np.where(inside, u, 1.0))) / sigma
    with np.errstate(over="ignore", invalid="ignore"):
        tail = np.exp(k + sigma * sigma / 2) * ndtr(-z - sigma)
    # k = +inf: nothing is shipped, every level lies above, and the second term vanishes
    area = u * ndtr(z) + np.where(np.isfinite(k), tail, 0.0)
    return np.where(inside, area, 0.0)


# of the quadratures; twice as many move E[D] by 4e-4 of 6.8 USD bn a month in the default scenario, half by 9e-4
NOISE_NODES, SEVERITY_NODES = 41, 24


def expected_damage(use: MineralUse, shipments: ShipmentSignal, withheld: Floats) -> Floats:
    """Return E[D(max(0, 1 - y)) | x] in USD bn per month for withheld shares (X,).

    Genuine delays and noise hurt as much as withholding here; the closed forms of the theory hold for the damage of
    what is withheld on purpose. Gauss-Hermite in the noise, Gauss-Legendre in the severity of a delay.
    """
    z, weight_z = np.polynomial.hermite_e.hermegauss(NOISE_NODES)
    node, weight_d = np.polynomial.legendre.leggauss(SEVERITY_NODES)
    middle = (shipments.delay_min + shipments.delay_max) / 2
    severity = middle + (shipments.delay_max - shipments.delay_min) / 2 * node
    noise = np.exp(shipments.noise * z - shipments.noise**2 / 2)
    supplied = 1 - np.asarray(withheld, dtype=np.float64)
    calm = np.clip(1 - supplied[:, None] * noise, 0, 1)
    late = np.clip(1 - supplied[:, None, None] * (1 - severity)[None, :, None] * noise, 0, 1)
    q = shipments.delay_probability
    pz, pd = weight_z / weight_z.sum(), weight_d / 2
    total: Floats = (1 - q) * use.damage(calm) @ pz + q * np.einsum("xdz,d,z->x", use.damage(late), pd, pz)
    return total
