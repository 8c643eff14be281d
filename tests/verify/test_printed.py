"""What a result prints beside a certificate: true answers pass, and any number that is altered is named."""

import copy
import json
from fractions import Fraction

import numpy as np
import pytest

from negotiation.games.files.load import game_of_text
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.options import PUBLIC
from negotiation.solve.payoff_sets.solver import solve
from negotiation.solve.solution_record import solution_object
from negotiation.verify.checker import check_with_sets
from negotiation.verify.printed import differences, embedded_certificates

DILEMMA = {
    "players": ["US", "China"],
    "payoffs": [[[9, 1], [10, 3]], [[9, 10], [1, 3]]],
    "discount": "1/2",
}
NOISY = {
    "payoffs": [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]],
    "discount": 0.9,
    "signals": [[[0.9, 0.1], [0.5, 0.5]], [[0.5, 0.5], [0.2, 0.8]]],
}
PENNIES = {"payoffs": [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], "discount": 0.9}
KNIFE_EDGE = {
    "discount": "1/2",
    "states": [
        {
            "name": "s0",
            "payoffs": [[[0, 0], [1, 0]], [[0, 1], [1, 1]]],
            "signals": [[["1/2", "1/2", 0], [0, 1, 0]], [[0, "1/2", "1/2"], ["1/2", 0, "1/2"]]],
            "next_state": [1, 1, 0],
        },
        {"name": "s1", "payoffs": [[[1]], [[1]]], "signals": [[[1]]], "next_state": [1]},
    ],
}
# decided exactly by the solver, while the certificate's outer set leaves a gap of more than 1e-6
TURNING = {"payoffs": [[[2.1, 0], [3.3, 1.3]], [[2.1, 3.3], [0, 1.3]]], "discount": 0.6}
GAMES = {"dilemma": DILEMMA, "noisy": NOISY, "pennies": PENNIES, "knife edge": KNIFE_EDGE, "turning": TURNING}


CHECKED = {}


def answer_of(game, options=None):
    solution = with_certificate(solve(game_of_text(json.dumps(game), "game"), options))
    return json.loads(json.dumps(solution_object(solution, "game")))


@pytest.fixture(scope="module")
def answers():
    """The printed answer of each game, as JSON gives it back."""
    return {name: answer_of(game) for name, game in GAMES.items()}


def clauses(answer):
    (found,) = embedded_certificates(answer)
    key = id(found.certificate)
    if key not in CHECKED:
        CHECKED[key] = (
            found.certificate,
            *check_with_sets(found.certificate),
        )  # held, so that no other gets its number
    _, verdict, sets = CHECKED[key]
    assert verdict.holds
    return differences(found, verdict, sets)


def numbers_in(value, path=()):
    """Yield the path of every number of a printed answer."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from numbers_in(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from numbers_in(item, (*path, at))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path


def altered(answer, path, change):
    inside = changed = {**answer, path[0]: copy.deepcopy(answer[path[0]])}
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = change(inside[path[-1]])
    return changed


@pytest.mark.parametrize("name", GAMES)
def test_a_true_answer_agrees(answers, name):
    assert clauses(answers[name]) == []


@pytest.mark.parametrize("name", GAMES)
def test_every_number_of_an_answer_is_compared(answers, name):
    """Each number that speaks of the game, moved a little, is found out."""
    spoken = ("inner", "outer", "gap", "bounds", "minmax", "stage_nash")
    paths = [path for path in numbers_in(answers[name]) if path[0] in spoken]
    assert len(paths) >= 5
    paths = paths[:: max(1, len(paths) // 25)]
    for path in paths:
        assert clauses(altered(answers[name], path, lambda number: number + 0.01)), path
        assert clauses(altered(answers[name], path, lambda number: number - 0.01)), path


@pytest.mark.parametrize("name", GAMES)
def test_no_other_status_passes(answers, name):
    answer = answers[name]
    for status in {"solved", "exact", "checked", "empty", "knife_edge", "gap", "time_limit"} - {answer["status"]}:
        assert clauses({**answer, "status": status}), status


def test_a_set_drawn_too_large_or_too_small_is_named(answers):
    answer = answers["dilemma"]
    corners = answer["inner"]
    assert any(clause.startswith("inner: leaves out") for clause in clauses({**answer, "inner": corners[:3]}))
    assert any(clause.startswith("inner: reaches") for clause in clauses({**answer, "inner": [*corners, [0, 0]]}))
    assert any(clause.startswith("outer: leaves out") for clause in clauses({**answer, "outer": corners[:3]}))


def test_sentences_names_and_mixes_are_compared(answers):
    answer = answers["dilemma"]
    assert clauses({**answer, "words": answer["words"].replace("polygon", "square")})
    assert clauses({**answer, "notes": [note.replace("4 vertices", "5 vertices") for note in answer["notes"]]})
    row = {"mixes": [["1/2", "1/2"], ["0", "1"]], "payoffs": [2, 2]}
    assert clauses({**answer, "stage_nash": {"equilibria": [row], "complete": True}})
    assert clauses({**answer, "stage_nash": {"equilibria": [], "complete": True}})
    assert clauses({**answers["knife edge"], "states": ["s0", "s2"]})


def test_what_is_printed_is_what_was_proven(answers):
    """The knife edge of two states: s1 is the point (1, 1), in which play stays for ever (closed form)."""
    answer = answers["knife edge"]
    assert answer["inner"][1] == answer["outer"][1] == [[1, 1]]
    for name in ("noisy", "knife edge"):
        proof = answers[name]["certificate"]
        assert answers[name]["gap"] == pytest.approx(float(Fraction(proof["gap"])))
        assert answers[name]["status"] == "checked"
        assert f"bounds checked exactly, gap {answers[name]['gap']:.2g}" in answers[name]["words"]
    assert (answers["dilemma"]["status"], answers["dilemma"]["gap"]) == ("exact", 0)


def test_a_gap_is_never_called_exact():
    """Random noisy games, each to a tolerance of its own: a status of exact needs two sets that are the same."""
    rng = np.random.default_rng(4)
    for gap in (3e-2, 1e-2, 3e-3):
        chances = rng.dirichlet([1, 1, 1], size=(2, 2)).tolist()
        game = {"payoffs": rng.integers(-5, 6, (2, 2, 2)).tolist(), "discount": 0.7, "signals": chances}
        answer = answer_of(game, PUBLIC.replace(gap=gap))
        assert clauses(answer) == []
        assert answer["status"] != "exact" or answer["inner"] == answer["outer"]


@pytest.mark.parametrize("power", [-200, 200])
def test_payoffs_of_any_size(answers, power):
    """The same game in units of 10^power: the same set, in those units, and the same verdict."""
    scaled = {
        key: {**game, "payoffs": (np.array(game["payoffs"]) * 10.0**power).tolist()}
        for key, game in (("dilemma", DILEMMA), ("noisy", NOISY))
    }
    for name, game in scaled.items():
        answer, plain = answer_of(game), answers[name]
        assert clauses(answer) == []
        assert answer["status"] == plain["status"]
        for player in answer["bounds"]:
            for key, level in answer["bounds"][player].items():
                assert level / 10.0**power == pytest.approx(plain["bounds"][player][key], abs=1e-6)
