"""Sets of payoffs: distance and containment in whatever units payoffs are written."""

import numpy as np
import pytest

from negotiation.games.payoff_set import PayoffSet

SETS = {
    "point": [[1.0, 2.0]],
    "segment": [[0.0, 0.0], [2.0, 1.0]],
    "triangle": [[0.0, 0.0], [3.0, 0.0], [1.0, 2.0]],
}


@pytest.mark.parametrize("power", [-290, -200, 0, 9, 200, 290])
@pytest.mark.parametrize("name", SETS)
def test_units_do_not_matter(name, power):
    """At 10^200 the square of a payoff is no double."""
    points = np.random.default_rng(2).uniform(-4, 4, (50, 2))
    unit = 10.0**power
    plain, scaled = PayoffSet(SETS[name]), PayoffSet(np.array(SETS[name]) * unit)
    assert scaled.distances(points * unit) / unit == pytest.approx(plain.distances(points), rel=1e-12, abs=1e-12)
    near = PayoffSet(points[:3] * 1e-8 + plain.vertices[0])
    for size in (1e-3, 1e-7, 1e-10):
        same = PayoffSet(near.vertices * unit).within(scaled, size, np.full(2, unit))
        assert same == near.within(plain, size, np.ones(2)) == bool(plain.distances(near.vertices).max() <= size)
    if name != "point":
        assert PayoffSet(near.vertices * unit).within(scaled, 1e-7)
        assert not PayoffSet((plain.vertices + 0.1) * unit).within(scaled, 1e-7)
