"""Mineral damage when genuine delays and noise hurt as much as withholding does.

E[D(shortfall) | x] with shortfall = max(0, 1 - y): Gauss-Hermite in the noise, Gauss-Legendre in the severity of a
delay. Optional, because the closed forms of the theory hold for the damage of what is withheld on purpose.
"""

from __future__ import annotations

import numpy as np

from negotiation._values import Floats
from negotiation.trade.economics.markets import MineralUse
from negotiation.trade.economics.shipment_signal import ShipmentSignal

# of the quadratures; twice as many move E[D] by 4e-4 of 6.8 USD bn a month in the default scenario, half by 9e-4
NOISE_NODES, SEVERITY_NODES = 41, 24


def expected_damage(use: MineralUse, shipments: ShipmentSignal, withheld: Floats) -> Floats:
    """Return E[D(shortfall) | x] in USD bn per month for withheld shares (X,)."""
    z, weight_z = np.polynomial.hermite_e.hermegauss(NOISE_NODES)
    node, weight_d = np.polynomial.legendre.leggauss(SEVERITY_NODES)
    middle = (shipments.delay_min + shipments.delay_max) / 2
    severity = middle + (shipments.delay_max - shipments.delay_min) / 2 * node
    noise = np.exp(shipments.noise * z - shipments.noise**2 / 2)
    kept = 1 - np.asarray(withheld, dtype=np.float64)
    calm = np.clip(1 - kept[:, None] * noise, 0, 1)
    late = np.clip(1 - kept[:, None, None] * (1 - severity)[None, :, None] * noise, 0, 1)
    q = shipments.delay_probability
    pz, pd = weight_z / weight_z.sum(), weight_d / 2
    total: Floats = (1 - q) * use.damage(calm) @ pz + q * np.einsum("xdz,d,z->x", use.damage(late), pd, pz)
    return total
