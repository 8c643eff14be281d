"""From rows of shipments to the arrays that the filter reads: one month a row, missing months NaN, open totals.

Totals over months outside the history are left out: those of earlier years have gone into the priors.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.evidence.data.events import Events
from negotiation.evidence.data.months import month_text
from negotiation.evidence.data.shipment_row import US, WORLD
from negotiation.evidence.data.shipments import Shipments
from negotiation.evidence.data.span_totals import OpenTotal, open_totals
from negotiation.evidence.model.priors import INFORMAL_FACTOR, REFERENCE_MONTH

SMALLEST_TONNES = 0.5  # tonnes: customs rounds, and zero has no logarithm
FEW_MONTHS = 6  # single months of US-bound shipments below which the answer rests on the priors
EARLIEST = 12 * 2023  # single months before 2023 are another regime of demand


class History(Value, kw_only=True):
    """What the filter sees.

    first: first month, 12 x year + month - 1. data: (T, 12) and errors: (T, 2), columns as in the kernel. observed: how
    many of the months have data; later ones are to be forecast. as_of: ISO day. notices: what was left out and why.
    trend: whether the model of these months has a trend of US demand.
    """

    first: int
    data: Floats
    errors: Floats
    observed: int
    as_of: str
    notices: tuple[str, ...] = ()
    trend: bool = False

    @property
    def months(self) -> range:
        """The months, forecasts included."""
        return range(self.first, self.first + len(self.data))

    @property
    def last(self) -> int:
        """The last month with data."""
        return self.first + self.observed - 1

    @property
    def us_singles(self) -> int:
        """Number of single months with a figure for the US."""
        return int(np.isfinite(self.data[:, 1]).sum())

    @property
    def few(self) -> bool:
        """Whether there are so few months that the priors decide."""
        return self.us_singles < FEW_MONTHS

    @property
    def rest(self) -> Floats:
        """Exports to the rest of the world, (T,), NaN unless both figures are known."""
        return self.data[:, 0] - self.data[:, 1]

    def index(self, month: int) -> int:
        """Return the row of a month; raises `InputError` outside the history."""
        if month not in self.months:
            raise InputError.single("history", month_text(month), "lies outside the months of the history")
        return month - self.first

    def with_month(self, month: int, world: float, us: float) -> History:
        """Return the history with supposed figures for a month, known to a thousandth, to ask what they change."""
        row, data = self.index(month), np.array(self.data)
        data[row, :4] = max(world, SMALLEST_TONNES), max(us, SMALLEST_TONNES), 0.001, 0.001
        return self.replace(data=data, observed=max(self.observed, row + 1))

    def head(self, count: int) -> History:
        """Return the first `count` months."""
        return self.replace(data=self.data[:count], errors=self.errors[:count], observed=min(self.observed, count))


def build_history(shipments: Shipments, events: Events, as_of: date, ahead: int = 0, trend: bool = False) -> History:
    """Return the history known on a day, with `ahead` further months to forecast.

    Raises `InputError` when nothing at all was published by then.
    """
    published, public = shipments.as_of(as_of), events.as_of(as_of)
    singles = {
        side: {row.span.start: row for row in published.to(side) if row.single and row.span.start >= EARLIEST}
        for side in (WORLD, US)
    }
    months = sorted({*singles[WORLD], *singles[US]})
    if not months:
        hint = f"the first figure is that of {_first_figure(shipments)}"
        message = f"no single month of shipments was published by {as_of.isoformat()}"
        raise InputError.single(shipments.origin, "as of", message, hint)
    first, observed = months[0], months[-1] - months[0] + 1
    totals = {side: open_totals(published.to(side)) for side in (WORLD, US)}
    inside = [total.months[-1] for side in totals for total in totals[side] if total.months[0] >= first]
    observed = max([observed, *(month - first + 1 for month in inside)])
    data = np.full((observed + ahead, 12), np.nan)
    errors = np.zeros((observed + ahead, 2))
    _fill_calendar(data, first, public)
    notices: list[str] = []
    for column, side in enumerate((WORLD, US)):
        data[:, 2 + column] = data[:, 8 + column] = 0.0
        for month, row in singles[side].items():
            data[month - first, column] = max(row.tonnes or 0.0, SMALLEST_TONNES)
            data[month - first, 2 + column] = row.rounding
        for total in totals[side]:
            if not _fill_total(data, errors, total, first=first, column=column):
                names = ", ".join(map(month_text, total.months))
                notices.append(f"the total of {names} to {side} crosses another one and is left out")
    for index in np.flatnonzero(data[:, 1] >= data[:, 0]):
        message = f"{data[index, 1]:g} t went to the US but only {data[index, 0]:g} t to the whole world"
        raise InputError.single(published.origin, month_text(first + int(index)), message, "correct one of the figures")
    return History(
        first=first,
        data=data,
        errors=errors,
        observed=observed,
        as_of=as_of.isoformat(),
        notices=tuple(notices),
        trend=trend,
    )


def _first_figure(shipments: Shipments) -> str:
    rows = [row for row in shipments.rows if row.destination in (US, WORLD) and row.tonnes is not None]
    rows = [row for row in rows if row.single and row.span.start >= EARLIEST]
    return min((f"{row.month}, published on {row.published}" for row in rows), default="no month at all")


def _fill_calendar(data: Floats, first: int, events: Events) -> None:
    licences = events.licences_from()
    for index in range(len(data)):
        month = first + index
        data[index, 4] = (month - REFERENCE_MONTH) / 12
        data[index, 5] = float(month % 12 == 1)
        data[index, 6] = events.log_tariff(month)
        data[index, 7] = 1.0 if licences is not None and month >= licences else INFORMAL_FACTOR


def _fill_total(data: Floats, errors: Floats, total: OpenTotal, *, first: int, column: int) -> bool:
    """Enter a total; False when it crosses one that is there. Totals that begin before the history are no loss."""
    start, end = total.months[0] - first, total.months[-1] - first
    if start < 0:
        return True
    if (data[start : end + 1, 8 + column] > 0).any():
        return False
    data[start : end + 1, 8 + column] = 1.0
    for month in total.months:
        data[month - first, 8 + column] = 2.0
    data[end, 10 + column] = total.tonnes
    errors[end, column] = total.error
    return True
