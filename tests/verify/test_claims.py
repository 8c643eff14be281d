"""Bounds and single profiles: proven yes, proven no, and undecided, against closed forms."""

import copy
from fractions import Fraction

import pytest

from negotiation.errors import InputError
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.certificates.derived_claims import bound_certificate, play_certificate
from negotiation.solve.perfect.solver import solve_perfect
from negotiation.verify.checker import check


def test_the_least_bound_is_the_support_of_the_set(proofs):
    """Dilemma 9, 1, 10, 3 at 1/2: both together at most 18, neither less than 3."""
    solution = proofs("dilemma", Fraction(1, 2))
    data = bound_certificate(solution, [1, 1])
    verdict = check(data)
    assert verdict.holds
    assert float(Fraction(data["level"])) == pytest.approx(18.0, abs=1e-7)
    assert "1 x row + 1 x column above 18" in verdict.proven
    assert float(Fraction(bound_certificate(solution, ["-1", 0])["level"])) == pytest.approx(-3.0, abs=1e-7)
    changed = copy.deepcopy(data)
    changed["level"] = "17"
    assert not check(changed).holds


def test_a_state_without_equilibrium_has_every_bound(proofs):
    assert check({**bound_certificate(proofs("pennies"), [1, 0]), "level": -100}).holds


@pytest.mark.parametrize(
    ("discount", "profile", "answer"),
    [
        (Fraction(1, 2), (0, 0), "yes"),
        (Fraction(1, 2), (0, 1), "yes"),
        (Fraction(1, 5), (0, 0), "yes"),
        (Fraction(1, 5), (0, 1), "no"),
        (Fraction(1, 10), (0, 0), "no"),
        (Fraction(1, 10), (1, 1), "yes"),
        (Fraction(1, 7), (0, 0), "yes"),
    ],
)
def test_cooperation_can_be_played_from_one_seventh_on(proofs, discount, profile, answer):
    """(C, C) from 1/7 on, even at equality; (C, D) from 1/4 on, where all individually rational payoffs are reached."""
    data = play_certificate(proofs("dilemma", discount), profile)
    assert data is not None
    assert data["answer"] == answer
    verdict = check(data)
    assert verdict.holds
    assert ("cannot" if answer == "no" else "can be") in verdict.proven


def test_an_answer_cannot_be_turned_round(proofs):
    yes = copy.deepcopy(play_certificate(proofs("dilemma", Fraction(1, 2)), (0, 0)))
    yes["first"]["profile"] = [1, 0]
    assert not check(yes).holds
    no = copy.deepcopy(play_certificate(proofs("dilemma", Fraction(1, 5)), (0, 1)))
    no["profile"] = [1, 1]
    no["multipliers"] = []
    assert not check(no).holds


def test_noisy_cooperation_is_proven_both_ways(games):
    """(C, C) needs d (p - q) times the range of payoffs to cover the gain of 1 - d: no at 1/5, yes at 9/10."""
    from negotiation.solve.options import PUBLIC
    from negotiation.solve.public.solver import solve_public

    for discount, answer in (("1/5", "no"), ("9/10", "yes")):
        solution = with_certificate(solve_public(games.noisy(discount), PUBLIC.replace(gap=0.05)))
        data = play_certificate(solution, (0, 0))
        assert data["answer"] == answer
        assert check(data).holds


def test_a_solution_without_certificate_is_refused(games):
    with pytest.raises(InputError, match="certificate"):
        play_certificate(solve_perfect(games.dilemma(Fraction(1, 2))), (0, 0))
