"""One row of a shipment file: its cells and how they are checked, and how exact a figure is by how it is known."""

import math
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, PlainValidator

from negotiation._files import data_text
from negotiation._tables import FileTable, one_of
from negotiation._values import Value
from negotiation.errors import nearest
from negotiation.evidence.data.months import month_of, parse_span
from negotiation.trade.parameters.parameter import last_day

US, WORLD, EU27 = "US", "WORLD", "EU27"
RAW = "WORLD_RAW_RARE_EARTHS_not_magnets"
USUAL = (WORLD, US, EU27, "DE", "IN", "JP", "KR", "VN", RAW)  # those of the shipped figures
DESTINATIONS = frozenset({*data_text("countries.txt").split(), WORLD, EU27, RAW})  # countries by ISO 3166-1
# relative error of a figure by how it is known: customs' own rounding, or a figure worked back from a growth rate
RELATIVE_ERRORS = {
    "several-sources-agree": 0.001,
    "found-in-source": 0.001,
    "derived-from-source": 0.015,
    "from-memory-unverified": 0.05,
    "missing": 0.0,
}


class Shipment(Value, kw_only=True):
    """One row: `tonnes` to `destination` over `month` (None: missing), where it is from, and when it was published.

    row: line of the file, 1 being the header. month: as the file writes it, one or a span. published: ISO day.
    """

    row: int
    month: str
    destination: str
    tonnes: float | None
    source: str
    url: str
    confidence: str
    published: str

    @property
    def span(self) -> range:
        """The months that the figure is the sum of, each 12 x year + month - 1."""
        return parse_span(self.month)

    @property
    def single(self) -> bool:
        """Whether it is the figure of one month."""
        return len(self.span) == 1

    @property
    def key(self) -> tuple[range, str]:
        """What may appear once in a file."""
        return self.span, self.destination

    @property
    def rounding(self) -> float:
        """Relative error of the figure, one standard deviation."""
        return RELATIVE_ERRORS[self.confidence]


def _finished_span(text: str) -> str:
    today = date.today()
    if parse_span(text)[-1] >= month_of(today.year, today.month):
        raise ValueError(f"{text} is not over yet on {today.isoformat()}")
    return text


def _destination(text: str) -> str:
    if text not in DESTINATIONS:
        hint = nearest(text, DESTINATIONS, USUAL) + "; countries by their two letters"
        raise ValueError(f"'{text}' is unknown", hint)
    return text


def _tonnes(text: str) -> float | None:
    try:
        tonnes = float(text) if text else None
    except ValueError:
        raise ValueError(f"'{text}' is no number", "write 1238.5, or nothing when missing") from None
    if tonnes is not None and not 0 <= tonnes < math.inf:
        raise ValueError(f"must be a number from 0 up, got {text}")
    return tonnes


def _day(text: str) -> str:
    return text and last_day(text).isoformat()


class ShipmentTable(FileTable):
    """The cells of one row as a file has them, texts all."""

    month: Annotated[str, AfterValidator(_finished_span)]
    destination: Annotated[str, AfterValidator(_destination)]
    tonnes: Annotated[float | None, PlainValidator(_tonnes)]
    source: str
    url: str
    confidence: Annotated[str, one_of(tuple(RELATIVE_ERRORS), "'{}' is unknown")]
    published: Annotated[str, AfterValidator(_day)] = ""
