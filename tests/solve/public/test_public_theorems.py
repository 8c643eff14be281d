"""Theorems on equilibrium payoff sets under public monitoring, as properties of random games."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.games.automaton import Automaton
from negotiation.games.solution import Status
from negotiation.solve.automata.one_shot_deviations import check_automaton
from negotiation.solve.options import PUBLIC
from negotiation.solve.public.incentive_constraints import incentive_constraints, normalisation
from negotiation.solve.public.solver import solve_public
from tests.solve.public.public_games import random_game

FEW = settings(max_examples=25, deadline=None, derandomize=True)
SEEDS = st.integers(0, 10_000)
QUICK = PUBLIC.replace(directions=48)
ROUNDING = 1e-7


def small(seed, states=(1, 1), discount=None):
    return random_game(np.random.default_rng(seed), (2, 3), (1, 3), states, discount)


def inside(inner, outer, tolerance=ROUNDING):
    """Whether every inner vertex lies in the outer set of its state, up to a share of the payoff range."""
    for one, other in zip(inner.inner, outer.outer, strict=True):
        _, scale = normalisation(outer.game)
        if not one.is_empty and (other.is_empty or other.distances(one.vertices).max() > tolerance * scale.max()):
            return False
    return True


@FEW
@given(SEEDS)
def test_outer_holds_inner_holds_static_equilibria(seed):
    """In states with one successor, itself, pure stage equilibria are equilibrium payoffs."""
    game = small(seed, (1, 2))
    found = solve_public(game, QUICK)
    assert inside(found, found)
    for s, stage in enumerate(game.stages):
        if set(game.next_state[s].tolist()) != {s}:
            continue
        nash = np.array([stage.payoff(a) for a in stage.profiles() if stage.largest_gain(a) <= 0]).reshape(-1, 2)
        if len(nash):
            scale = normalisation(game)[1].max()
            assert found.outer[s].distances(nash).max() <= ROUNDING * scale
            if found.status is Status.SOLVED:
                assert found.inner[s].distances(nash).max() <= 1.01e-3 * scale * np.sqrt(2)


@FEW
@given(SEEDS, st.floats(0.2, 0.85), st.floats(0.01, 0.12))
def test_repeated_games_grow_with_patience(seed, discount, more):
    one = solve_public(small(seed, discount=discount), QUICK)
    assert inside(one, solve_public(small(seed, discount=discount + more), QUICK))


@FEW
@given(SEEDS, st.integers(1, 3))
def test_garbling_never_enlarges(seed, coarser):
    """Kandori (1992): signals passed through a channel that does not depend on actions."""
    rng = np.random.default_rng([seed, 1])
    game = small(seed, discount=0.8)
    seen = game.monitoring[0]
    channel = rng.dirichlet(np.ones(coarser), seen.n_signals)
    rows = seen.likelihood @ channel
    rows /= rows.sum(axis=-1, keepdims=True)
    dull = Monitoring(tuple(f"g{k}" for k in range(coarser)), rows, seen.observed)
    garbled = solve_public(DynamicGame.repeated(game.stage, 0.8, dull), QUICK)
    assert inside(garbled, solve_public(game, QUICK))


@FEW
@given(SEEDS)
def test_affine_payoffs_and_names_do_not_matter(seed):
    """Payoffs times a power of two plus a constant, players and actions and signals in another order."""
    rng = np.random.default_rng([seed, 2])
    game = small(seed, (1, 2))
    found = solve_public(game, QUICK)
    scale, shift = 2.0 ** rng.integers(-20, 20, 2), rng.integers(-3, 4, 2)
    signals = rng.permutation(game.monitoring[0].n_signals)
    orders = [rng.permutation(size) for size in game.stages[0].shape]
    stages, monitoring = [], []
    for stage, seen in zip(game.stages, game.monitoring, strict=True):
        moved = (stage.payoffs + shift[:, None, None]) * scale[:, None, None]
        moved = moved[:, orders[0]][:, :, orders[1]].transpose(0, 2, 1)[::-1]
        rows = seen.likelihood[orders[0]][:, orders[1]].transpose(1, 0, 2)[..., signals]
        stages.append(StageGame(("x", "y"), stage.actions[::-1], moved))
        observed = tuple(sorted(1 - player for player in seen.observed))
        monitoring.append(Monitoring(seen.signals, rows, observed))
    other = DynamicGame(
        game.states, tuple(stages), tuple(monitoring), np.asarray(game.next_state)[:, signals], game.discount
    )
    again = solve_public(other, QUICK)
    if Status.SOLVED in (found.status, again.status) and Status.EMPTY not in (found.status, again.status):
        for s in range(game.n_states):
            for one, two in ((found.inner, again.outer), (again.inner, found.outer)):
                back = one[s].vertices[:, ::-1]
                back = back / scale - shift if one is again.inner else (back[:, ::-1] + shift) * scale
                back = back if one is again.inner else back[:, ::-1]
                size = (normalisation(game if one is again.inner else other)[1]).max()
                if len(back):
                    assert two[s].distances(back).max() <= 1e-6 * size
    else:
        assert found.status is again.status


@FEW
@given(SEEDS)
def test_copies_of_one_state_are_the_repeated_game(seed):
    game = small(seed)
    stage, seen = game.stage, game.monitoring[0]
    rng = np.random.default_rng([seed, 3])
    following = rng.integers(0, 2, (2, seen.n_signals))
    twice = DynamicGame(("one", "other"), (stage, stage), (seen, seen), following, game.discount)
    once, found = solve_public(game, QUICK), solve_public(twice, QUICK)
    scale = normalisation(game)[1].max()
    for s in range(2):
        if not once.inner[0].is_empty:
            assert found.outer[s].distances(once.inner[0].vertices).max() <= ROUNDING * scale
        if not found.inner[s].is_empty:
            assert once.outer[0].distances(found.inner[s].vertices).max() <= ROUNDING * scale


@FEW
@given(SEEDS)
def test_a_signal_that_names_the_profile_is_perfect_monitoring(seed):
    game = small(seed)
    stage = game.stage
    count = stage.shape[0] * stage.shape[1]
    names = Monitoring(tuple(f"{k}" for k in range(count)), np.eye(count).reshape(*stage.shape, count))
    one = solve_public(DynamicGame.repeated(stage, game.discount, names), QUICK)
    two = solve_public(DynamicGame.repeated(stage, game.discount), QUICK)
    assert (one.status is Status.EMPTY) == (two.status is Status.EMPTY)
    assert inside(one, two)
    assert inside(two, one)


@FEW
@given(SEEDS)
def test_accepted_automata_lie_in_the_outer_set(seed):
    rng = np.random.default_rng([seed, 4])
    game = small(seed, discount=0.9)
    stage, seen = game.stage, game.monitoring[0]
    found = None
    for _ in range(20):
        states = int(rng.integers(1, 4))
        actions = np.stack([rng.integers(0, size, states) for size in stage.shape], axis=1)
        transition = rng.dirichlet(np.full(states, 0.4), (states, seen.n_signals))
        after = np.where(np.isin(np.arange(2), seen.observed), rng.integers(0, states, (states, 2)), -1)
        nothing = np.zeros((states, 2, *stage.shape))
        automaton = Automaton(tuple(f"w{k}" for k in range(states)), actions, transition, after, nothing)
        check = check_automaton(stage, seen, game.discount, automaton)
        if check.holds(0.0):
            found = found or solve_public(game, QUICK)
            assert found.outer[0].distances(check.values).max() <= ROUNDING * normalisation(game)[1].max()


def test_seen_actions_do_not_multiply_outcomes():
    """Product structure: one signal of Y values beside an action that is seen costs Y outcomes, not |A| Y."""
    rng = np.random.default_rng(0)
    shape, signals = (4, 3), 5
    stage = StageGame(("a", "b"), (tuple("wxyz"), tuple("lmr")), rng.normal(size=(2, *shape)))
    rows = np.broadcast_to(rng.dirichlet(np.ones(signals), shape[1]), (*shape, signals))
    seen = incentive_constraints(DynamicGame.repeated(stage, 0.9, Monitoring(tuple("abcde"), rows, (0,))))
    assert seen.ny.max() == signals
    pairs = np.zeros((*shape, shape[0] * signals))
    for a in range(shape[0]):
        pairs[a, :, a * signals : (a + 1) * signals] = rows[a]
    named = Monitoring(tuple(f"{k}" for k in range(shape[0] * signals)), pairs)
    spelt_out = incentive_constraints(DynamicGame.repeated(stage, 0.9, named))
    assert spelt_out.ny.max() == signals  # found again where the product is spelt out


@pytest.mark.parametrize("change", ["times 2**30", "times 1e9", "times 1e-9", "plus 1e9"])
@pytest.mark.parametrize("size", [2, 3])
def test_scale_free(change, size):
    """Other units and a shift give the same vertices, to the larger of 1e-8 of the range and what doubles carry."""
    rng = np.random.default_rng(size)
    payoffs = rng.integers(-9, 10, (2, size, size)).astype(float)
    payoffs[:, -1, -1] = payoffs.max(axis=(1, 2)) - 1  # something worth enforcing
    seen = Monitoring(("x", "y", "z"), rng.dirichlet(np.ones(3), (size, size)))
    names = (tuple("ABC"[:size]),) * 2
    plain = solve_public(DynamicGame.repeated(StageGame(("a", "b"), names, payoffs), 0.9, seen))
    word, number = change.split()
    factor, shift = (1.0, 1e9) if word == "plus" else (eval(number), 0.0)
    moved = solve_public(DynamicGame.repeated(StageGame(("a", "b"), names, payoffs * factor + shift), 0.9, seen))
    assert moved.status is plain.status
    tolerance = 4e-7 if shift else 1e-8 * np.ptp(payoffs)  # doubles near 1e9 carry 1.2e-7
    for one, other in zip((*moved.outer, *moved.inner), (*plain.outer, *plain.inner), strict=True):
        if shift:  # neighbouring vertices may fall together
            assert other.distances(one.vertices - shift).max(initial=0.0) <= tolerance
            assert one.distances(other.vertices + shift).max(initial=0.0) <= tolerance
            continue
        assert one.vertices.shape == other.vertices.shape
        assert np.abs(one.vertices / factor - other.vertices).max(initial=0.0) <= tolerance
