"""What docs/evidence.md says of May 2025 as figures came in, computed anew."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from negotiation.evidence.data.months import month_of
from negotiation.evidence.model.cache import cached_posteriors
from negotiation.evidence.model.causes import causes
from negotiation.evidence.model.history import build_history
from negotiation.evidence.model.priors import PRIORS

PAGE = Path(__file__).parents[3] / "docs" / "evidence.md"
ROW = re.compile(r"^\| (20\d\d-\d\d-\d\d) \| (\.\d\d) \| (\.\d\d) \| (\.\d\d) \|$", re.MULTILINE)
MAY = month_of(2025, 5)


def test_every_later_figure_that_moved_may_is_in_the_table(rows, events):
    text = PAGE.read_text(encoding="utf-8")
    assert f"| known on | {' | '.join(PRIORS)} |" in text
    stated = {day: [float(number) for number in numbers] for day, *numbers in ROW.findall(text)}
    assert list(stated)[:2] == ["2025-06-01", "2025-06-20"]
    assert list(stated)[-1] == rows.newest
    computed = {}
    for day in stated:
        history = build_history(rows, events, date.fromisoformat(day))
        longer = build_history(rows, events, date.fromisoformat(day), ahead=1)
        found = [causes(post, longer) for post in cached_posteriors(history)]
        computed[day] = [each.probability("targeted", MAY)[0] for each in found]
        assert stated[day] == pytest.approx(computed[day], abs=0.006), day
    later = [chances for day, chances in computed.items() if day > "2025-06-20"]
    fall = float(np.max(np.array(computed["2025-06-20"]) - later))
    words = re.search(r"figures after 20 June did move it: down by\s+up to (\.\d\d)", text)
    assert float(words[1]) == pytest.approx(fall, abs=0.006)
