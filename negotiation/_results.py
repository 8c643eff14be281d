"""What a solver or an analysis returns introduces itself: a verdict and a short table, rows, a picture.

`Result` is the mix-in under every type that a function of `import negotiation` returns. How a result reads and looks is
decided in one place far above (`_door`), from the content alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from negotiation._door import front
from negotiation._values import Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Result(Value):
    """A value that shows itself (declare like any `Value`).

    `repr` is at most 15 lines, the verdict first; notebooks show the same as a table of the report's own making.
    """

    def _shown(self) -> str:
        return str(front("renderer").text(self))

    def _repr_html_(self) -> str:
        return str(front("renderer").html(self))

    def rows(self) -> list[dict[str, Any]]:
        """Return the result as a table of plain values, one dict a row."""
        return list(front("renderer").rows(self))

    def to_frame(self) -> Any:
        """Return `rows()` as a `pandas.DataFrame`; raises `InputError` where pandas is not installed."""
        return front("renderer").frame(self)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the result and return the axes: `ax`, or new ones of a figure of their own.

        Raises `InputError` for a result that has no picture.
        """
        drawn: Axes = front("renderer").plot(self, ax)
        return drawn
