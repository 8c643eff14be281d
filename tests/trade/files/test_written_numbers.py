"""Own payoffs in a scenario file mean what was written; what is computed is a double, and so is all economics."""

import pickle
from fractions import Fraction

import pytest

from negotiation._numbers import ExactDouble, exact_double, ratios_of
from negotiation.errors import InputError
from negotiation.games.solution import Status
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.payoff_sets.solver import solve
from negotiation.trade.files.load import load_scenario
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.repeated_game import repeated_game
from negotiation.trade.parameters.changes import Change
from tests.stored import frozen

# grim trigger needs 2.1 >= .4 x 3.3 + .6 x 1.3, which is an equality; as doubles .6 and 2.1 are no ratios of tenths
EDGE = """
extends = "textbook"
[patience]
discount = 0.6
[payoffs]
row = [[2.1, -50], [3.3, 1.3]]
column = [[2.1, 3.3], [-50, 1.3]]
"""


@pytest.fixture
def edge(tmp_path):
    file = tmp_path / "edge.toml"
    file.write_text(EDGE)
    return load_scenario(file)


def test_a_scenario_at_a_knife_edge_is_decided(edge):
    game = repeated_game(build_pact(edge))
    assert game.exact_discount == Fraction(3, 5)
    assert game.exact_payoffs[0][0] == (Fraction(21, 10), -50, Fraction(33, 10), Fraction(13, 10))
    found = with_certificate(solve(game))
    assert found.status is Status.EXACT
    assert [2.1, 2.1] in found.inner[0].vertices.tolist()


def test_set_is_written_and_what_add_and_scale_compute_is_a_double(edge):
    def of(change):
        return repeated_game(build_pact(edge.after([Change.parse(change)])))

    assert of("patience.discount=0.7").exact_discount == Fraction(7, 10)
    assert of("patience.discount+=0.1").exact_discount is None
    assert of("patience.discount*=1.1").exact_discount is None
    assert of("payoffs.row.cooperate.defect+=0.1").exact_payoffs is None
    assert of("payoffs.row.cooperate.defect=1/3").exact_payoffs[0][0][1] == Fraction(1, 3)


def test_signals_are_written_too(tmp_path):
    file = tmp_path / "noisy.toml"
    file.write_text(
        EDGE + 'signals = ["good", "bad"]\ntrigger = ["bad"]\n'
        "likelihood = [[[0.9, 0.1], [0.3, 0.7]], [[0.3, 0.7], [0.2, 0.8]]]\n"
    )
    game = repeated_game(build_pact(load_scenario(file)))
    assert game.exact_likelihood[0][1] == (Fraction(3, 10), Fraction(7, 10))


def test_a_pact_with_other_numbers_is_not_what_was_written(edge):
    pact = build_pact(edge)
    assert repeated_game(pact.replace(discount=0.7)).exact_discount is None
    moved = pact.replace(stage=pact.stage.replace(payoffs=pact.stage.payoffs + 0.1))
    assert repeated_game(moved).exact_payoffs is None


def test_economics_is_never_exact():
    game = repeated_game(build_pact(frozen("june-2025")))
    assert (game.exact_discount, game.exact_payoffs, game.exact_likelihood) == (None, None, None)


def test_a_written_number_is_a_double_that_travels():
    number = exact_double("0.6")
    assert number == 0.6
    assert repr(number) == "0.6"
    assert pickle.loads(pickle.dumps(number)).ratio == Fraction(3, 5)
    assert not isinstance(number + 0, ExactDouble)
    assert ratios_of([number, 0.6]) is None


@pytest.mark.parametrize("text", ["1e100000000", "-1e-300000000", "1" * 5000])
def test_a_change_refuses_a_number_beyond_the_limits(text):
    with pytest.raises(InputError, match=r"(is|has) too") as caught:
        Change.parse(f"patience.discount={text}")
    assert len(str(caught.value)) < 200
