"""Random games with perfect monitoring against the independent plain solver and, at knife edges, against fractions."""

import numpy as np

from negotiation.games.solution import Status
from negotiation.solve.payoff_sets.solver import solve_many
from tests.benchmarks import perfect_right


def test_three_hundred_random_games():
    rng = np.random.default_rng(2024)
    games = [perfect_right.draw(rng) for _ in range(300)]
    kinds, edges = set(), 0
    for game, found in zip(games, solve_many(games), strict=True):
        outer, inner, plain = perfect_right.differences(game, found)
        kinds.add(found.outer[0].kind)
        assert outer <= perfect_right.TOLERANCE
        if plain > perfect_right.TOLERANCE:  # a knife edge: the plain bounds are apart
            edges += 1
            assert found.status is not Status.EXACT or perfect_right.is_own_image(game)
        else:
            assert found.solved
        if found.solved:
            assert inner <= perfect_right.TOLERANCE
    assert kinds == {"polygon", "segment", "point", "empty"}
    assert edges > 0
