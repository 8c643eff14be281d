"""The numbers that docs/evidence.md prints are what the record says: by day for May 2025, and base rates by day."""

from datetime import date
from pathlib import Path

import pytest

from negotiation.evidence.answers.assessment import assess
from negotiation.evidence.answers.base_rates import base_rates
from negotiation.evidence.data.events import Events, load_events
from negotiation.evidence.data.months import month_of

TEXT = (Path(__file__).parents[3] / "docs" / "evidence.md").read_text(encoding="utf-8")
INAUGURAL = "2025-01-17"


def rows_of(head):
    """Return the cells of the table whose header line starts with `head`."""
    lines = TEXT[TEXT.index(head) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_may_2025_by_what_was_known():
    may, seen = month_of(2025, 5), []
    for day, *printed in rows_of("| known by |"):
        found = assess(date.fromisoformat(day), look_ahead=False)
        means = [causes.probability("targeted", may)[0] for causes in found.causes]
        assert found.priors == ("sceptical", "neutral", "suspicious")
        assert [float(cell) for cell in printed] == pytest.approx(means, abs=0.0075)
        seen.append(day)
    assert seen == ["2025-06-01", "2025-06-20", "2025-12-31"]


def test_base_rates_by_day_with_and_without_the_call_before_the_inauguration():
    events, day, count = load_events(), None, 0
    for label, contacts, *printed in rows_of("| to | contacts |"):
        without = label.startswith("without")
        day = day if without else date.fromisoformat(label)
        kept = Events(tuple(row for row in events.rows if not (without and row.dated == INAUGURAL)))
        found = base_rates(kept, day)
        assert int(contacts) == len(found.contacts)
        chances = [rate.probability for rate in found.rates]
        assert [float(cell) for cell in printed[:-1]] == pytest.approx(chances, abs=6e-4)
        assert float(printed[-1]) == pytest.approx(found.given_call("breakdown"), abs=6e-3)
        count += 1
    assert count == 5
