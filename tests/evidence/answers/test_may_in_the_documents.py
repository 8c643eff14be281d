"""What docs/evidence.md says of May 2025 as figures came in, and of the trend, computed anew."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from negotiation.evidence.answers.trend_effect import trend_effect
from negotiation.evidence.data.months import month_of
from negotiation.evidence.model.cache import cached_posteriors
from negotiation.evidence.model.causes import causes
from negotiation.evidence.model.history import build_history
from negotiation.evidence.model.posterior import FULL
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


def test_what_the_page_says_of_the_trend_is_what_the_newest_figures_give(rows, events):
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    number = r"([+-]?\.\d\d)"
    stated = re.search(
        rf"the trend is {number} a year \(90 %: {number} to {number}\); "
        rf"it moves P\(targeted\) in December 2025 by {number} under the neutral prior, and no month by more",
        text,
    )
    history = build_history(rows, events, date.fromisoformat(rows.newest))
    effect = trend_effect(cached_posteriors(history)[list(PRIORS).index("neutral")], FULL)
    low, middle, high = effect.a_year
    december = effect.moves[effect.months.index("2025-12")]
    assert [float(part) for part in stated.groups()] == pytest.approx([middle, low, high, december], abs=0.006)
    assert np.abs(effect.moves).max() < abs(december) + 0.005
