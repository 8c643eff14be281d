"""Sets of games with perfect monitoring: published cases, kinds of sets, exact answers, statuses, bad input."""

import json
from fractions import Fraction

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.solution import Status
from negotiation.games.stage import Monitoring, StageGame
from negotiation.solve.options import Options
from negotiation.solve.payoff_sets.solver import solve
from negotiation.solve.perfect import solver
from negotiation.solve.perfect.solver import solve_perfect
from tests.stored import STORED

CASES = STORED / "repeated_games"
SETS = [
    path.stem
    for path in sorted(CASES.glob("*.json"))
    if json.loads(path.read_text())["kind"].startswith("perfect_monitoring_pure_SPE")
]
DILEMMA = [[[9, 9], [1, 10]], [[10, 1], [3, 3]]]
IRRATIONAL = np.array([[[3, 5, -2], [0, 8, -1], [-4, 9, 0]], [[-2, 8, 5], [5, 9, -4], [6, 4, 5]]])
PENNIES = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]


def repeated(bimatrix, delta, monitoring=None):
    """Repeated game of a matrix of payoff pairs."""
    table = np.moveaxis(np.array(bimatrix, dtype=float), 2, 0)
    names = tuple(tuple(map(str, range(size))) for size in table.shape[1:])
    return DynamicGame.repeated(StageGame(("row", "column"), names, table), delta, monitoring)


def apart(found, expected):
    """Hausdorff distance of a payoff set from a list of vertices."""
    other = type(found)(expected)
    return max(found.distances(other.vertices).max(), other.distances(found.vertices).max())


def counter_clockwise(vertices):
    after, last = np.roll(vertices, -1, axis=0), np.roll(vertices, -2, axis=0)
    turns = np.cross(np.c_[after - vertices, np.zeros(len(vertices))], np.c_[last - after, np.zeros(len(vertices))])
    return (turns[:, 2] > 0).all()


@pytest.mark.parametrize("name", SETS)
def test_published_sets(name):
    case = json.loads((CASES / f"{name}.json").read_text())
    # "delta" is the double nearest to the ratio; both must give the published set
    for delta in (case["delta"], Fraction(case["delta_rational"])) if case["delta_rational"] else (case["delta"],):
        if "payoffs_bimatrix" not in case:
            pytest.fail(f"{name} has no payoffs")
        found = solve(repeated(case["payoffs_bimatrix"], delta))
        assert found.solved
        if case["expected_empty"]:
            assert found.status is Status.EMPTY
            assert found.inner[0].is_empty
            assert found.outer[0].is_empty
            continue
        expected = case["expected_vertices"]
        for sets in (found.inner, found.outer):
            assert apart(sets[0], expected) <= case["tolerance"]
            assert len(sets[0].vertices) == len(expected)
            assert len(expected) < 3 or counter_clockwise(sets[0].vertices)


def test_thresholds_of_the_dilemma():
    """Mutual cooperation needs 1/7, the whole set of individually rational payoffs 1/4 (closed forms in the case)."""
    case = json.loads((CASES / "threshold_pd_9_1_10_3.json").read_text())
    step = Fraction(1, 10**6)
    corners = {"CC_in_set": (Fraction(1, 7), [[9.0, 9.0]]), "full_IR_set": (Fraction(1, 4), [[9.75, 3.0]])}
    for name, (critical, corner) in corners.items():
        assert str(critical) == case["expected"][name]
        below, at, above = (solve(repeated(DILEMMA, critical + shift)) for shift in (-step, 0, step))
        assert at.status is Status.EXACT
        assert below.outer[0].distances(corner)[0] > 1e-7
        assert at.inner[0].distances(corner)[0] == 0.0
        assert above.inner[0].distances(corner)[0] < 1e-8


def test_thresholds_of_the_cournot_game():
    """Abreu (1988): player 1's worst payoff falls to 0 at 1/4, the collusive profile enters the set at 1/3."""
    case = json.loads((CASES / "abreu1988_cournot_no_transfers.json").read_text())
    game, step = case["payoffs_bimatrix"], Fraction(1, 10**6)
    assert case["expected"] == {"worst_payoff_0": "1/4", "(L,L) in set": "1/3"}
    worst = [solve(repeated(game, Fraction(1, 4) + shift)).inner[0].vertices.min(axis=0) for shift in (-step, 0)]
    assert worst[0].max() > 0.1
    assert np.abs(worst[1]).max() == 0.0
    joint = np.array([[10.0, 10.0]])
    inside = [solve(repeated(game, Fraction(1, 3) + shift)).outer[0].distances(joint)[0] for shift in (-step, 0)]
    assert inside[0] > 1e-7
    assert inside[1] == 0.0


def test_irrational_vertices_lie_between_proven_bounds():
    found = solve(repeated(np.moveaxis(IRRATIONAL, 0, 2), Fraction(1, 2)))
    assert found.status is Status.SOLVED
    assert 0.0 < found.gap <= 1e-8
    height = (183 + np.sqrt(273)) / 32  # 6.235...: ends of chords lie at it in one coordinate of some generated point
    for sets in (found.inner, found.outer):
        reach = np.abs(sets[0].vertices - height).min()
        assert reach < 1e-8 or np.abs(sets[0].vertices - 7.470169483).min() < 1e-8


@pytest.mark.parametrize("delta", [Fraction(1, 10), Fraction(1, 5), Fraction(1, 4), Fraction(9, 10)])
def test_exact_answers_are_exact(delta):
    found = solve(repeated(DILEMMA, delta))
    expected = {Fraction(1, 10): [[3, 3]], Fraction(1, 5): [[3, 3], [9, 9]]}
    full = [[3, 3], [9.75, 3], [9, 9], [3, 9.75]]
    assert found.status is Status.EXACT
    assert found.gap == 0.0
    assert found.inner[0].vertices.tolist() == expected.get(delta, full)
    assert "checked in rational arithmetic" in found.words()


def test_knife_edges_in_doubles_are_said_to_be_such():
    """1/7 is no double: with it the outer set reaches to (9, 9), the inner one ends at (3, 3), of ranges 1 to 10."""
    critical = repeated(DILEMMA, 1 / 7)
    for options in (None, Options(exact=False)):
        found = solve(critical, options)
        assert found.status is Status.KNIFE_EDGE
        assert (found.outer[0].kind, found.inner[0].kind) == ("segment", "point")
        assert found.gap == pytest.approx(np.hypot(6, 6) / 9)
    assert solve(repeated(DILEMMA, Fraction(1, 7))).status is Status.EXACT
    # (3 - 2) / (3 - 1): one half is needed to play (2, 2) for ever, and one half is a double
    half = repeated([[[2, 2], [0, 3]], [[3, 0], [1, 1]]], 0.5)
    sure = solve(half)
    assert sure.status is Status.EXACT
    assert "short binary fractions" in sure.words()
    assert sure.inner[0].distances([[2.0, 2.0]])[0] == 0.0
    assert solve(half, Options(exact=False)).status is Status.KNIFE_EDGE


def test_words_of_every_kind():
    assert "the single point (3, 3)" in solve(repeated(DILEMMA, 0.1)).words()
    assert "the segment from (3, 3) to (9, 9)" in solve(repeated(DILEMMA, 0.2)).words()
    assert "a polygon with 4 vertices" in solve(repeated(DILEMMA, 0.5)).words()
    assert "No equilibrium in pure strategies" in solve(repeated(PENNIES, 0.9)).words()


def test_static_equilibria_as_continuations():
    """Matching pennies has no pure equilibrium; with its mixed one, the value 0, the set is that point."""
    found = solve(repeated(PENNIES, 0.9), Options(static_nash=True))
    assert found.outer[0].vertices.tolist() == [[0.0, 0.0]]
    assert found.inner[0].vertices.tolist() == [[0.0, 0.0]]
    assert "static Nash" in found.method
    # chicken: the mixed equilibrium gives 2/3 more than nothing; the pure ones stay in the set
    chicken = [[[6, 6], [2, 7]], [[7, 2], [0, 0]]]
    plain, more = (solve(repeated(chicken, Fraction(1, 10)), Options(static_nash=extra)) for extra in (False, True))
    mixed = np.array([[14 / 3, 14 / 3]])
    assert more.inner[0].distances(mixed)[0] < 1e-9
    assert more.outer[0].distances(plain.inner[0].vertices).max() < 1e-9
    assert more.status is Status.EXACT


def test_limits_leave_the_outer_bound_only():
    rng = np.random.default_rng(5)
    game = repeated(rng.uniform(-1, 1, (5, 5, 2)), 0.9)
    full, cut = solve(game), solve(game, Options(iterations=1))
    assert cut.status is Status.ITERATION_LIMIT
    assert "Outer bound only" in cut.words()
    assert cut.inner[0].is_empty
    assert cut.gap == np.inf
    assert cut.outer[0].distances(full.outer[0].vertices).max() < 1e-9


@pytest.mark.parametrize("steps", [2, 3, 4, 5, 6, 8, 12, 20])
def test_a_limit_that_is_reached_is_never_called_a_knife_edge(steps):
    rng = np.random.default_rng(6)
    seen = set()
    for _ in range(30):
        game = repeated(rng.uniform(-1, 1, (3, 4, 2)), 0.8)
        full, cut = solve(game), solve(game, Options(iterations=steps))
        seen.add(cut.status)
        assert cut.status in {Status.ITERATION_LIMIT, full.status}
        assert cut.inner[0].is_empty or cut.inner[0] == full.inner[0]
        assert cut.outer[0].is_empty or cut.outer[0].distances(full.outer[0].vertices).max() < 1e-9
    assert Status.ITERATION_LIMIT in seen


def test_a_time_limit_stops_between_attempts(monkeypatch):
    rng = np.random.default_rng(5)
    game = repeated(rng.uniform(-1, 1, (5, 5, 2)), 0.9)
    full = solve(game)
    assert solve(game, Options(seconds=60.0)).inner == full.inner
    monkeypatch.setattr(solver, "STEPS_AT_FIRST", 1)
    cut, enough = solve(game, Options(seconds=1e-9)), solve(game, Options(seconds=60.0))
    assert cut.status is Status.TIME_LIMIT
    assert cut.inner[0].is_empty
    assert cut.outer[0].distances(full.outer[0].vertices).max() < 1e-9
    assert enough.status is full.status
    assert enough.inner == full.inner


@pytest.mark.parametrize("power", [-9, 9])
def test_scale_free(power):
    rng = np.random.default_rng(8)
    for delta in (0.3, 0.7):
        table = rng.integers(-9, 10, (4, 4, 2)).astype(float)
        plain, scaled = solve(repeated(table, delta)), solve(repeated(table * 10.0**power, delta))
        moved = solve(repeated(table + np.copysign(1e9, power), delta))
        assert plain.status is scaled.status is moved.status
        spread = np.ptp(table)
        for mine, large, far in zip(
            plain.outer + plain.inner, scaled.outer + scaled.inner, moved.outer + moved.inner, strict=True
        ):
            assert np.abs(large.vertices / 10.0**power - mine.vertices).max() <= 1e-8 * spread
            # integers stay exact under the shift; vertices are rounded to what doubles carry at 1e9
            assert np.abs(far.vertices - np.copysign(1e9, power) - mine.vertices).max() <= 3e-7


def test_one_action_and_constant_payoffs():
    alone = solve(repeated([[[2, 5]]], 0.5))
    assert alone.inner[0].vertices.tolist() == alone.outer[0].vertices.tolist() == [[2.0, 5.0]]
    # only the second player moves: the best reply is played for ever, whatever the discount factor
    row = solve(repeated([[[1, 0], [4, 3], [2, 3]]], 0.9))
    assert apart(row.inner[0], [[4.0, 3.0], [2.0, 3.0]]) < 1e-9
    # constant payoffs of one player
    flat = solve(repeated([[[1, 0], [1, 5]], [[1, 5], [1, 2]]], 0.5))
    assert flat.solved
    assert flat.inner[0].vertices[:, 0].tolist() == [1.0] * len(flat.inner[0].vertices)


def test_a_signal_that_reveals_all_is_perfect_monitoring():
    table = np.moveaxis(np.array(DILEMMA, dtype=float), 2, 0)
    stage = StageGame(("row", "column"), (("C", "D"), ("C", "D")), table)
    plain = DynamicGame.repeated(stage, 0.2)
    revealing = Monitoring(("cc", "cd", "dc", "dd"), np.eye(4).reshape(2, 2, 4))
    seen = DynamicGame.repeated(stage, 0.2, revealing)
    blurred = DynamicGame.repeated(stage, 0.2, Monitoring(("nothing",), np.ones((2, 2, 1))))
    assert solve(seen).inner[0] == solve(plain).inner[0]
    assert solve(seen).method == solve(plain).method
    assert solve(blurred).method != solve(plain).method
    with pytest.raises(InputError, match="actions that everyone sees"):
        solve_perfect(blurred)


def test_three_players_are_refused():
    stage = StageGame(("a", "b", "c"), (("x",), ("x",), ("x",)), np.zeros((3, 1, 1, 1)))
    with pytest.raises(InputError, match="3 players"):
        solve(DynamicGame.repeated(stage, 0.5))
