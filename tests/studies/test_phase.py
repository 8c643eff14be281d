"""Phase diagrams: a boundary in closed form, found to the finest cell with few points; the model's own boundary."""

import numpy as np
import pytest

from negotiation.calls.outcomes.break_even import break_even
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.errors import InputError
from negotiation.studies.phase import NOTHING, phase_diagram, refine


def disc(points):
    return (np.hypot(points[:, 0] - 0.5, points[:, 1] - 0.5) < 0.3).astype(np.int64)


def test_the_area_of_a_disc_and_the_cost_of_its_boundary():
    cells, labels, asked = refine(disc, 16, 4)
    area = cells[:, 2] * cells[:, 3]
    assert area.sum() == pytest.approx(1)
    assert area[labels == 1].sum() == pytest.approx(np.pi * 0.09, rel=1e-3)
    assert asked < 0.12 * (16 * 16 + 1) ** 2
    # every cell judged again at its centre, but for the finest ones on the boundary
    centres = cells[:, :2] + cells[:, 2:] / 2
    assert (disc(centres) == labels).all()


def test_one_colour_needs_the_coarse_corners_only():
    cells, labels, asked = refine(lambda points: np.zeros(len(points), dtype=np.int64), 8, 5)
    assert asked == 81
    assert len(cells) == 64
    assert not labels.any()


def test_depth_nought_is_the_coarse_grid():
    cells, _, _ = refine(disc, 10, 0)
    assert len(cells) == 100


def test_the_boundary_is_the_break_even_of_the_plain_analysis(default_scenario):
    """Along the present delay probability, no call flips at the leverage that the break-even search finds."""
    paths = ("minerals.leverage", "monitoring.delay_probability")
    found = phase_diagram(default_scenario, paths, ((0.2, 0.95), (0.1, 0.4)), calls=("no_call",), grid=8, depth=5)
    flip = break_even(default_scenario, analyse_outcome(default_scenario, default_scenario.calls[0], False), paths[0])
    row = (found.cells[:, 1] <= 0.2 - 1e-9) & (found.cells[:, 1] + found.cells[:, 3] > 0.2 - 1e-9)
    held = found.cells[row & (found.labels == 0)]
    assert (held[:, 0] + held[:, 2]).max() == pytest.approx(flip.nearest, abs=2 * 0.75 / (8 * 32))
    assert found.evaluated < 0.2 * found.brute
    assert found.share(0) + found.share(NOTHING) == pytest.approx(1)


def test_ends_in_the_wrong_order_are_refused(default_scenario):
    with pytest.raises(InputError, match="needs low < high"):
        phase_diagram(default_scenario, ("minerals.leverage", "minerals.weight"), ((0.9, 0.2), (0.01, 0.05)))
