"""One time limit for the whole of an answer, tried with a clock that moves when it is looked at."""

import itertools
import json
from fractions import Fraction

import numpy as np
import pytest

from negotiation._time_limit import OutOfTimeError, checkpoint, out_of_time, time_limit
from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.games.solution import Status
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.options import NO_TIME, PERFECT, PUBLIC
from negotiation.solve.payoff_sets.solver import solve
from negotiation.solve.perfect.solver import NOT_DECIDED
from negotiation.solve.solution_record import solution_object
from negotiation.solve.stage import nash
from negotiation.solve.stage.nash import stage_equilibria
from negotiation.verify.checker import check


class Clock:
    """A clock that moves on by one each time it is looked at, so that seconds count checkpoints."""

    def __init__(self):
        self.looks = 0

    def __call__(self):
        self.looks += 1
        return float(self.looks)


def random_stage(size, seed=3):
    payoffs = np.random.default_rng(seed).integers(0, 100, (2, size, size)).astype(float)
    return StageGame(("row", "column"), tuple(tuple(f"{who}{k}" for k in range(size)) for who in "rc"), payoffs)


def noisy(size):
    chances = np.random.default_rng(5).dirichlet([1.0, 1.0], size=(size, size))
    return DynamicGame.repeated(random_stage(size), 0.9, Monitoring(("high", "low"), chances))


def test_the_limit_that_ends_first_counts():
    clock = itertools.count().__next__
    with time_limit(100, clock), time_limit(3, clock):  # a checkpoint looks at both
        checkpoint()
        assert out_of_time()
        with pytest.raises(OutOfTimeError):
            checkpoint()
    assert not out_of_time()
    with time_limit(None):
        assert not out_of_time()


def everything(game, options):
    """Return the whole printed answer of a game: sets, certificate, stage equilibria, minmax."""
    return solution_object(with_certificate(solve(game, options)), "game")


@pytest.mark.parametrize(
    ("game", "options"),
    [
        (noisy(3), PUBLIC),
        (DynamicGame.repeated(random_stage(5), Fraction(3, 5)), PERFECT),
        (DynamicGame.repeated(random_stage(9), Fraction(3, 5)), PERFECT),
    ],
    ids=["noisy", "seen", "many actions"],
)
def test_every_part_of_an_answer_stops_at_the_limit(game, options):
    """Wherever the limit falls, at most a dozen looks follow it: one for each part that is left out."""
    total = Clock()
    with time_limit(1e9, total):
        whole = everything(game, options)
    assert total.looks > 300
    assert whole["certificate"] is not None
    for share in (0.0, 0.01, 0.1, 0.3, 0.6, 0.9):
        clock = Clock()
        limit = int(share * total.looks)
        with time_limit(limit, clock):
            part = everything(game, options)
        assert clock.looks <= limit + 14, share
        assert part["words"].endswith(" ".join(part["notes"]))
        assert (part["certificate"] is None) == (NO_TIME in part["notes"])
        assert part["stage_nash"]["complete"] or any("may be incomplete" in note for note in part["notes"])
        missing = [level["mixed"] is None for level in part["minmax"].values()]
        assert any(missing) == any("mixed minmax" in note for note in part["notes"])
        json.dumps(part, allow_nan=False)


def test_what_a_limit_leaves_is_still_proven():
    """Every outer set that a time limit leaves contains the set found without one."""
    game = noisy(4)
    full = solve(game)
    stopped = 0
    for limit in (0, 20, 60, 100, 140, 200, 300):
        with time_limit(limit, Clock()):
            cut = solve(game)
        stopped += cut.status is Status.TIME_LIMIT
        assert cut.outer[0].distances(full.inner[0].vertices).max() < 1e-6
    assert stopped >= 2


def test_an_exact_decision_that_is_left_out_is_said():
    game = DynamicGame.repeated(random_stage(4), Fraction(3, 5))
    with time_limit(0, Clock()):
        found = solve(game)
    assert solve(game).status is Status.EXACT
    assert found.status is not Status.EXACT
    assert NOT_DECIDED in found.notes


def test_a_list_that_stays_incomplete_is_not_searched_from_every_label(monkeypatch):
    """Coordination on one of 20 actions: 20 pure equilibria and 40 labels, of which 16 are followed."""
    names = tuple(f"a{k}" for k in range(20))
    stage, followed, real = (
        StageGame(("row", "column"), (names, names), [np.eye(20), np.eye(20)]),
        [],
        nash.lemke_howson,
    )

    def following(*words):
        followed.append(words[2])
        return real(*words)

    monkeypatch.setattr(nash, "lemke_howson", following)
    found = stage_equilibria(stage)
    assert len(found.pure) == 20
    assert len(followed) == len(set(followed)) == nash.LEMKE_HOWSON_PATHS
    assert max(followed) >= 20  # labels of both players
    assert "from 16 of 40 labels" in found.caveat


@pytest.mark.parametrize(
    ("game", "options"), [(noisy(3), PUBLIC), (DynamicGame.repeated(random_stage(5), Fraction(3, 5)), PERFECT)]
)
def test_the_limit_of_the_options_covers_the_certificate(game, options):
    part = solve(game, options.replace(certificate=True, seconds=1e-9))
    assert part.certificate is None
    assert NO_TIME in part.notes


def test_the_checker_stops_too():
    proof = with_certificate(solve(DynamicGame.repeated(random_stage(4), Fraction(3, 5)))).certificate
    with time_limit(5, Clock()), pytest.raises(OutOfTimeError):
        check(proof)
    assert check(proof).holds
