"""The sampler against closed forms, its calibration on simulated histories, and the direction of the answer."""

import os
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from scipy import stats
from scipy.special import logit

from negotiation.evidence.forecasts.forecast import forecast
from negotiation.evidence.model.cache import cached_posteriors, folder
from negotiation.evidence.model.causes import causes
from negotiation.evidence.model.history import build_history
from negotiation.evidence.model.posterior import FULL, Effort, posteriors, prior_overlaps, sample_posteriors
from negotiation.evidence.model.priors import PRIORS, TARGET_ENTRY, priors
from tests.evidence.model.calibration import DRAWS, calibrate

SMALL = Effort(512, 5, 1024)
DIGEST = """
import hashlib
from datetime import date
from negotiation.evidence.data.events import load_events
from negotiation.evidence.model.history import build_history
from negotiation.evidence.model.posterior import Effort, posteriors
from negotiation.evidence.data.shipments import load_shipments
found = posteriors(build_history(load_shipments(), load_events(), date(2026, 1, 31)), effort=Effort(512, 3, 2048))
print(hashlib.sha256(b"".join(item.z.tobytes() + item.weights.tobytes() for item in found)).hexdigest())
"""


@pytest.fixture(scope="module")
def history(rows, events):
    return build_history(rows, events, date(2026, 1, 31))


def test_a_normal_likelihood_gives_the_conjugate_posterior(history):
    """Prior N(8.3, .25), likelihood N(y; theta, .05): mean, spread and evidence in closed form."""
    y, s, m, w = 8.5, 0.05, 8.3, 0.25
    (found,) = sample_posteriors(history, ("neutral",), FULL, lambda theta: stats.norm.logpdf(y, theta[:, 0], s))
    gain = w**2 / (w**2 + s**2)
    mean = float(found.weights @ found.theta[:, 0])
    assert mean == pytest.approx(m + gain * (y - m), abs=0.003)
    assert np.sqrt(found.weights @ (found.theta[:, 0] - mean) ** 2) == pytest.approx(w * np.sqrt(1 - gain), rel=0.05)
    assert found.log_evidence == pytest.approx(stats.norm.logpdf(y, m, np.hypot(w, s)), abs=0.03)
    assert found.effective > 500


def test_two_priors_share_their_draws_and_keep_their_own_evidence(history):
    """Both see logit(theta) ~ N(logit median, .8), measured as -1 with error .5."""
    names = ("neutral", "suspicious")
    found = sample_posteriors(
        history, names, SMALL, lambda theta: stats.norm.logpdf(-1.0, logit(theta[:, TARGET_ENTRY]), 0.5)
    )
    for name, item in zip(names, found, strict=True):
        centre = logit(PRIORS[name][0])
        assert item.log_evidence == pytest.approx(stats.norm.logpdf(-1.0, centre, np.hypot(0.8, 0.5)), abs=0.05)
        mean = item.weights @ logit(item.theta[:, TARGET_ENTRY])
        assert mean == pytest.approx(centre + 0.64 / 0.89 * (-1.0 - centre), abs=0.05)


def test_a_full_posterior_has_many_effective_draws_and_is_reproducible(history):
    first = posteriors(history, ("neutral", "suspicious"), SMALL)
    assert all(item.effective > 100 for item in first)
    assert posteriors(history, ("neutral", "suspicious"), SMALL) == first
    assert posteriors(history, ("neutral",), Effort(1024, 6, 2048))[0].effective > 500


def test_threads_of_a_linear_algebra_library_change_no_digit():
    def digest(threads):
        done = subprocess.run(
            [sys.executable, "-c", DIGEST],
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert digest("1") == digest("2") != ""


def test_a_failed_sample_is_repeated_with_more_effort(history):
    """Sixteen draws a round cannot do it; the repetitions draw up to four times as many."""
    rounds = []
    posteriors(history, ("neutral",), Effort(16, 1, 16), lambda _, piece: rounds.append(piece))
    assert len(rounds) == 2 + 3 + 5


def test_the_cache_returns_the_same_bytes(history):
    first = cached_posteriors(history, ("neutral",), SMALL)
    stored = list(folder().glob("posterior-*"))
    assert stored
    assert cached_posteriors(history, ("neutral",), SMALL) == first
    for path in stored:
        path.write_bytes(b"broken")
    assert cached_posteriors(history, ("neutral",), SMALL) == first


def test_calibration_on_twenty_histories(history):
    """A smoke test of what tests/benchmarks/evidence_calibration.py measures on 300: far-off ranks would be caught."""
    found = calibrate(history, 20, seed=5, effort=Effort(384, 4, 768))
    assert found.ranks.shape == (20, 16)
    assert found.ranks.min() >= 0
    assert found.ranks.max() <= DRAWS
    # 320 ranks with mean 49.5 and spread 28.9, those of one history correlated: 4 standard errors of the 20
    assert abs(found.ranks.mean() - 49.5) < 4 * 28.9 / np.sqrt(20)
    covered = found.covered()
    assert 0.68 < covered.mean() < 0.92
    for cause in (0, 1):
        stated, true = found.stated[cause], found.true[cause]
        assert abs(stated.mean() - true.mean()) < 0.08
        assert np.mean((stated - true) ** 2) < true.mean() * (1 - true.mean())


def _last(rows, events, name, world, us):
    """P(targeted) in a month after a year of calm ones, before (None) or after its figures."""
    history = build_history(rows, events, date(2025, 6, 1))
    t = history.observed - 1
    data = np.array(history.data)
    data[t, 0], data[t, 1] = (np.nan, np.nan) if world is None else (world, us)
    data[t, 6] = data[t - 1, 6]  # the tariff goes on, so that it explains nothing
    found = posteriors(history.replace(data=data), (name,), SMALL)[0]
    return causes(found).probability("targeted", history.last)[0]


@pytest.mark.parametrize("name", PRIORS)
def test_a_fall_of_the_us_share_alone_points_at_targeting_and_a_world_wide_fall_away_from_it(rows, events, name):
    before = _last(rows, events, name, None, None)
    share_alone = _last(rows, events, name, 5000.0, 250.0)
    world_wide = _last(rows, events, name, 2100.0, 250.0)
    assert share_alone > 0.5 > before > world_wide


def test_what_the_data_do_not_touch_is_not_informed(history):
    """With a likelihood of the level alone, every other parameter overlaps with its prior."""
    (found,) = sample_posteriors(history, ("neutral",), SMALL, lambda theta: stats.norm.logpdf(8.5, theta[:, 0], 0.05))
    rows = prior_overlaps(found)
    assert not any(row.informed for row in rows[1:])
    assert rows[0].informed
    # equal-mass bins of N(0, 1) against N(.77, .19): nearly disjoint outside [.2, 1.3]
    assert rows[0].overlap < 0.5


def test_prior_quantiles_are_those_of_the_transformed_normal():
    for prior in priors("sceptical"):
        low, middle, high = (prior.quantile(share) for share in (0.05, 0.5, 0.95))
        assert low < middle < high
    entry = priors("suspicious")[TARGET_ENTRY]
    assert entry.quantile(0.5) == pytest.approx(0.20)
    assert logit(entry.quantile(0.95)) - logit(0.20) == pytest.approx(0.8 * 1.6448536, rel=1e-6)


def test_a_forecast_density_integrates_to_one_and_agrees_with_its_draws(rows, events, history):
    longer = build_history(rows, events, date(2026, 1, 31), ahead=1)
    found = forecast(
        posteriors(history, ("neutral",), SMALL)[0], longer, longer.months[-1], np.random.default_rng(1), 60, 60
    )
    grid = np.linspace(np.log(0.5), np.log(4000), 1500)
    density = np.exp([found.log_density(float(np.exp(x))) for x in grid])
    step = grid[1] - grid[0]
    assert density.sum() * step == pytest.approx(1, abs=2e-3)
    below = density[grid < np.log(500)].sum() * step
    assert (found.us < 500).mean() == pytest.approx(below, abs=0.02)
