"""All equilibrium payoffs of each call outcome: the whole of payoff space, a panel for each outcome on the same axes.

The inner set is filled, the outer one outlined; on them lie the frontier of the stage game, the regimes, war (the stage
equilibrium) and the bargaining points on the frontier of the inner set.
"""

from collections.abc import Sequence

import numpy as np

from negotiation._values import Floats
from negotiation.calls.outcomes.comparison import Comparison
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.stage_game import BargainingPoint
from negotiation.calls.proofs.proven import ProvenOutcome
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import Axes, marker
from negotiation.report.figures.payoffs import draw_sets
from negotiation.report.figures.regime_panels import SETS, draw_panels, panels_height, stage_points
from negotiation.report.render import svg
from negotiation.report.render.palette import INK, Look
from negotiation.report.words import title

THREAT = "worst equilibrium"
LETTERS = {"nash": "N", "kalai-smorodinsky": "K", "egalitarian": "E", "utilitarian": "U"}
TOGETHER = 0.02  # of the axis: points closer than this share one mark

CAPTION = (
    "Every payoff that some equilibrium in pure public strategies can give. Shaded: proven to be equilibria; "
    "outlined: proven that none lies outside (the two nearly coincide). Bargaining points lie on the frontier of "
    "the shaded set, each side's worst equilibrium being the threat: N Nash, K Kalai-Smorodinsky, E egalitarian, "
    "U utilitarian."
)


def equilibrium_payoffs(comparison: Comparison, proven: Sequence[ProvenOutcome]) -> Figure:
    """Return the figure; `proven` is in the order of the comparison's rows."""
    outcomes = [row.outcome for row in comparison.calls]
    points = np.concatenate([*(one.bounds[1] for one in proven), stage_points(outcomes)])
    near = np.ptp(points, axis=0) * TOGETHER

    def below(axes: Axes, outcome: Outcome) -> None:
        one = proven[outcomes.index(outcome)]
        draw_sets(axes, *one.bounds)
        for letters, spot in _grouped(near, [point for point in one.bargaining if point.threat == THREAT]):
            axes.plot(*spot, zorder=6, **marker("d", INK, 6))
            place: Look = {"textcoords": "offset points", "fontsize": 11, "fontweight": "bold", "zorder": 6}
            axes.annotate(letters, (spot[0], spot[1]), (6, 5), in_layout=False, **place)

    return svg.figure(
        "equilibrium-payoffs",
        lambda canvas: draw_panels(
            canvas, comparison, below, points, (*SETS, ("bargaining point", marker("d", INK, 7)))
        ),
        alt=_alt(comparison, proven),
        caption=CAPTION,
        data=_table(comparison, proven),
        height=panels_height(outcomes) + 10,
    )


def _grouped(near: Floats, points: Sequence[BargainingPoint]) -> list[tuple[str, tuple[float, ...]]]:
    """Return the letters of the points that lie within `near` of one another, with the place of the first of them."""
    groups: list[tuple[str, tuple[float, ...]]] = []
    for point in points:
        letter = LETTERS[point.solution]
        for index, (letters, place) in enumerate(groups):
            if (np.abs(np.subtract(point.payoffs, place)) < near).all():
                groups[index] = (letters + letter, place)
                break
        else:
            groups.append((letter, point.payoffs))
    return groups


def _alt(comparison: Comparison, proven: Sequence[ProvenOutcome]) -> str:
    parts = [
        f"{row.outcome.call.label}: {one.solution.outer[0].words()} at most, {one.solution.inner[0].words()} for sure"
        for row, one in zip(comparison.calls, proven, strict=True)
    ]
    return f"Equilibrium payoffs of the repeated game, one panel for each call outcome. {'. '.join(parts)}."


def _table(comparison: Comparison, proven: Sequence[ProvenOutcome]) -> Table:
    unit = literal(comparison.scenario.unit)
    columns = (
        Column("outcome"),
        Column("set"),
        *(Column(literal(title(name)), unit, "number", 4, True) for name in comparison.scenario.players),
    )
    rows: list[tuple[CellValue, ...]] = []
    for row, one in zip(comparison.calls, proven, strict=True):
        label = literal(row.outcome.call.label)
        for name, vertices in zip(("inner", "outer"), one.bounds, strict=True):
            rows += [(label, name, *vertex) for vertex in vertices.tolist()]
        rows += [(label, f"{point.solution}, threat: {point.threat}", *point.payoffs) for point in one.bargaining]
    return Table(columns, tuple(rows), "Equilibrium payoffs: corners of the sets, and bargaining points")
