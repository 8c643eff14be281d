"""Totals over several months as constraints on the months that are missing.

A total less everything in it that is known (single months, smaller totals) is a total over what is left: 2024 less its
first half and less July to October is November and December 2024.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from negotiation._values import Value
from negotiation.errors import Problem
from negotiation.evidence.data.shipment_row import Shipment

REVISIONS = 0.003  # customs revises months later: half-years and years differ from their months by up to .15 %
SIGMAS = 3.0  # standard errors by which a total may miss its parts; doubled, wrong figures twice as far off pass


class OpenTotal(Value):
    """The sum of the shipments of `months` (each 12 x year + month - 1) is `tonnes`, with a standard error `error`."""

    months: tuple[int, ...]
    tonnes: float
    error: float


def open_totals(rows: Iterable[Shipment]) -> tuple[OpenTotal, ...]:
    """Return the constraints that the rows of ONE destination put on its missing months, smaller spans first.

    A total over months that overlap an earlier constraint without containing it adds nothing that can be used and is
    left out.
    """
    return tuple(total for _, total in _net_totals(list(rows)) if total.months and total.tonnes > 0)


def contradictions(rows: Sequence[Shipment]) -> list[tuple[Shipment, Problem]]:
    """Return the totals that contradict what they contain by more than rounding, with what to say."""
    faults = []
    for destination in sorted({row.destination for row in rows}):
        for row, left in _net_totals([row for row in rows if row.destination == destination]):
            tonnes = row.tonnes or 0.0
            allowed = SIGMAS * left.error + REVISIONS * tonnes
            if left.tonnes > -allowed and (left.months or left.tonnes <= allowed):
                continue
            inside = tonnes - left.tonnes
            what = "the months known already add up to" if left.months else "its months add up to"
            message = (
                f"the total of {row.month} to {destination} is {tonnes:g} t, but {what} {inside:g} t, "
                f"more than rounding ({allowed:.0f} t) explains"
            )
            faults.append((row, Problem(f"row {row.row}, tonnes", message, "correct one of the figures")))
    return faults


def _net_totals(rows: list[Shipment]) -> list[tuple[Shipment, OpenTotal]]:
    singles = {row.span.start: row for row in rows if row.single and row.tonnes is not None}
    spans = [row for row in rows if not row.single and row.tonnes is not None]
    spans.sort(key=lambda row: (row.span[-1] - row.span.start, row.span.start))
    totals: list[tuple[Shipment, OpenTotal]] = []
    for row in spans:
        rest, tonnes = set(row.span), float(row.tonnes or 0.0)
        variance = (tonnes * row.rounding) ** 2
        for month in row.span:
            if month in singles:
                rest.discard(month)
                tonnes -= float(singles[month].tonnes or 0.0)
                variance += (float(singles[month].tonnes or 0.0) * singles[month].rounding) ** 2
        overlap = False
        for _, smaller in totals:
            if smaller.months and set(smaller.months) <= rest:
                rest -= set(smaller.months)
                tonnes -= smaller.tonnes
                variance += smaller.error**2
            elif set(smaller.months) & rest:
                overlap = True
        if not overlap:
            totals.append((row, OpenTotal(tuple(sorted(rest)), tonnes, float(np.sqrt(variance)))))
    return totals
