"""The numbers of a game as ratios: given ones are kept, doubles are taken as the ratios they are."""

from fractions import Fraction

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.games.dynamic import ratios

STAGE = StageGame(("a", "b"), (("C", "D"), ("C", "D")), np.array([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]))
THIRDS = np.full((2, 2, 3), 1 / 3)


def test_doubles_are_taken_as_they_stand():
    found = ratios(DynamicGame.repeated(STAGE, 0.1))
    assert found.discount == Fraction(3602879701896397, 2**55)
    assert found.payoffs == (((3, 0, 5, 1), (3, 5, 0, 1)),)


def test_rows_are_distributions_without_rounding():
    found = ratios(
        DynamicGame.repeated(STAGE, 0.5, Monitoring(("x", "y", "z"), np.array([0.1, 0.2, 0.7]) + 0 * THIRDS))
    )
    assert all(sum(row) == 1 for row in found.chances[0])


def test_given_ratios_are_kept():
    third = (Fraction(1, 3),) * 3
    game = DynamicGame.repeated(STAGE, Fraction(1, 3), Monitoring(("x", "y", "z"), THIRDS))
    found = ratios(game.replace(exact_likelihood=((third,) * 4,)))
    assert found.discount == Fraction(1, 3)
    assert found.chances[0][2] == third


def test_ratios_of_other_numbers_are_refused():
    game = DynamicGame.repeated(STAGE, 0.5)
    with pytest.raises(InputError, match="exact_payoffs"):
        game.replace(exact_payoffs=((tuple(map(Fraction, (3, 0, 5, 1))), tuple(map(Fraction, (3, 5, 0, 2)))),))
