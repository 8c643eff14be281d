"""Thresholds against closed forms: what can be played, for how many months, and at what loss."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation.errors import InputError
from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.solve.public.enforceability import Answer, enforceable_in_first_period
from negotiation.solve.public.solver import solve_public
from negotiation.solve.thresholds.claims import CanPlay, FillsShare, LossBelow, judge
from negotiation.solve.thresholds.monotonicity import EXACT, Monotone, in_monitoring, in_patience, nearest_garbling
from negotiation.solve.thresholds.threshold import threshold

NO, OPEN, YES = Answer.PROVEN_NO, Answer.UNDECIDED, Answer.PROVEN_YES
RISES = Monotone(True, "patience")


def dilemma(row, column):
    return StageGame(("a", "b"), (("C", "D"), ("C", "D")), np.array([row, column], dtype=float))


FRIEDMAN = dilemma([[3, 0], [5, 1]], [[3, 5], [0, 1]])
TEMPTED = dilemma([[3, 0], [5, 1]], [[3, 8], [0, 1]])
STAHL = dilemma([[9, 1], [10, 3]], [[9, 10], [1, 3]])


def repeated(stage, monitoring=None):
    return lambda discount: DynamicGame.repeated(stage, discount, monitoring)


def enclosed(found, exact, width):
    """Whether the only change of the answer is from no to yes and encloses the exact threshold."""
    ((before, after, turns_true),) = found.changes
    return turns_true and before <= exact <= after and after - before <= width


def test_prisoners_dilemma_from_one_half():
    """(T - R) / (T - P) = 1/2 (Friedman 1971): below it not even one month of C/C."""
    found = threshold(repeated(FRIEDMAN), CanPlay((0, 0)), 0.1, 0.9, RISES, width=1e-4)
    assert enclosed(found, 0.5, 1e-3)
    assert [stretch.answer for stretch in found.stretches] == [NO, OPEN, YES]
    assert "pure strategies" in found.words()


def test_the_more_tempted_side_binds():
    """C/C in every month from max(1/2, 5/7) on."""
    found = threshold(repeated(TEMPTED), FillsShare((0, 0), 1.0), 0.3, 0.95, RISES, width=2e-3)
    assert enclosed(found, 5 / 7, 5e-3)


def test_published_threshold_of_the_first_cooperation():
    """g / (1 + g) = 1/7 with g = 1/6 (closed form of the dilemma 9, 1, 10, 3)."""
    found = threshold(repeated(STAHL), CanPlay((0, 0)), 0.05, 0.9, RISES, width=1e-5)
    assert enclosed(found, 1 / 7, 1e-4)


def test_cournot_with_optimal_penal_codes():
    """Abreu 1988, three actions: joint monopoly in every month from 1/3 with penal codes (grim trigger: 5/8)."""
    row = [[10, 3, 0], [15, 7, -4], [7, 5, -15]]
    actions = ("L", "M", "H")
    stage = StageGame(("a", "b"), (actions, actions), np.array([row, np.transpose(row)], dtype=float))
    found = threshold(repeated(stage), FillsShare((0, 0), 1.0), 0.2, 0.8, RISES, width=5e-3)
    assert enclosed(found, 1 / 3, 1e-2)


def test_share_of_a_lopsided_profile():
    """C/D gives player a 1 where it can secure 3, and at most 10 in return: at most 7/9 of the months."""
    low = judge(FillsShare((0, 1), 7 / 9 - 0.02, tolerance=2e-2), DynamicGame.repeated(STAHL, 0.6))
    high = judge(FillsShare((0, 1), 7 / 9 + 0.02, tolerance=2e-2), DynamicGame.repeated(STAHL, 0.6))
    assert (low.answer, high.answer) == (YES, NO)
    assert low.low <= 7 / 9 + 1e-9
    assert high.high >= 7 / 9 - 1e-9


def test_share_under_noise_is_bounded_by_the_closed_form():
    """Abreu, Milgrom, Pearce 1991: best symmetric payoff u - g / (l - 1) = 2 - 1/4 in this dilemma, with C/C worth 2.

    C/C gives a sum of 4, other profiles at most 2: a share s of C/C gives at most 4 s + 2 (1 - s). The largest sum is
    3.5, attained at delta = .9, so some equilibrium plays C/C in at least three quarters of the months.
    """
    stage = dilemma([[2, -1], [3, 0]], [[2, 3], [-1, 0]])
    good = np.array([[0.9, 0.5], [0.5, 0.2]])
    game = DynamicGame.repeated(stage, 0.9, Monitoring(("good", "bad"), np.stack([good, 1 - good], axis=-1)))
    verdict = judge(FillsShare((0, 0), 0.74, tolerance=2e-2), game)
    assert verdict.answer is YES
    assert judge(LossBelow((0, 0), 0.49), game).answer is NO
    assert judge(LossBelow((0, 0), 0.51), game).answer is YES


def test_loss_in_the_prisoners_dilemma_jumps_at_one_half():
    assert judge(LossBelow((0, 0), 0.0), DynamicGame.repeated(FRIEDMAN, 0.45)).answer is NO
    # without a month of C/C the sum is at most 0 + 5, and taking turns gives it
    below = judge(LossBelow((0, 0), 1.0 + 1e-6), DynamicGame.repeated(FRIEDMAN, 0.45))
    assert below.answer is YES
    assert below.low == pytest.approx(1.0, abs=1e-6)
    assert judge(LossBelow((0, 0), 1e-6), DynamicGame.repeated(FRIEDMAN, 0.55)).answer is YES


def test_a_grid_reports_every_change():
    """A made-up path through patience that crosses one half three times."""

    def game_at(value):
        return DynamicGame.repeated(FRIEDMAN, 0.5 + 0.3 * np.sin(value))

    found = threshold(game_at, CanPlay((0, 0)), 0.5, 9.0, None, width=1e-2, grid=12)
    crossings = [np.pi, 2 * np.pi]
    assert [turns for *_, turns in found.changes] == [False, True]
    assert all(before <= at <= after for (before, after, _), at in zip(found.changes, crossings, strict=True))
    assert 0 < found.step <= 8.5 / 11 + 1e-12
    assert "could hide" in found.words()


def test_ends_are_checked_exactly():
    found = threshold(repeated(STAHL), CanPlay((0, 0)), 0.1, 0.9, RISES, width=1e-2).certified()
    assert found.checked
    assert [dict(found.judged)[end].certificate["answer"] for end in found.ends] == ["no", "yes"]
    loss = threshold(repeated(STAHL), LossBelow((0, 0), 3.0), 0.1, 0.9, RISES, width=1e-2).certified()
    assert loss.checked
    share = threshold(repeated(STAHL), FillsShare((0, 0), 0.5), 0.1, 0.9, RISES, width=1e-1).certified()
    assert not share.checked
    assert "no certificate" in dict(share.judged)[share.ends[0]].words()


def test_patience_is_recognised_and_several_states_are_not():
    assert in_patience(repeated(FRIEDMAN), [0.2, 0.5, 0.8]) == in_patience(repeated(FRIEDMAN), [0.1, 0.4, 0.9])
    falling = in_patience(lambda value: repeated(FRIEDMAN)(1 - value), [0.2, 0.5])
    assert falling is not None
    assert not falling.rises
    tempting = [dilemma([[3, 0], [5 + extra, 1]], [[3, 5], [0, 1]]) for extra in (0.0, 0.1)]
    assert in_patience(lambda value: DynamicGame.repeated(tempting[int(value)], 0.5 + 0.1 * value), [0, 1]) is None

    def two_states(discount):
        seen = Monitoring.perfect(FRIEDMAN)
        return DynamicGame(("x", "y"), (FRIEDMAN, STAHL), (seen, seen), np.array([[1], [0]]), discount)

    assert in_patience(two_states, [0.2, 0.5]) is None


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_garbling_is_found_and_not_found_backwards(seed):
    """A garbled likelihood has a kernel; recovering a strictly informative one from it does not."""
    rng = np.random.default_rng(seed)
    before = rng.dirichlet(np.ones(3), size=(2, 2))
    kernel = 0.3 * np.eye(3) + 0.7 * rng.dirichlet(np.ones(3), size=3)
    after = before @ kernel
    found, shift = nearest_garbling(before, after)
    assert np.abs(before @ found - after).max() == shift <= EXACT
    # total variation between two profiles shrinks strictly under a strictly positive kernel
    assert nearest_garbling(after, before)[1] > EXACT


def test_monitoring_path():
    def game_at(noise):
        good = np.array([[0.9, 0.4], [0.4, 0.2]]) * (1 - noise) + 0.5 * noise
        return DynamicGame.repeated(FRIEDMAN, 0.8, Monitoring(("good", "bad"), np.stack([good, 1 - good], axis=-1)))

    found = in_monitoring(game_at, [0.0, 0.1, 0.3])
    assert found is not None
    assert not found.rises


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.2, 0.85))
def test_play_and_sets_agree(seed, discount):
    """A proven no never meets a proven yes: static equilibria can always be played, and yes stays with patience."""
    rng = np.random.default_rng(seed)
    stage = StageGame(("a", "b"), (("x", "y"), ("x", "y")), rng.integers(0, 10, (2, 2, 2)).astype(float))
    solution = solve_public(DynamicGame.repeated(stage, discount))
    more = solve_public(DynamicGame.repeated(stage, min(discount + 0.1, 0.95)))
    for profile in stage.profiles():
        now, later = enforceable_in_first_period(solution, profile), enforceable_in_first_period(more, profile)
        own = [stage.payoffs[0][:, profile[1]].max() <= stage.payoffs[(0, *profile)],
               stage.payoffs[1][profile[0]].max() <= stage.payoffs[(1, *profile)]]  # fmt: skip
        assert not (all(own) and now is not YES)
        assert not (now is YES and later is NO)  # the set grows with patience


def test_bad_input_is_named():
    with pytest.raises(InputError, match="low < high"):
        threshold(repeated(FRIEDMAN), CanPlay((0, 0)), 0.9, 0.1)
    with pytest.raises(InputError, match="no profile"):
        judge(CanPlay((0, 5)), DynamicGame.repeated(FRIEDMAN, 0.5))
    with pytest.raises(InputError, match="states are"):
        judge(CanPlay((0, 0), state=3), DynamicGame.repeated(FRIEDMAN, 0.5))
    with pytest.raises(InputError, match="share"):
        FillsShare((0, 0), 1.5)
