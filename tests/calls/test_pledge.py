"""Thresholds of pledges and trust, and what cheap talk reveals: closed forms, and the game they are about."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from negotiation.calls.closed_forms import (
    pledge_thresholds,
    primitives,
    reversion_discount,
    separating_pledges,
    stakes_needed,
    trust_threshold,
)
from negotiation.calls.signalling.cheap_talk import BIASES, cheap_talk, most_intervals
from negotiation.errors import InputError
from negotiation.games.signalling import SignallingGame
from negotiation.solve.signalling.equilibria import SEPARATING, perfect_bayesian_equilibria
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change


@pytest.fixture(scope="module")
def thresholds_at_default(default_game):
    return primitives(default_game.pact)


def test_pledge_that_ties_hands(closed_form, thresholds_at_default):
    expected, tolerance, inputs = closed_form("pledge_ties_hands")
    needed = stakes_needed(np.array([inputs["g"]]), np.array([inputs["q"] - inputs["p"]]))
    assert needed == pytest.approx(expected, abs=tolerance)
    assert thresholds_at_default.stake == pytest.approx(expected, abs=1e-9)


def test_pledges_that_separate(closed_form, default_game):
    expected, tolerance, inputs = closed_form("pledge_separates_types")
    band = separating_pledges(inputs["h"], inputs["g"], inputs["p"], inputs["q"])
    assert band == pytest.approx(expected, abs=tolerance)
    assert pledge_thresholds(default_game.pact).band == pytest.approx(expected, abs=tolerance)


def test_trust_threshold(closed_form, default_game):
    expected, tolerance, inputs = closed_form("trust_threshold")
    assert trust_threshold(inputs["f"], inputs["D"]) == pytest.approx(expected, abs=tolerance)
    assert pledge_thresholds(default_game.pact).trust == pytest.approx(expected, abs=1e-9)


def one_month_game(pledge, g, h, f, damage, p, q):
    """The call for one month: the strategic type would cheat or keep to its word, whichever is better for it."""
    sender = [
        [[g, g - h], [max(g - q * pledge, -p * pledge), g - h]],
        [[0, -h], [-p * pledge, -h]],
    ]
    cheats = g - q * pledge > -p * pledge
    receiver = [[[-damage, f - damage], [-damage if cheats else 0, f - damage]], [[0, f - damage], [0, f - damage]]]
    prior = (Fraction(1, 2), Fraction(1, 2))
    return SignallingGame(("strategic", "honest"), ("silence", "pledge"), ("keep", "hedge"), prior, sender, receiver)


def separates(pledge, numbers):
    """Whether some equilibrium has the honest type alone pledge."""
    return any(
        item.kind == SEPARATING and item.sent == (1, 2)
        for item in perfect_bayesian_equilibria(one_month_game(pledge, **numbers))
    )


@pytest.mark.parametrize("g", [0.4650709455238751, 0.2, 0.8])
def test_the_band_is_where_the_game_has_a_separating_equilibrium(g):
    numbers = {"g": g, "h": 0.8266369565135537, "f": 0.3862322441992567, "damage": 0.6506406602379172}
    numbers |= {"p": 0.19711478366259355, "q": 0.9986302039356391}
    low, high = separating_pledges(numbers["h"], g, numbers["p"], numbers["q"])
    assert separates(1.001 * low, numbers)
    assert separates(0.999 * high, numbers)
    assert not separates(0.999 * low, numbers)
    assert not separates(1.001 * high, numbers)


def test_degenerate_bands():
    assert separating_pledges(1.0, 0.5, 0.3, 0.3) is None or separating_pledges(1.0, 0.5, 0.3, 0.3)[0] >= 1.0 / 0.3
    assert separating_pledges(1.0, 2.0, 0.0, 0.5) == (2.0, math.inf)
    assert separating_pledges(1.0, 0.5, 0.0, 0.5) is None
    assert separating_pledges(1.0, 0.0, 0.2, 0.1) is None


def test_thresholds_without_temptation_or_news(default_scenario):
    calm = build_pact(default_scenario.after([Change("minerals.leverage", "set", 0.0)]), fine=False)
    found = pledge_thresholds(calm)
    assert (found.tie, found.band) == (0.0, None)
    assert "Nothing tempts" in " ".join(found.sentences("bn", "the US", "China"))
    assert stakes_needed(np.array([1.0]), np.array([0.0])) == math.inf
    assert stakes_needed(np.array([1.0, 1.0, -1.0]), np.array([0.5, 0.0, 0.0])).tolist() == [2.0, math.inf, 0.0]


def test_words(default_game):
    text = " ".join(pledge_thresholds(default_game.pact).sentences("USD bn", "the US", "China"))
    for part in ("0.406", "0.580 USD bn", "0.114", "1.834", "4.194", "32 %", "need not reveal"):
        assert part in text
    assert text.startswith("The US does best")


def test_legal_uncertainty(closed_form):
    expected, tolerance, inputs = closed_form("legal_uncertainty_threshold")
    g, h, p, q = 0.4650709455238751, 0.8266369565135537, 0.19711478366259355, 0.9986302039356391
    assert reversion_discount(g, inputs["zeta"] * h - g, p, q) == pytest.approx(expected, abs=tolerance)
    assert reversion_discount(1.0, 0.1, 0.5, 0.6) is None
    assert reversion_discount(0.0, 1.0, 0.1, 0.9) == 0.0


def test_crawford_sobel(closed_form):
    (count, variance), tolerance, inputs = closed_form("crawford_sobel_b_0.05")
    talk = cheap_talk(inputs["bias"])
    assert talk.intervals == count
    assert talk.variance == pytest.approx(variance, abs=max(tolerance, 5e-11))  # stored to ten digits
    shares = [round(cheap_talk(bias).revealed, 2) for bias in BIASES]
    assert shares == [0.92, 0.81, 0.63, 0.27, 0.0]


@pytest.mark.parametrize("bias", [0.01, 0.03, 0.05, 0.1, 0.24])
def test_the_sender_is_indifferent_at_every_border(bias):
    """At a border the two replies, the middles of the intervals, are equally far from what the sender wants."""
    talk = cheap_talk(bias)
    borders = talk.borders
    middles = [(a + b) / 2 for a, b in itertools.pairwise(borders)]
    for at, border in enumerate(borders[1:-1]):
        wanted = border + bias
        assert wanted - middles[at] == pytest.approx(middles[at + 1] - wanted, abs=1e-12)
    assert all(b > a for a, b in itertools.pairwise(borders))
    # the variance left is the mean squared distance to the middle, interval by interval
    left = sum((b - a) ** 3 / 12 for a, b in itertools.pairwise(borders))
    assert talk.variance == pytest.approx(left, abs=1e-12)
    # one more interval would need a first border below zero
    assert 1 - 2 * bias * talk.intervals * (talk.intervals + 1) <= 0


def test_limits_of_cheap_talk():
    assert most_intervals(0.25) == 1
    assert most_intervals(1 / 12) == 2
    assert cheap_talk(0.0).revealed > 0.999999
    with pytest.raises(InputError, match="bias: must be at least 0"):
        cheap_talk(-0.1)
    with pytest.raises(InputError, match="damage"):
        trust_threshold(0.1, 0.0)
