"""One row of a shipment file, and how exact a figure is by how it is known."""

from __future__ import annotations

from dataclasses import dataclass

from negotiation._values import Value
from negotiation.evidence.data.months import MonthSpan

# relative error of a figure by how it is known: customs' own rounding, or a figure worked back from a growth rate
RELATIVE_ERRORS = {
    "several-sources-agree": 0.001,
    "found-in-source": 0.001,
    "derived-from-source": 0.015,
    "from-memory-unverified": 0.05,
    "missing": 0.0,
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Shipment(Value):
    """One row: `tonnes` to `destination` over `span` (None: missing), where it is from, and when it was published.

    row: line of the file, 1 being the header. published: ISO day.
    """

    row: int
    span: MonthSpan
    destination: str
    tonnes: float | None
    source: str
    url: str
    confidence: str
    published: str

    @property
    def key(self) -> tuple[int, int, str]:
        """What may appear once in a file."""
        return self.span.first, self.span.last, self.destination

    @property
    def rounding(self) -> float:
        """Relative error of the figure, one standard deviation."""
        return RELATIVE_ERRORS[self.confidence]
