"""Shipments around the leaders' contacts, beside what was forecast two months ahead without knowing of them.

No causal claim: contacts follow bad months, and bad months are followed by better ones anyway.
"""

import numpy as np

from negotiation._values import Value
from negotiation.evidence.data.events import Event, Events
from negotiation.evidence.data.shipments import Shipments
from negotiation.evidence.forecasts.backtest import Backtest, ScoredMonth

CAVEAT = (
    "Contacts follow bad months, so the next months would be better on average without any contact. "
    "With this few contacts nothing can be said about what they bring about."
)


class ContactFigures(Value, kw_only=True):
    """One contact: US-bound tonnes in the month before and after, and the forecast (median, 80 % interval) of the
    latter from the former; `surprise`: log of the figure over the forecast.
    """

    date: str
    text: str
    month: int
    before: float
    after: float
    forecast: float
    low: float
    high: float
    surprise: float


class EventStudy(Value, kw_only=True):
    """The contacts with both months known. Means of logs: the month before over `normal`, the change to the month
    after, and the surprise; `inside`: how many figures lay in the 80 % interval of their forecast.
    """

    rows: tuple[ContactFigures, ...]
    normal: float
    mean_before: float
    mean_change: float
    mean_surprise: float
    inside: int


def event_study(shipments: Shipments, events: Events, ahead_two: Backtest) -> EventStudy:
    """Return the study from the two-months-ahead backtest, which holds the forecasts that knew of no contact."""
    tonnes = {row.span.start: float(row.tonnes or 0) for row in shipments.to("US") if row.single}
    forecasts = {row.month: row for row in ahead_two.rows}
    rows = [
        _figures(event, tonnes[event.month - 1], forecasts[event.month + 1])
        for event in events.contacts()
        if event.month - 1 in tonnes and event.month + 1 in forecasts
    ]
    normal = float(np.mean(list(tonnes.values()))) if tonnes else float("nan")
    logs = [(np.log(row.before / normal), np.log(row.after / row.before), row.surprise) for row in rows]
    before, change, surprise = np.mean(logs, axis=0).tolist() if logs else [float("nan")] * 3
    return EventStudy(
        rows=tuple(rows),
        normal=normal,
        mean_before=before,
        mean_change=change,
        mean_surprise=surprise,
        inside=sum(row.low <= row.after <= row.high for row in rows),
    )


def _figures(event: Event, before: float, prediction: ScoredMonth) -> ContactFigures:
    low, high = prediction.eighty
    return ContactFigures(
        date=event.dated,
        text=event.text,
        month=event.month,
        before=before,
        after=prediction.actual,
        forecast=prediction.median,
        low=low,
        high=high,
        surprise=float(np.log(prediction.actual / prediction.median)),
    )
