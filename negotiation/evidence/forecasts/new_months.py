"""Months later than the shipped ones, scored as in the backtest with parameters that are not refitted."""

from datetime import date

from negotiation.errors import InputError
from negotiation.evidence.data.events import load_events
from negotiation.evidence.data.months import customs_day, month_text
from negotiation.evidence.data.shipment_row import US, WORLD
from negotiation.evidence.data.shipments import Shipments
from negotiation.evidence.forecasts.backtest import Backtest, both_posteriors, score_month, summarise
from negotiation.evidence.model.history import build_history
from negotiation.evidence.model.posterior import FULL, Effort, Step


def score_new(shipped: Shipments, new: Shipments, effort: Effort = FULL, step: Step | None = None) -> Backtest:
    """Return the scores of the months in `new`, each from the last figure before it, parameters not refitted.

    The parameters are those fitted to the shipped rows; the hidden state goes on from month to month. What was
    published with a month does not count as known before it: February is forecast from December. Raises `InputError`
    when `new` holds no single month of US-bound shipments after the shipped ones.
    """
    events = load_events()
    history = build_history(shipped, events, date.fromisoformat(shipped.newest))
    merged = shipped.with_rows(new)
    targets = [row for row in new.to(US) if row.single and row.span.start > history.last]
    if not targets:
        message = f"holds no single month to {US} after {month_text(history.last)}, the last one the model has seen"
        raise InputError.single(new.origin, "month", message, f"rows for {US} and, if known, {WORLD}")
    posts = both_posteriors(history, effort, step)
    scored = []
    for target in targets:
        month = target.span.start
        # the world total comes first: what is published with it, January with February, is not known before
        release = min(target.published, customs_day(month, WORLD).isoformat())
        before = merged.replace(
            rows=tuple(row for row in merged.rows if row.span[-1] < month and row.published < release)
        )
        day = date.fromisoformat(max(row.published for side in (US, WORLD) for row in before.to(side)))
        ahead = month - build_history(before, events, day).last
        scored.append(score_month(posts, build_history(before, events, day, ahead=ahead), target, ahead=ahead))
    return summarise(scored, 1)
