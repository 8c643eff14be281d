"""Pictures of results on real axes, drawn by the same code as the figures of the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from negotiation._results import Result
from negotiation.analysis.scenario_analysis import Analysis
from negotiation.api.arguments import refusal
from negotiation.errors import InputError
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution
from negotiation.report.figures.evidence import plot_chances
from negotiation.report.figures.fans import plot_fan
from negotiation.report.figures.patience import plot_patience
from negotiation.report.figures.payoffs import plot_sets
from negotiation.report.figures.phase import plot_phase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAR_LANE = 0.28  # inches of a lane of the chart of patience


def draw(result: Result, ax: Any) -> Axes:
    """Draw a result and return the axes: `ax`, or new ones. Raises `InputError` where there is no picture of it."""
    from matplotlib.axes import Axes

    kind = type(result).__name__
    if kind not in PICTURES:
        raise InputError.single("plot", kind, "has no picture", "these have one: " + ", ".join(PICTURES))
    if ax is not None and not isinstance(ax, Axes):
        raise refusal("ax", ax, "matplotlib axes", "take plt.subplots()[1]")
    if ax is None:
        from matplotlib import pyplot

        ax = pyplot.subplots(figsize=_size(result), layout="constrained")[1]
    PICTURES[kind](result, ax)
    axes: Axes = ax
    return axes


def _size(result: Result) -> tuple[float, float]:
    comparison = result.comparison if isinstance(result, Analysis) else result
    lanes = sum(len(row.outcome.regimes) for row in getattr(comparison, "calls", ()))
    return (6.4, max(4.8, BAR_LANE * lanes))


def _solution(solution: Solution, axes: Axes) -> None:
    whole, game = solution.game, solution.game.stages[0]
    names = game.players[0], game.players[1], game.unit
    plot_sets(axes, solution.inner[0].vertices, solution.outer[0].vertices, game.points(), names)
    state = f"state {whole.states[0]}, " if whole.n_states > 1 else ""
    axes.set_title(f"equilibrium payoffs: {state}discount factor {whole.exact_discount or whole.discount}")


def _set(payoffs: PayoffSet, axes: Axes) -> None:
    corners = payoffs.vertices
    plot_sets(axes, corners, corners, corners, ("player 1", "player 2", "payoff per period"))


PICTURES: dict[str, Callable[[Any, Axes], None]] = {
    "Solution": _solution,
    "PayoffSet": _set,
    "Comparison": plot_patience,
    "Analysis": lambda analysis, axes: plot_patience(analysis.comparison, axes),
    "Fan": plot_fan,
    "PhaseDiagram": plot_phase,
    "Assessment": plot_chances,
}
