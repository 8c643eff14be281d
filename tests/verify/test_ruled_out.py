"""Profiles ruled out before the chain: two checkers follow the proof, and refuse what is not shown."""

import copy

import pytest

from negotiation.games.files.load import any_game_of
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.payoff_sets.solver import solve
from negotiation.verify.checker import check

LOSS = -(10**9)
TABLES = [[[9, 1], [10, 3], [LOSS, LOSS]], [[9, 10], [1, 3], [0, 0]]]
NOISE = [[["9/10", "1/10"], ["1/2", "1/2"]], *2 * [[["1/2", "1/2"], ["1/5", "4/5"]]]]


@pytest.fixture(scope="module")
def proof():
    return with_certificate(solve(any_game_of({"payoffs": TABLES, "discount": "2/5"}))).certificate


def test_both_checkers_follow(proof, plain):
    assert proof["outer"]["ruled_out"] == [[0, 4], [0, 5]]
    assert check(proof).holds
    plain.check(proof)


def test_both_checkers_follow_with_noise(plain):
    found = with_certificate(solve(any_game_of({"payoffs": TABLES, "discount": "2/5", "signals": NOISE}))).certificate
    assert found["outer"]["ruled_out"]
    assert check(found).holds
    plain.check(found)


@pytest.mark.parametrize("place", [[0, 0], [0, 1], [0, 3]])
def test_a_profile_that_is_not_shown_to_be_unplayable_is_refused(proof, plain, place):
    wrong = copy.deepcopy(proof)
    wrong["outer"]["ruled_out"].append(place)
    assert "not shown to be unplayable" in check(wrong).failure
    with pytest.raises(AssertionError):
        plain.check(wrong)


def test_without_the_list_the_first_set_is_too_small(proof, plain):
    wrong = copy.deepcopy(proof)
    del wrong["outer"]["ruled_out"]
    assert "outside the first outer set" in check(wrong).failure
    with pytest.raises(AssertionError):
        plain.check(wrong)
