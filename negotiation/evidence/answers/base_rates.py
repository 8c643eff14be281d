"""How leaders' contacts have ended: counts by a fixed rule (docs/evidence.md), and what they say of the next call.

A contact is classed by the events of the 30 days after it, not by what was said of it. Probabilities are
(count + 1/2) / (n + 2), Jeffreys for four classes; intervals are quantiles of Beta(1/2 + k, 1/2 + n - k) (Brown, Cai,
DasGupta 2001).
"""

from datetime import date, timedelta

import numpy as np
from scipy.special import betaincinv

from negotiation._values import Value
from negotiation.evidence.data.events import Event, Events
from negotiation.trade.scenario.call_outcome import NO_CALL

CONTACT_DAYS = 30  # days after a contact whose events class it; doubled, contacts of one summer overlap
TRUCE_DAYS = 90  # days without a contact that count as none: the length of the truces
OUTCOMES = ("breakdown", "clarification", "partial_concession", "full_restoration")
COVERAGE = 0.90  # of the intervals of rates
HARDER = ("export_control", "us_export_control", "tariff_up", "tariff_announced", "threat", "escalation")
EASIER = ("licence_easing", "deal", "truce_extension")


class Contact(Value):
    """One contact of the leaders: the event, its class, and the events that decided."""

    event: Event
    outcome: str
    because: tuple[Event, ...]


class Rate(Value, kw_only=True):
    """How often an outcome came: count of n, Jeffreys interval of 90 %, and the probability of the next call."""

    outcome: str
    count: int
    n: int
    low: float
    high: float
    probability: float


class BaseRates(Value):
    """The contacts known by a day and the rates by outcome, "no_call" first; the probabilities sum to one."""

    as_of: str
    contacts: tuple[Contact, ...]
    rates: tuple[Rate, ...]

    def given_call(self, outcome: str) -> float:
        """Return the probability of an outcome other than "no_call", given that there is a call."""
        return next(_given(rate.count, rate.n) for rate in self.rates if rate.outcome == outcome)


def without_each(events: Events, as_of: date) -> tuple[tuple[Contact, BaseRates], ...]:
    """Return each contact that counts by a day, with the base rates as they would be had it not taken place."""
    return tuple(
        (contact, base_rates(Events(tuple(row for row in events.rows if row is not contact.event)), as_of))
        for contact in base_rates(events, as_of).contacts
    )


def base_rates(events: Events, as_of: date) -> BaseRates:
    """Return the base rates known by a day; only contacts whose 30 days are over count.

    With no contact on record every class has its prior share.
    """
    published = events.as_of(as_of)
    over = [event for event in published.contacts() if event.day + timedelta(CONTACT_DAYS) <= as_of]
    contacts = tuple(_classify(event, published) for event in over)
    days, without = _days_without_contact(published, as_of)
    quiet = (without + 0.5 * TRUCE_DAYS) / (days + TRUCE_DAYS)  # the prior weighs as much as one horizon
    spells = max(days // TRUCE_DAYS, 1)
    rates = [_rate(NO_CALL, round(quiet * spells), spells, quiet)]
    for outcome in OUTCOMES:
        count = sum(contact.outcome == outcome for contact in contacts)
        rates.append(_rate(outcome, count, len(contacts), (1 - quiet) * _given(count, len(contacts))))
    return BaseRates(as_of.isoformat(), contacts, tuple(rates))


def _given(count: int, n: int) -> float:
    return (count + 0.5) / (n + 2)


def _rate(outcome: str, count: int, n: int, probability: float) -> Rate:
    low, high = jeffreys(count, n)
    return Rate(outcome=outcome, count=count, n=n, low=low, high=high, probability=probability)


def jeffreys(count: int, n: int) -> tuple[float, float]:
    """Return the Jeffreys interval of 90 % of a share; at count 0 the lower end is 0, at count n the upper end is 1.

    >>> [round(x, 3) for x in jeffreys(1, 6)]
    [0.03, 0.495]
    """
    low, high = (
        float(betaincinv(0.5 + count, 0.5 + n - count, share)) for share in ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2)
    )
    return (0.0 if count == 0 else low), (1.0 if count == n else high)


def _classify(event: Event, events: Events) -> Contact:
    after = [row for row in events.rows if event.day < row.day <= event.day + timedelta(CONTACT_DAYS)]
    harder = tuple(row for row in after if row.kind in HARDER)
    easier = tuple(row for row in after if row.kind in EASIER)
    cut = tuple(row for row in after if row.kind == "tariff_down" and row.actor == "both")
    if harder:
        return Contact(event, "breakdown", harder)
    if cut and any(row.kind == "licence_easing" for row in easier):
        return Contact(event, "full_restoration", (*easier, *cut))
    if easier or cut:
        return Contact(event, "partial_concession", (*easier, *cut))
    return Contact(event, "clarification", ())


def _days_without_contact(events: Events, as_of: date) -> tuple[int, int]:
    """Return (days on record, days that no contact follows within the horizon), without days whose horizon is open."""
    contacts = np.array([event.day.toordinal() for event in events.contacts()], dtype=np.int64)
    days = np.arange(contacts[0], as_of.toordinal() - TRUCE_DAYS + 1) if len(contacts) else contacts
    follow = (days[:, None] < contacts) & (contacts <= days[:, None] + TRUCE_DAYS)
    return len(days), int((~follow.any(axis=1)).sum())
