"""Scores, baselines, intervals and the rolling origin, against closed forms and what was published when."""

import numpy as np
import pytest
from scipy import integrate, stats

from negotiation.errors import InputError
from negotiation.evidence.data.months import month_of
from negotiation.evidence.data.shipments import read_shipments
from negotiation.evidence.forecasts.backtest import MODEL, TRENDED, backtest, block_interval, sample_crps
from negotiation.evidence.forecasts.baselines import BASELINES, LogNormal, baselines
from negotiation.evidence.forecasts.event_study import event_study
from negotiation.evidence.forecasts.new_months import score_new
from negotiation.evidence.model.posterior import Effort

SMALL = Effort(384, 4, 768)
TARGETS = tuple(month_of(2025, month) for month in (4, 7, 9, 10, 11, 12))


@pytest.fixture(scope="module")
def two_ahead(rows):
    return backtest(rows, 2, effort=SMALL, months=TARGETS)


def test_the_crps_of_a_log_normal_is_its_integral():
    item = LogNormal("x", np.log(600), 0.3)
    below = stats.lognorm(0.3, scale=600).cdf
    for actual in (300.0, 600.0, 1100.0):
        left, _ = integrate.quad(lambda x: below(x) ** 2, 1e-9, actual)
        right, _ = integrate.quad(lambda x: (1 - below(x)) ** 2, actual, 20_000, limit=200)
        assert item.crps(actual) == pytest.approx(left + right, rel=1e-6)


def test_the_crps_of_draws_approaches_the_closed_form():
    item = LogNormal("x", np.log(600), 0.3)
    draws = np.exp(stats.norm.ppf((np.arange(4000) + 0.5) / 4000, item.mean, item.sd))
    assert sample_crps(draws, 450.0) == pytest.approx(item.crps(450.0), rel=2e-3)


def test_baselines_of_a_constant_series_stay_there():
    months = np.arange(24300, 24312, dtype=float)
    found = baselines(months, np.full(12, np.log(600.0)), 24312)
    assert tuple(item.name for item in found) == BASELINES
    for item in found:
        assert np.exp(item.mean) == pytest.approx(600)
    # two pseudo-observations of .30 among eleven changes and twelve values without any spread
    assert found[0].sd == pytest.approx(0.3 * np.sqrt(2 / 13))
    assert found[2].sd == pytest.approx(0.3 * np.sqrt(2 / 14) * np.sqrt(1 + 1 / 12))


def test_the_last_value_goes_stale_over_a_gap():
    known = np.array([1.0, 2.0, 3.0]), np.log([500.0, 700.0, 600.0])
    near, far = baselines(*known, 4)[0], baselines(*known, 7)[0]
    assert far.mean == near.mean == np.log(600.0)
    assert far.sd == pytest.approx(2 * near.sd)


def test_the_mean_of_twelve_months_forgets_and_the_mean_of_all_does_not():
    known = np.array([1.0, 2.0, 20.0]), np.log([100.0, 100.0, 900.0])
    recent, every = baselines(*known, 21)[1:3]
    assert np.exp(recent.mean) == pytest.approx(900)
    assert np.exp(every.mean) == pytest.approx(np.exp(np.log([100, 100, 900]).mean()))


def test_ar1_finds_persistence_and_reverts_to_the_mean():
    rng = np.random.default_rng(0)
    logs = [0.0]
    for _ in range(150):
        logs.append(0.8 * logs[-1] + 0.1 * rng.standard_normal())
    known = np.arange(151.0), 6 + np.array(logs)
    one, twelve = baselines(*known, 151)[3], baselines(*known, 200)[3]
    slope = (one.mean - 6) / logs[-1]
    assert 0.6 < slope < 0.95
    assert one.sd == pytest.approx(0.1, rel=0.15)
    assert twelve.mean == pytest.approx(known[1].mean(), abs=0.08)
    assert twelve.sd == pytest.approx(0.1 / np.sqrt(1 - 0.64), rel=0.35)


def test_a_block_interval_holds_the_mean_and_is_wider_for_blocks_that_move_together():
    rng = np.random.default_rng(2)
    noise = rng.standard_normal(60)
    together = np.repeat(noise[:20], 3)
    low, high = block_interval(noise)
    assert low < noise.mean() < high
    wide = block_interval(together)
    assert wide[1] - wide[0] > 1.2 * (high - low) * together.std() / noise.std()
    assert block_interval(noise[:5]) == (-np.inf, np.inf)


def test_an_origin_sees_only_what_was_published_and_every_month_is_scored_by_every_forecast(two_ahead):
    assert [row.month for row in two_ahead.rows] == list(TARGETS)
    for row in two_ahead.rows:
        assert row.as_of[:7] < f"{row.month // 12}-{row.month % 12 + 1:02d}"
        assert [score.name for score in row.scores] == [MODEL, TRENDED, *BASELINES]
        assert row.eighty[0] < row.fifty[0] < row.median < row.fifty[1] < row.eighty[1]
        assert 0 <= row.share <= 1
    first = two_ahead.rows[0]
    assert first.as_of == "2025-03-20"


def test_the_log_score_of_a_baseline_is_that_of_the_data_known_at_its_origin(two_ahead):
    """Target July 2025, origin 20 June: the last value is the 46.4 t of May, two months old."""
    row = next(row for row in two_ahead.rows if row.month == month_of(2025, 7))
    logs = np.log([689, 735, 591, 669, 596, 628, 585, 246, 46.4])
    gaps = np.array([1, 1, 1, 1, 1, 5, 1, 1])
    changes = np.diff(logs) / np.sqrt(gaps)
    sd = np.sqrt((np.square(changes).sum() + 2 * 0.3**2) / (8 + 2)) * np.sqrt(2)
    scores = {score.name: score for score in row.scores}
    assert scores["last value"].log_score == pytest.approx(stats.norm.logpdf(np.log(619), np.log(46.4), sd), rel=1e-9)
    innovation = stats.t(3, scale=sd / np.sqrt(2) / np.sqrt(3))  # of one month: the spread above is that of two
    z = np.log(619 / 46.4)
    density, _ = integrate.quad(lambda u: innovation.pdf(u) * innovation.pdf(z - u), -np.inf, np.inf, epsabs=1e-12)
    assert scores["t(3) walk"].log_score == pytest.approx(np.log(density), rel=1e-6)


def test_differences_are_paired_means_and_a_forecast_without_a_crps_has_none(two_ahead):
    found = {(item.baseline, item.measure): item.mean for item in two_ahead.differences}
    scores = np.array([[(score.log_score, score.crps) for score in row.scores] for row in two_ahead.rows])
    for place, name in enumerate((TRENDED, *BASELINES), 1):
        log_gain, crps_gain = (scores[:, 0] - scores[:, place]).mean(axis=0)
        assert found[name, "log score"] == pytest.approx(log_gain, rel=1e-12)
        if name == "t(3) walk":
            assert (name, "CRPS") not in found
        else:
            assert found[name, "CRPS"] == pytest.approx(-crps_gain, rel=1e-12)


def test_the_verdict_is_not_distinguishable_unless_the_interval_says_otherwise(two_ahead):
    assert two_ahead.differences
    for item in (*two_ahead.differences, *two_ahead.without_collapse):
        inside = item.low <= 0 <= item.high
        assert (item.verdict == "not distinguishable") == inside


def test_the_event_study_sets_figures_beside_forecasts_without_causal_words(rows, events, two_ahead):
    found = event_study(rows, events, two_ahead)
    assert [row.date for row in found.rows] == ["2025-06-05", "2025-09-19", "2025-10-30", "2025-11-24"]
    june = found.rows[0]
    assert (june.before, june.after) == (46.4, 619)
    assert june.surprise == pytest.approx(np.log(june.after / june.forecast))
    from negotiation.evidence.forecasts import event_study as module

    for word in ("caused", "effect", "led to", "thanks to", "because of", "impact"):
        assert word not in module.CAVEAT


NEW = """month,destination,tonnes,source,url,confidence
2026-01,US,610,x,https://example.org,found-in-source
2026-01,WORLD,5900,x,https://example.org,found-in-source
2026-02,US,500,x,https://example.org,found-in-source
"""


def test_new_months_are_scored_without_refitting(rows):
    new = read_shipments("new.csv", NEW)
    found = score_new(rows, new, effort=SMALL)
    assert [row.month for row in found.rows] == [month_of(2026, 1), month_of(2026, 2)]
    changed = score_new(rows, read_shipments("new.csv", NEW.replace("500", "50")), effort=SMALL)
    assert changed.rows[0] == found.rows[0]
    assert changed.rows[1].median == found.rows[1].median
    assert changed.rows[1].scores[0].log_score < found.rows[1].scores[0].log_score
    assert {item.verdict for item in found.differences} == {"not distinguishable"}
    inside = [[low <= row.actual <= high for low, high in (row.fifty, row.eighty)] for row in found.rows]
    assert found.covered == tuple(np.mean(inside, axis=0))


def test_no_origin_lies_between_january_and_february(rows):
    """Both are published on 20 March: February is forecast from December, and January's figure tells nothing of it."""
    later = f"{NEW}2026-03,US,520,x,https://example.org,found-in-source\n"
    found = score_new(rows, read_shipments("new.csv", later), effort=SMALL)
    assert [(row.as_of, row.ahead) for row in found.rows] == [("2026-01-20", 1), ("2026-01-20", 2), ("2026-03-20", 1)]
    changed = score_new(rows, read_shipments("new.csv", later.replace("610", "61")), effort=SMALL)
    assert changed.rows[1] == found.rows[1]
    assert changed.rows[2].median != found.rows[2].median
    merged = rows.with_rows(read_shipments("new.csv", later.replace("2026-02,US,500", "2026-02,US,")))
    months = [month_of(2026, month) for month in (1, 2, 3)]
    for ahead, origins in ((1, ["2026-01-20"]), (2, ["2025-12-20"])):
        rolled = backtest(merged, ahead, effort=SMALL, months=months)
        assert [row.as_of for row in rolled.rows] == origins


def test_what_was_published_with_or_after_a_figure_is_not_known_before_it(rows):
    head, *lines = NEW.splitlines()
    late = "\n".join([f"{head},published", *(f"{line},2026-04-02" for line in lines)]) + "\n"
    found = score_new(rows, read_shipments("new.csv", late), effort=SMALL)
    assert [(row.as_of, row.ahead) for row in found.rows] == [("2026-01-20", 1), ("2026-01-20", 2)]


def test_a_file_without_later_months_says_so(rows):
    head, _ = NEW.split("\n", 1)
    old = read_shipments("old.csv", f"{head}\n2025-12,US,564,x,https://example.org,found-in-source\n")
    with pytest.raises(InputError, match="no single month to US after 2025-12"):
        score_new(rows, old, effort=SMALL)
