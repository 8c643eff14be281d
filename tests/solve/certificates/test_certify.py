"""Certificates for solutions of any solver: random games of every kind, doubles and ratios, relabelled and rescaled."""

import json
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.games.solution import Status
from negotiation.solve.certificates import encoding
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.certificates.outer_proof import corners
from negotiation.solve.options import PERFECT
from negotiation.solve.perfect.solver import solve_perfect
from negotiation.verify import checker
from negotiation.verify.checker import check


def random_game(rng, most=4):
    shape = tuple(int(size) for size in rng.integers(2, most + 1, size=2))
    payoffs = rng.integers(-10, 11, size=(2, *shape)).astype(float)
    actions = tuple(tuple(f"{who}{k}" for k in range(size)) for who, size in zip("rc", shape, strict=True))
    return StageGame(("row", "column"), actions, payoffs)


def test_sets_of_every_kind_are_proven_to_one_millionth():
    """Points, segments, polygons and empty sets of random integer games, each with a gap of at most 1e-6."""
    rng, kinds = np.random.default_rng(20), Counter()
    for _ in range(40):
        stage, discount = random_game(rng), Fraction(int(rng.integers(1, 20)), 20)
        solution = with_certificate(solve_perfect(DynamicGame.repeated(stage, discount)))
        proof = solution.certificate
        assert proof is not None, solution.notes
        verdict = check(json.loads(json.dumps(proof)))
        assert verdict.holds, verdict.failure
        kinds[solution.outer[0].kind] += 1
        if solution.outer[0].is_empty:
            assert solution.status is Status.EMPTY
            assert verdict.proven == "there is no equilibrium in pure strategies"
        else:
            assert solution.status is Status.EXACT
            assert float(Fraction(proof["gap"])) <= 1e-6
    assert set(kinds) == {"empty", "point", "segment", "polygon"}


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_the_unit_of_payoffs_does_not_matter(factor):
    payoffs = np.array([[[16.0, 3, 0], [21, 10, -1], [9, 5, -5]], [[9.0, 13, 3], [1, 4, 0], [0, -4, -15]]])
    actions = (("a", "b", "c"), ("d", "e", "f"))
    game = DynamicGame.repeated(StageGame(("row", "column"), actions, factor * payoffs), Fraction(3, 10))
    proof = with_certificate(solve_perfect(game)).certificate
    assert float(Fraction(proof["gap"])) <= 1e-8


def test_signals_that_reveal_the_profile_are_proven_like_actions_that_are_seen():
    """A signal that names the profile: the same set as with seen actions."""
    payoffs = np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]])
    stage = StageGame(("row", "column"), (("C", "D"), ("C", "D")), payoffs)
    named = Monitoring(("CC", "CD", "DC", "DD"), np.eye(4).reshape(2, 2, 4))
    for discount in (Fraction(1, 5), Fraction(1, 2)):
        proofs = [
            with_certificate(solve_perfect(DynamicGame.repeated(stage, discount, seen))).certificate
            for seen in (None, named)
        ]
        gaps = [float(Fraction(proof["gap"])) for proof in proofs]
        assert max(gaps) <= 1e-8


def test_what_speaks_of_mixed_strategies_gets_no_certificate():
    stage = random_game(np.random.default_rng(1))
    solution = solve_perfect(DynamicGame.repeated(stage, Fraction(1, 2)), PERFECT.replace(static_nash=True))
    found = with_certificate(solution)
    assert found.certificate is None
    assert "pure strategies only" in found.notes[-1]


def test_a_certificate_that_fails_is_not_kept():
    stage = random_game(np.random.default_rng(2))
    solution = with_certificate(solve_perfect(DynamicGame.repeated(stage, Fraction(1, 2))))
    changed = json.loads(json.dumps(solution.certificate))
    changed["gap"] = "-1" if changed["gap"] is not None else None
    changed["outer"]["first"][0] -= 2**52
    found = with_certificate(solution.replace(certificate=changed))
    assert found.certificate is None
    assert "does not bear exact arithmetic" in found.notes[-1]


def test_writer_and_checker_speak_of_the_same_format():
    assert (encoding.CERTIFICATE_FORMAT, encoding.VERSION) == (checker.CERTIFICATE_FORMAT, checker.VERSION)


def test_long_ratios_are_written_in_base_16_and_read_back():
    from negotiation.verify.reading import Entry

    for number in (Fraction(-(7**9000), 3**9000), Fraction(5, 7), Fraction(-4)):
        assert Entry(encoding.ratio_text(number)).ratio() == number


def test_corners_are_where_neighbouring_sides_meet():
    lam = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    found = corners(lam, np.array([2.0, 3.0, 0.0, -1.0]))
    assert sorted(map(tuple, found.tolist())) == [(0.0, 1.0), (0.0, 3.0), (2.0, 1.0), (2.0, 3.0)]
