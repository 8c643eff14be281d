"""Dated events: tariffs in force, export controls, leaders' contacts; each known from its publication on."""

from __future__ import annotations

import calendar
import math
from datetime import date, timedelta

from negotiation._values import Value
from negotiation.evidence.data.months import first_day_of, month_of
from negotiation.evidence.data.shipments import shipped_records
from negotiation.trade.parameters.parameter import first_day

EVENTS_FILE = "events.csv"
CONTACTS = ("leader_call", "leader_summit")


class Event(Value, kw_only=True):
    """One event. us_tariff: add-on US duties on Chinese goods in force after it, in percent (None: not given)."""

    dated: str
    actor: str
    text: str
    kind: str
    us_tariff: float | None
    china_tariff: float | None
    source: str
    url: str
    confidence: str
    published: str

    @property
    def day(self) -> date:
        """Day of the event."""
        return first_day(self.dated)

    @property
    def month(self) -> int:
        """Month of the event, 12 x year + month - 1."""
        return month_of(self.day.year, self.day.month)


class Events(Value):
    """Events in the order of their dates."""

    rows: tuple[Event, ...]

    def as_of(self, day: date) -> Events:
        """Return what was public by `day`."""
        return Events(tuple(row for row in self.rows if row.published <= day.isoformat()))

    def contacts(self) -> tuple[Event, ...]:
        """Return the calls and meetings of the two leaders."""
        return tuple(row for row in self.rows if row.kind in CONTACTS)

    def licences_from(self) -> int | None:
        """Return the month in which licences for magnets became required, None when that is not among the events."""
        for row in self.rows:
            if row.kind == "export_control" and "magnets" in row.text:
                return row.month
        return None

    def log_tariff(self, month: int) -> float:
        """Return log(1 + add-on US tariff), averaged over the days of a month; the last known one goes on."""
        first = first_day_of(month)
        days = calendar.monthrange(first.year, first.month)[1]
        steps = [(row.day, row.us_tariff) for row in self.rows if row.us_tariff is not None]
        total = 0.0
        for offset in range(days):
            day = first + timedelta(offset)
            rate = next((rate for start, rate in reversed(steps) if start <= day), 0.0)
            total += math.log1p(rate / 100)
        return total / days


def load_events() -> Events:
    """Return the shipped events in order."""
    events = []
    for record in shipped_records(EVENTS_FILE):
        us_tariff, china_tariff = (
            float(record[f"{name}_pct"]) if record[f"{name}_pct"] else None
            for name in ("us_tariff_on_china", "china_tariff_on_us")
        )
        texts = {name: record[name] for name in ("actor", "kind", "source", "url", "confidence", "published")}
        dated, text = record["date"], record["event"]
        events.append(Event(dated=dated, text=text, us_tariff=us_tariff, china_tariff=china_tariff, **texts))
    return Events(tuple(sorted(events, key=lambda event: event.dated)))
