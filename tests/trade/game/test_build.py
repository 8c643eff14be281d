"""The default game against printed matrices; parts add up; ripples against printed values."""

import numpy as np
import pytest

from negotiation.trade.game.build import build_game, build_pact
from negotiation.trade.parameters.changes import Change
from tests.stored import frozen


def test_default_matrices(closed_form, default_game):
    expected, tol, _ = closed_form("default_stage_matrices")
    assert default_game.pact.stage.payoffs.ravel() == pytest.approx(expected, abs=tol)


def test_effective_discount(closed_form, default_game):
    expected, tol, _ = closed_form("effective_discount")
    assert default_game.pact.discount == pytest.approx(expected, abs=tol)


def test_parts_add_up_to_the_payoffs(default_game):
    for player in (0, 1):
        total = sum(part.values for part in default_game.parts if part.player == player)
        assert total == pytest.approx(default_game.pact.stage.payoffs[player])


def test_printed_values_of_third_parties(default_game):
    """Model 2f: EU (P,L) -.085, (K,S) -.509, (P,S) -.595, (F,W) -5.06; India +.031, -.102, -.070, -1.07."""
    assert default_game.parties == ("us", "china", "eu", "india")
    profiles = [(1, 0), (0, 1), (1, 1), (2, 2)]
    eu = [default_game.real[2][p] for p in profiles]
    india = [default_game.real[3][p] for p in profiles]
    assert eu == pytest.approx([-0.085, -0.509, -0.595, -5.06], abs=0.006)
    assert india == pytest.approx([0.031, -0.102, -0.070, -1.07], abs=0.006)


def test_printed_real_costs(default_game):
    """Model 2a: real US cost of full withholding 2.97 a month (without China's embargo tariff), of slow-walking .43."""
    assert default_game.real[0][0, 1] == pytest.approx(-0.434, abs=5e-3)
    assert default_game.real[0][2, 0] == pytest.approx(-3.77, abs=5e-3)


def test_legal_survival_shrinks_every_tariff_above_the_deals(default_scenario, default_game):
    game = build_game(default_scenario.after([Change("legal.snapback_survival", "set", 0.75)]))
    whole, part = default_game.pact.stage.payoffs, game.pact.stage.payoffs
    assert part[:, 0] == pytest.approx(whole[:, 0])
    assert part[0, 1:, 0] == pytest.approx(0.75 * whole[0, 1:, 0])
    assert part[1, 1:, 0] == pytest.approx(0.75 * whole[1, 1:, 0])


def test_pact_alone_is_the_games_pact(default_scenario, default_game):
    assert build_pact(default_scenario).stage.payoffs == pytest.approx(default_game.pact.stage.payoffs, abs=1e-14)
    assert build_pact(default_scenario, fine=False).fine is None
    assert build_pact(default_scenario).monitoring == default_game.pact.monitoring


def test_fine_grid_agrees_with_the_listed_actions(default_game):
    fine, stage = default_game.pact.fine, default_game.pact.stage
    for index, share in enumerate(default_game.withheld):
        at = int(np.abs(fine.levels - share).argmin())
        assert fine.payoffs[:, at] == pytest.approx(stage.payoffs[1, :, index], abs=1e-9)
        assert fine.likelihood[at] == pytest.approx(default_game.pact.monitoring.likelihood[0, index], abs=1e-9)


def test_own_payoffs_are_perfectly_monitored_without_signals():

    textbook = build_game(frozen("textbook"))
    assert not textbook.has_economics
    assert textbook.pact.monitoring.signals == textbook.pact.stage.actions[1]
