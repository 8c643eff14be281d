"""Weak renegotiation-proofness: constructed automata, Farrell and Maskin's theorem, the simple regimes, exact ties."""

from fractions import Fraction

import numpy as np
import pytest

from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.calls.proofs.proven import renegotiation_proofs
from negotiation.errors import InputError
from negotiation.games import Automaton, DynamicGame, Monitoring, StageGame
from negotiation.solve.automata.one_shot_deviations import check_automaton
from negotiation.solve.renegotiation.weakly_proof import renegotiation_check

DILEMMA = StageGame(("a", "b"), (("C", "D"), ("C", "D")), [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]])


def perfect_automaton(actions, names, after, on_deviation, shape=(2, 2)):
    """An automaton under perfect monitoring: one signal, `after` w when all obey, `on_deviation` (W, 2) otherwise."""
    count = len(names)
    transition = np.zeros((count, 1, count))
    transition[np.arange(count), 0, after] = 1
    return Automaton(tuple(names), actions, transition, on_deviation, np.zeros((count, 2, *shape)))


def farrell_maskin(stage, values):
    """Return for each of two players a pure profile that punishes it as Farrell and Maskin's theorem 1 asks.

    While player i is punished by a^i, i's best reply earns less than v_i and the punisher at least v_j. Where both
    exist and actions are seen, v is a weakly renegotiation-proof payoff for patient players. None where no profile
    does it. Of several, the one that hurts i most.
    """
    found = []
    for player in (0, 1):
        fit = [
            (float(stage.deviations(player, profile).max()), profile)
            for profile in stage.profiles()
            if stage.payoff(profile)[1 - player] >= values[1 - player]
        ]
        best = min(fit, default=None)
        found.append(best[1] if best is not None and best[0] < values[player] else None)
    return tuple(found)


def grim():
    return perfect_automaton([[0, 0], [1, 1]], ("peace", "war"), [0, 1], [[1, 1], [1, 1]])


def penance(steps):
    """Van Damme (1989): a deviator plays C against D for some periods; any deviation starts the penance anew."""
    names, actions, after = ["peace"], [[0, 0]], [0]
    for player in (0, 1):
        for step in range(steps):
            names.append(f"{'ab'[player]} repents {step + 1}")
            actions.append([0, 1] if player == 0 else [1, 0])
            after.append(len(names) if step < steps - 1 else 0)
    first = [1, 1 + steps]
    return perfect_automaton(actions, names, after, [first] * len(names))


def test_grim_trigger_fails_after_deviations_only():
    """War is worse for both than peace, but nobody gets there on the path."""
    found = renegotiation_check(DynamicGame.repeated(DILEMMA, 0.9), grim())
    assert found.on_path is None
    assert found.anywhere is not None
    assert (found.anywhere.better, found.anywhere.worse) == ("peace", "war")
    assert found.anywhere.better_values == pytest.approx((2, 2))
    assert "everybody would rather return to 'peace'" in found.anywhere.sentence()


def test_penance_is_an_equilibrium_and_renegotiation_proof():
    """The punisher gains while the deviator repents: (-1, 3) against (2, 2)."""
    game = DynamicGame.repeated(DILEMMA, 0.9)
    strategy = penance(1)
    assert check_automaton(DILEMMA, game.monitoring[0], 0.9, strategy).holds()
    found = renegotiation_check(game, strategy)
    assert found.anywhere is None
    assert found.values[0, 1] == pytest.approx([0.1 * -1 + 0.9 * 2, 0.1 * 3 + 0.9 * 2])


def test_farrell_and_maskin_in_the_default_game(closed_form, default_game):
    expected, tolerance, inputs = closed_form("weakly_renegotiation_proof_default")
    stage = default_game.pact.stage
    first, second = farrell_maskin(stage, tuple(inputs["v"]))
    assert "-".join((",".join(stage.name(first)), ",".join(stage.name(second)))).replace("_", "-") == (
        f"{inputs['punish_US']}-{inputs['punish_China']}"
    )
    held = [stage.deviations(0, first).max(), stage.deviations(1, second).max()]
    gained = [stage.payoff(second)[0], stage.payoff(first)[1]]
    assert [*held, *gained] == pytest.approx(expected, abs=tolerance)


def test_the_theorem_s_automaton_is_proof_in_the_default_game(default_game):
    """Actions seen: whoever leaves (keep, license) is punished by Farrell and Maskin's profiles and gains nothing."""
    stage = default_game.pact.stage
    first, second = farrell_maskin(stage, (0.0, 0.0))
    names = ("deal", "US repents 1", "US repents 2", "China repents 1", "China repents 2")
    strategy = perfect_automaton(
        [default_game.pact.deal, first, first, second, second], names, [0, 2, 0, 4, 0], [[1, 3]] * 5, stage.shape
    )
    game = DynamicGame.repeated(stage, 0.95)
    assert check_automaton(stage, game.monitoring[0], 0.95, strategy).holds()
    assert renegotiation_check(game, strategy).anywhere is None


def test_no_punishment_exists_where_the_punisher_must_lose():
    assert farrell_maskin(DILEMMA, (2.0, 2.0)) == ((0, 1), (1, 0))
    assert farrell_maskin(DILEMMA, (2.0, 3.5)) == (None, (1, 0))
    assert farrell_maskin(DILEMMA, (0.0, 0.0)) == (None, None)


def test_mutual_reversion_never_passes_and_snapback_may(default_scenario):
    """Model, section 2i.8: (0, 0) dominates war; in a proportional snapback the US gains f while China loses h - f."""
    passed = {}
    for call in default_scenario.calls:
        for proof in renegotiation_proofs(analyse_outcome(default_scenario, call)):
            passed.setdefault(proof.regime, []).append(proof)
    assert not any(proof.on_path for proof in passed["mutual_reversion"])
    assert all("good standing" in proof.broken for proof in passed["mutual_reversion"])
    assert all(proof.on_path for proof in passed["proportional_snapback"])
    assert any(proof.holds and proof.on_path for proof in passed["proportional_snapback"])
    # after a seen exit they all go to war for ever, which both would rather call off
    assert not any(proof.fully for proof in passed["proportional_snapback"])
    assert all(proof.fully for proof in passed["stage_nash"])


def test_ties_are_decided_in_ratios():
    """Two states that differ for one player by 1e-13, and not at all for the other: no strict domination."""
    hair = Fraction(1, 10**13)

    def game(extra):
        table = (
            (Fraction(1), Fraction(1) + hair),
            (Fraction(1), Fraction(1) + extra),
        )
        payoffs = np.array([[float(x) for x in row] for row in table]).reshape(2, 1, 2)
        stage = StageGame(("a", "b"), (("only",), ("x", "y")), payoffs)
        return DynamicGame.repeated(stage, Fraction(1, 3)).replace(exact_payoffs=(table,))

    strategy = perfect_automaton([[0, 0], [0, 1]], ("x for ever", "y for ever"), [0, 1], [[1, 1], [1, 1]], (1, 2))
    same = renegotiation_check(game(Fraction(0)), strategy)
    assert same.anywhere is None
    assert same.ratios
    more = renegotiation_check(game(hair), strategy)
    assert more.anywhere is not None
    assert (more.anywhere.better, more.anywhere.worse) == ("y for ever", "x for ever")


def test_only_continuations_in_the_same_public_state_are_compared():
    """A rich and a poor public state: being poor is nobody's choice, so it is no reason to renegotiate."""
    rich = StageGame(("a", "b"), (("x",), ("y",)), np.full((2, 1, 1), 5.0))
    poor = rich.replace(payoffs=np.zeros((2, 1, 1)))
    seen = Monitoring(("stay", "go"), np.array([[[0.5, 0.5]]]))
    game = DynamicGame(("rich", "poor"), (rich, poor), (seen, seen), np.array([[0, 1], [1, 0]]), discount=0.5)
    one = Automaton(("play",), [[0, 0]], np.ones((1, 2, 1)), [[-1, -1]], np.zeros((1, 2, 1, 1)))
    found = renegotiation_check(game, one)
    assert found.anywhere is None
    # V_rich + V_poor = 5 and V_rich - V_poor = 2.5 / (1 - 0): half of the gap lasts one period
    assert found.values[:, 0, 0] == pytest.approx([3.75, 1.25])


def test_states_that_no_history_reaches_do_not_count():
    strategy = perfect_automaton([[0, 0], [1, 1]], ("peace", "never"), [0, 1], [[0, 0], [0, 0]])
    assert renegotiation_check(DynamicGame.repeated(DILEMMA, 0.9), strategy).anywhere is None


def test_an_automaton_for_another_game_is_refused():
    other = StageGame(("a", "b"), (("C",), ("C", "D")), np.zeros((2, 1, 2)))
    with pytest.raises(InputError, match="automaton"):
        renegotiation_check(DynamicGame.repeated(other, 0.9), grim())
