"""The numbers that docs/evidence.md prints of base rates by day are what the record says."""

from datetime import date
from pathlib import Path

import pytest

from negotiation.evidence.answers.base_rates import base_rates
from negotiation.evidence.data.events import Events, load_events

TEXT = (Path(__file__).parents[3] / "docs" / "evidence.md").read_text(encoding="utf-8")
INAUGURAL = "2025-01-17"


def rows_of(head):
    """Return the cells of the table whose header line starts with `head`."""
    lines = TEXT[TEXT.index(head) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


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
