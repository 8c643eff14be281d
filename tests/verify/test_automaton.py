"""Automata: exact values and one-shot deviations against closed forms, and claims that must fail."""

from fractions import Fraction

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.games import Automaton
from negotiation.solve.automata.one_shot_deviations import check_automaton
from negotiation.solve.certificates.automaton import regime_certificate
from negotiation.verify.automaton import Payment
from negotiation.verify.checker import check


def grim(n_signals=1):
    """Cooperate until somebody is seen to defect, then defect for ever (an observed deviation moves to state 1)."""
    transition = np.zeros((2, n_signals, 2))
    transition[0, :, 0] = transition[1, :, 1] = 1.0
    return Automaton(("peace", "war"), [[0, 0], [1, 1]], transition, [[1, 1], [1, 1]], np.zeros((2, 2, 2, 2)))


@pytest.mark.parametrize(("discount", "holds"), [("1/7", True), ("99/700", False), ("1/2", True), ("1/10", False)])
def test_grim_trigger_holds_exactly_from_its_critical_discount_on(games, discount, holds):
    """9 >= (1 - d) 10 + d 3 if and only if d >= 1/7, with equality at 1/7: no tolerance could tell."""
    data, verdict = regime_certificate(games.dilemma(Fraction(discount)), grim())
    assert verdict.holds is holds
    assert check(data) == verdict
    if not holds:
        assert verdict.failure.startswith("state 'peace': row playing r1 once gains")


def test_values_solve_the_linear_system(games):
    """Noisy grim trigger: V = (1 - d) 2 + d p V, so V = 2 (1 - d) / (1 - d p)."""
    game = games.noisy("9/10")
    transition = np.zeros((2, 2, 2))
    transition[0, 0, 0] = transition[0, 1, 1] = transition[1, :, 1] = 1.0
    automaton = Automaton(("peace", "war"), [[0, 0], [1, 1]], transition, [[-1, -1], [-1, -1]], np.zeros((2, 2, 2, 2)))
    _, verdict = regime_certificate(game, automaton)
    assert verdict.holds
    value = 2 * (1 - 0.9) / (1 - 0.9 * 0.9)
    assert f"row {value:.6g}, column {value:.6g}" in verdict.proven


def test_every_regime_of_the_default_game_gets_the_verdict_of_the_solver(default_scenario):
    from negotiation.games import DynamicGame
    from negotiation.solve.regimes.analysis import analyse_regimes
    from negotiation.trade.game.build import build_pact

    for call in ("no_call", "breakdown"):
        pact = build_pact(default_scenario.after(default_scenario.call(call).changes))
        game = DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)
        for regime in analyse_regimes(pact, best_sets=False):
            pays = [Payment(1, Fraction(regime.payment), 0, 1)] if regime.key == "compensation" else []
            _, verdict = regime_certificate(game, regime.automaton, payments=pays)
            worst = min(slack.slack for slack in regime.slacks)
            assert abs(worst) > 1e-9 or worst == 0, "too close to tell in doubles"
            assert verdict.holds is (worst >= 0), (call, regime.key, verdict)


def test_random_automata_get_the_verdict_of_the_solver(games):
    rng, game, both = np.random.default_rng(3), games.noisy("4/5"), set()
    for _ in range(60):
        size = int(rng.integers(1, 4))
        transition = rng.dirichlet(np.ones(size), size=(size, 2))
        actions = rng.integers(0, 2, size=(size, 2)) if rng.random() < 0.7 else np.ones((size, 2), dtype=int)
        adjustments = rng.choice([0.0, 1.0]) * rng.normal(size=(size, 2, 2, 2))
        names = tuple("abc"[:size])
        automaton = Automaton(names, actions, transition, np.full((size, 2), -1), adjustments)
        found = check_automaton(game.stages[0], game.monitoring[0], game.discount, automaton)
        verdict = regime_certificate(game, automaton)[1]
        assert verdict.holds is (found.worst.slack > 0)
        both.add(verdict.holds)
    assert both == {True, False}


def test_two_game_states_need_places_that_fit(games):
    game = games.two_states()
    stay = np.zeros((2, 2, 2))
    stay[:, 0, 1] = stay[:, 1, 0] = 1.0
    defect = Automaton(("poor", "rich"), [[1, 1], [1, 1]], stay, [[-1, -1], [-1, -1]], np.zeros((2, 2, 2, 2)))
    with pytest.raises(InputError, match="in which state"):
        regime_certificate(game, defect)
    _, verdict = regime_certificate(game, defect, places=[0, 1])
    # V_rich - V_poor = (1 - d) 1, since both states move alike; playing C once costs (1 - d) 1 in either state and
    # makes the good signal, which leads to the rich state, likelier by .3: a loss of (1 - d) (1 - .3 d) > 0
    assert verdict.holds
    for places in ([0, 0], [1, 0]):
        _, lost = regime_certificate(game, defect, places=places)
        assert not lost.holds
        assert "lives elsewhere" in lost.failure


def test_payments_must_be_worth_making(games):
    """Paying b keeps 9 - 3 per period: worth it if d (9 - 3) >= (1 - d) b."""
    game = games.dilemma(Fraction(1, 2))
    for amount, holds in ((6.0, True), (6.0 + 2**-40, False)):
        _, verdict = regime_certificate(game, grim(), payments=[Payment(0, Fraction(amount), 0, 1)])
        assert verdict.holds is holds
    assert "refusing to pay" in verdict.failure


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"actions": [[0, 2], [1, 1]]}, "action outside"),
        ({"on_deviation": [[1, -1], [1, 1]]}, "seen to deviate"),
        ({"transition": np.ones((2, 2, 2)) / 2}, "reacts to 2 signals"),
        ({"adjustments": np.zeros((2, 2, 3, 2))}, "payments are for"),
    ],
)
def test_an_automaton_that_does_not_fit_is_refused(games, change, message):
    with pytest.raises(InputError, match=message):
        regime_certificate(games.dilemma(Fraction(1, 2)), grim().replace(**change))
