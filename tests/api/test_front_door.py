"""`import negotiation as ng`: names and signatures, what importing it loads, what it says to wrong arguments."""

import contextlib
import inspect
import itertools
import json
import subprocess
import sys
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import negotiation as ng
from negotiation.errors import NegotiationError

SIGNATURES = {
    "CanPlay": "(profile, state=0)",
    "FillsShare": "(profile, share, state=0, tolerance=0.005)",
    "InputError": "(origin, problems)",
    "analyse": "(scenario, calls=None, quick=False, certify=False, seed=7, jobs=1)",
    "assess": "(as_of=None, shipments=None, trend=False)",
    "call_game": "(scenario, prior=None)",
    "call_value": "(scenario)",
    "compare_calls": "(scenario, calls=None)",
    "game": "(*payoffs, discount=None, monitoring=None)",
    "iterated_dominance": "(game)",
    "load_scenario": "(scenario)",
    "patient_limit": "(game)",
    "pure_equilibria": "(game)",
    "regimes": "(scenario, call='no_call')",
    "requirements": "(scenario, caps=None, prices=None)",
    "run_study": "(study, folder=None, engine='embedded', jobs=0, vary=None)",
    "solve": "(game, discount=None, monitoring=None, gap=None)",
    "solve_many": "(games, jobs=0)",
    "stage_equilibria": "(game)",
    "support": "(solution, payoff, state=0)",
    "threshold": "(game_at, claim, low=None, high=None, tolerance=0.0001)",
    "verify": "(path)",
    "write_report": "(analysis, folder)",
}
DILEMMA = {"payoffs": [[[3, 0], [5, 1]], [[3, 5], [0, 1]]], "layout": "matrices", "discount": "1/2"}
ODD = [
    None, True, 7, -1, 0.5, float("nan"), float("inf"), 10**400, 1j, Fraction(1, 3), "", "\0", "no such thing",
    b"bytes", [], [[]], [1, "x"], {}, {"a": 1}, (), ("a", "b"), set(), iter([]), range(3), object(), object, len,
    date(2025, 6, 1), np.array(3.0), np.full((2, 2), np.nan), np.zeros((2, 2, 2, 2)), ng.CanPlay(("a",)),
]  # fmt: skip


def bare(function):
    parameters = inspect.signature(function).parameters.values()
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return str(inspect.Signature(plain))


def test_names_and_signatures_are_those_that_are_promised():
    assert sorted(ng.__all__) == sorted(SIGNATURES)
    assert {name: bare(getattr(ng, name)) for name in ng.__all__} == SIGNATURES
    assert set(dir(ng)) == {*SIGNATURES, "__version__"}
    for name in ng.__all__:
        assert inspect.getdoc(getattr(ng, name))


def test_importing_loads_nothing_heavy_and_rooms_are_functions_whoever_came_first():
    code = """
import json, sys, negotiation as ng
dir(ng)
heavy = {'numpy', 'scipy', 'numba', 'matplotlib', 'typer', 'pydantic', 'pandas', 'nashpy'}
print(json.dumps([name for name in sorted(sys.modules) if name.split('.')[0] in heavy or 'negotiation.' in name]))
from negotiation.solve.payoff_sets.solver import solve as plain
import negotiation.verify.checker
game = ng.game([[3, 0], [5, 1]], [[3, 5], [0, 1]], discount="1/2")
print(ng.solve(game) == plain(game), ng.verify.checker.__name__, callable(ng.verify))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded, answer = done.stdout.strip().splitlines()
    assert json.loads(loaded) == ["negotiation._door", "negotiation._version"]
    assert answer == "True negotiation.verify.checker True"


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'solv'"):
        ng.solv  # noqa: B018


@pytest.fixture
def no_work(monkeypatch, tmp_path):
    """Leave out the seconds of work behind the functions that take long, so that only their arguments are looked at."""
    from negotiation.api import records, scenarios

    monkeypatch.chdir(tmp_path)
    for module, name in (
        (scenarios, "analyse_scenario"),
        (records, "assess_day"),
        (records, "run"),
        (records, "base_case_conclusions"),
    ):
        monkeypatch.setattr(module, name, lambda *_, **__: None)
    monkeypatch.setattr(records, "results_of", lambda *_, **__: None)
    monkeypatch.setattr(records, "run_main", lambda *_, **__: None)


@pytest.mark.parametrize("name", sorted(set(SIGNATURES) - {"InputError", "CanPlay", "FillsShare"}))
@pytest.mark.usefixtures("no_work")
def test_odd_arguments_are_refused_in_a_sentence(name):
    function = getattr(ng, name)
    parameters = list(inspect.signature(function).parameters.values())
    right = {"scenario": "textbook", "game": DILEMMA, "game_at": DILEMMA, "claim": ng.CanPlay(("0", "0")), "path": "x",
             "games": [DILEMMA], "solution": ng.solve(DILEMMA), "payoff": (1, 1), "analysis": "textbook",
             "folder": "out", "study": "textbook", "vary": "patience.discount=0.5:0.9:3"}  # fmt: skip
    said = []
    for parameter, odd in itertools.product(parameters, ODD):
        if callable(odd) and parameter.name == "game_at":
            continue  # what a function given by the user raises is the user's
        given = {p.name: right[p.name] for p in parameters if p.name in right}
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional = (odd,)
        else:
            positional, given[parameter.name] = (DILEMMA,) if name == "game" else (), odd
        try:
            function(*positional, **given)
        except NegotiationError as error:
            said.append(str(error))
        except AttributeError as error:
            if "'NoneType'" not in str(error):  # the work that was left out
                raise
    assert said
    assert max(map(len, said)) < 600


@given(
    st.recursive(
        st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=4)), lambda x: st.lists(x, max_size=3)
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_given_as_a_game_or_a_change_is_taken_or_refused_in_a_sentence(odd):
    scenario = ng.load_scenario("textbook")
    calls = (
        lambda: ng.game(odd, odd),
        lambda: ng.game(odd),
        lambda: ng.solve(DILEMMA, discount=odd),
        lambda: scenario[odd],
        lambda: scenario.after(odd),
        lambda: scenario.set("patience.discount", odd),
        lambda: scenario.set(odd, 1),
    )
    for call in calls:
        with contextlib.suppress(NegotiationError):
            call()
