"""`negotiation solve`: answers for people and for scripts, several files in order, and mistakes in a sentence."""

import json

import pytest
from typer.testing import CliRunner

from negotiation.cli.app import app
from negotiation.solve.options import NO_TIME

DILEMMA = {
    "players": ["US", "China"],
    "actions": [["keep", "snap back"], ["license", "withhold"]],
    "payoffs": [[[9, 1], [10, 3]], [[9, 10], [1, 3]]],
    "discount": "1/5",
}
PENNIES = {"payoffs": [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], "discount": 0.9}
NOISY = {
    "payoffs": [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]],
    "discount": 0.9,
    "signals": [[[0.9, 0.1], [0.5, 0.5]], [[0.5, 0.5], [0.2, 0.8]]],
}
# SGSolve's example pd_twostate.cpp (Abreu, Brooks, Sannikov 2020), delta 2/3
WEATHER = {
    "discount": "2/3",
    "states": [
        {
            "name": name,
            "payoffs": payoffs,
            "observed": [0, 1],
            "signals": [[stay, ["1/2", "1/2"]], [["1/2", "1/2"], stay]],
            "next_state": ["calm", "storm"],
        }
        for name, payoffs, stay in (
            ("calm", [[[0, 2], [-1, 1]], [[0, -1], [2, 1]]], ["1/3", "2/3"]),
            ("storm", [[[2, 4], [1, 3]], [[2, 1], [4, 3]]], ["2/3", "1/3"]),
        )
    ],
}


@pytest.fixture
def solve(tmp_path):
    def run(*games, options=()):
        paths = []
        for at, game in enumerate(games):
            paths.append(tmp_path / f"game{at}.json")
            paths[-1].write_text(game if isinstance(game, str) else json.dumps(game))
        return CliRunner().invoke(app, ["solve", *map(str, paths), *options])

    return run


def test_the_answer_for_people(solve):
    """At delta 1/5 the dilemma 9, 1, 10, 3 has the segment from (3, 3) to (9, 9) (closed form)."""
    done = solve(DILEMMA)
    assert done.exit_code == 0
    assert "the segment from (3, 3) to (9, 9)" in done.output
    assert "pure minmax: US 3, China 3" in done.output
    assert "next " in done.output


def test_one_object_a_line_in_the_order_of_the_files(solve):
    done = solve(DILEMMA, PENNIES, NOISY, options=("--json", "--no-certificate"))
    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    assert first["inner"] == [[3, 3], [9, 9]]
    assert first["stage_nash"]["equilibria"] == [{"mixes": [["0", "1"], ["0", "1"]], "payoffs": [3, 3]}]
    assert first["minmax"] == {"US": {"pure": 3, "mixed": 3}, "China": {"pure": 3, "mixed": 3}}
    assert first["certificate"] is None
    assert (second["status"], second["inner"], second["outer"]) == ("empty", [], [])
    assert second["bounds"]["player 1"]["none_below"] is None
    # 2 (2 - (1 - p) / (p - q)) = 3.5 with p = .9, q = .5 (Abreu, Milgrom, Pearce 1991)
    assert max(x + y for x, y in third["inner"]) == pytest.approx(3.5, abs=3e-3)
    assert third["gap"] <= 1e-3


def test_with_states_every_answer_is_a_list(solve, case):
    answer = json.loads(solve(WEATHER, options=("--json", "--no-certificate")).stdout)
    assert answer["states"] == ["calm", "storm"]
    expected = case("repeated_games/sgsolve_pd_twostate_delta2_3")["expected_vertices_by_state"]
    for found, points in zip(answer["outer"], expected, strict=True):
        for axis in (0, 1):
            assert max(v[axis] for v in found) == pytest.approx(max(p[axis] for p in points), abs=1e-5)
            assert min(v[axis] for v in found) == pytest.approx(min(p[axis] for p in points), abs=1e-5)


def test_a_certificate_is_attached_and_holds(solve, tmp_path):
    done = solve(DILEMMA, options=("--json",))
    assert json.loads(done.stdout)["certificate"]["claim"] == "sets"
    (tmp_path / "answer.json").write_text(done.stdout)
    assert CliRunner().invoke(app, ["verify", str(tmp_path / "answer.json")]).exit_code == 0


def test_every_problem_of_every_file_is_said_at_once(solve):
    done = solve({**DILEMMA, "discount": 2}, PENNIES, {**PENNIES, "discont": 0.5})
    assert done.exit_code == 2
    assert "discount: must lie strictly between 0 and 1, got 2" in done.stderr
    assert "did you mean 'discount'?" in done.stderr
    assert "game1" not in done.stderr


def test_a_fault_stays_with_its_file(solve, monkeypatch):
    """Files that cannot be read, and a game on which a solver fails, leave every other answer as it is."""
    from negotiation.solve.payoff_sets import solver as door
    from negotiation.solve.perfect import solver

    real = solver.solve_batch

    def failing(games, *rest):
        if any(game.stages[0].payoffs.max() == 77 for game in games):
            raise OverflowError("too large")
        return real(games, *rest)

    for module in (door, solver):
        monkeypatch.setattr(module, "solve_batch", failing)
    bad = {**DILEMMA, "payoffs": [[[77, 1], [10, 3]], [[9, 10], [1, 3]]]}
    games = (DILEMMA, bad, PENNIES, {**DILEMMA, "discount": 2}, NOISY, DILEMMA)
    for options in ((), ("--jobs", "1"), ("--seconds", "600")):
        done = solve(*games, options=("--json", "--no-certificate", *options))
        assert done.exit_code == 2
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert [row["game"][-10:] for row in rows] == ["game0.json", "game2.json", "game4.json", "game5.json"]
        assert rows[0]["inner"] == rows[3]["inner"] == [[3, 3], [9, 9]]
        assert "2 of 6 files" in done.stderr
        assert "game1.json: cannot be solved with numbers of this size (too large)" in done.stderr
        assert "must lie strictly between 0 and 1, got 2" in done.stderr


def test_the_text_shows_stage_equilibria_and_what_may_be_missing(solve):
    done = solve(DILEMMA)
    assert "stage game: Exactly one Nash equilibrium." in done.output
    assert "US plays snap back while China plays withhold. Payoffs: US 3 and China 3" in done.output
    square = [[int(a == b) for b in range(9)] for a in range(9)]
    done = solve({"payoffs": [square, square], "discount": 0.9})
    assert "stage game: At least 9 Nash equilibria (the list may not be complete)." in done.output
    assert (
        "may be incomplete: it holds what all pure profiles and exact Lemke-Howson paths from 16 of 18" in done.output
    )


def test_what_is_not_json_is_shown_with_its_place(solve):
    done = solve('{"payoffs": [[[1, 2]\n')
    assert done.exit_code == 2
    assert "is not JSON" in done.stderr


def test_a_limit_leaves_the_outer_bound(solve):
    done = solve(NOISY, options=("--iterations", "2"))
    assert done.exit_code == 0
    assert "Outer bound only: stopped at the iteration limit." in done.output


def test_a_time_limit_is_each_games_own_and_covers_the_proof_and_the_stage_game(solve):
    """A limit that is over at once leaves out all that comes after the sets; one that is not leaves out nothing."""
    games = (DILEMMA, NOISY, {**DILEMMA, "discount": "3/5"})
    for seconds, over in (("1e-9", True), ("600", False)):
        done = solve(*games, options=("--json", "--seconds", seconds))
        assert done.exit_code == 0
        for row in map(json.loads, done.stdout.splitlines()):
            assert (row["certificate"] is None, NO_TIME in row["notes"]) == (over, over)
            assert [level["mixed"] is None for level in row["minmax"].values()] == [over, over]
            assert any("mixed minmax" in note for note in row["notes"]) == over
