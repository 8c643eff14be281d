"""Certificates of inner and outer sets: published games of every kind, and agreement with a slow checker."""

import json
from fractions import Fraction

import numpy as np
import pytest

from negotiation.games.solution import Status
from negotiation.verify.checker import check

KINDS = [
    ("dilemma", Fraction(1, 10)),
    ("dilemma", Fraction(1, 5)),
    ("dilemma", Fraction(1, 2)),
    ("pennies",),
    ("irrational",),
    ("noisy",),
    ("noisy", "7/10"),
    ("two_states",),
    ("sgsolve",),
]
LONG_CHAINS = [("noisy", "7/10"), ("two_states",), ("sgsolve",)]  # a minute and more in plain fractions


@pytest.mark.parametrize("name", KINDS, ids=str)
def test_every_kind_of_set_is_proven(proofs, name):
    proof = proofs(*name).certificate
    verdict = check(json.loads(json.dumps(proof)))
    assert verdict.holds, verdict.failure
    assert verdict.kind == "sets"
    assert verdict.checked > 10


@pytest.mark.parametrize("name", [kind for kind in KINDS if kind not in LONG_CHAINS], ids=str)
def test_the_slow_checker_agrees(proofs, plain, name):
    plain.check(proofs(*name).certificate)


@pytest.mark.parametrize(
    ("discount", "kind"),
    [(Fraction(1, 10), "point"), (Fraction(1, 5), "segment"), (Fraction(1, 2), "polygon"), (Fraction(1, 7), "segment")],
)
def test_points_segments_and_knife_edges_are_exact(proofs, discount, kind):
    """The dilemma 9, 1, 10, 3: (3, 3) alone below 1/7, where (9, 9) joins with equality; a segment up to 1/4."""
    solution = proofs("dilemma", discount)
    assert solution.status is Status.EXACT
    assert solution.inner[0].kind == kind
    assert float(Fraction(solution.certificate["gap"])) < 1e-9
    if kind == "segment":
        assert solution.inner[0].vertices == pytest.approx(np.array([[3.0, 3.0], [9.0, 9.0]]), abs=1e-9)


def test_published_vertices_lie_between_the_proven_sets(proofs, games):
    """SGSolve's two-state dilemma, run there by its authors' algorithm."""
    solution = proofs("sgsolve")
    expected = games.case("sgsolve_pd_twostate_delta2_3")["expected_vertices_by_state"]
    gap = float(Fraction(solution.certificate["gap"]))
    assert gap <= 1e-3
    for inner, outer, vertices in zip(solution.inner, solution.outer, expected, strict=True):
        width = np.ptp(np.array(vertices), axis=0).max()
        assert outer.distances(np.array(vertices)).max() <= 1e-9 * width
        assert inner.distances(np.array(vertices)).max() <= 4 * gap


def test_irrational_vertices_are_enclosed(proofs):
    """Coordinates of the true set are (sqrt 273 - 15) / 2 and (103 + sqrt 273) / 16: no rational set is equal to it.

    They solve x^2 + 15 x = 12 and 8 y^2 = 103 y - 323: the lowest payoff of a player depends on itself.
    """
    solution = proofs("irrational")
    root = 273**0.5
    assert float(Fraction(solution.certificate["gap"])) < 1e-8
    corners = np.array([[(root - 15) / 2, 6], [8.6, 6], [8, 9], [(root - 9) / 4, (103 + root) / 16]])
    assert solution.inner[0].distances(corners).max() < 1e-9
    assert solution.outer[0].distances(corners).max() < 1e-9
    away = corners + 1e-6 * np.array([[-1, 0], [1, 0], [0, 1], [-1, 1]])
    assert solution.outer[0].distances(away).min() > 1e-7


def test_an_empty_set_is_said(proofs):
    solution = proofs("pennies")
    assert solution.status is Status.EMPTY
    assert check(solution.certificate).proven == "there is no equilibrium in pure strategies"


def test_the_closed_form_lies_between_the_proven_sets(proofs, games):
    """Largest sum of the noisy dilemma: 2 (2 - (1 - p) / (p - q)) = 3.5 (Abreu, Milgrom, Pearce 1991)."""
    solution = proofs("noisy")
    expected = games.case("noisy_pd_p.9_q.5_r.2_delta0.9")["expected"]["max_sum"]
    direction = np.array([1.0, 1.0])
    assert solution.inner[0].support(direction) <= expected + 1e-9
    assert solution.outer[0].support(direction) >= expected - 1e-9


@pytest.mark.parametrize("call", ["no_call", "full_restoration"])
def test_the_default_game_is_proven(default_scenario, call):
    from negotiation.games import DynamicGame
    from negotiation.solve.certificates.certify import with_certificate
    from negotiation.solve.public.solver import solve_public
    from negotiation.trade.game.build import build_pact

    pact = build_pact(default_scenario.after(default_scenario.call(call).changes))
    game = DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)
    verdict = check(with_certificate(solve_public(game)).certificate)
    assert verdict.holds, verdict.failure
    assert "keep" not in verdict.proven
    assert "differ by at most" in verdict.proven


@pytest.mark.parametrize("power", [0, 200, 400])
def test_a_proof_holds_in_units_of_any_size(proofs, power):
    """The dilemma with its payoffs as shares of their range, all times a power of ten: beyond any double too."""
    data, unit = json.loads(json.dumps(proofs("dilemma", Fraction(1, 2)).certificate)), 10**power
    units, state, inner, outer = data["normalised"], data["game"]["states"][0], data["inner"][0], data["outer"]
    state["payoffs"] = [
        [str((Fraction(number) - Fraction(low)) / Fraction(size) * unit) for number in row]
        for row, low, size in zip(state["payoffs"], units["offset"], units["scale"], strict=True)
    ]
    inner["vertices"] = [[str(Fraction(x) * unit) for x in vertex] for vertex in inner["vertices"]]
    for part in (outer, *outer["links"]):
        for key in {"first", "level", "down", "reached"} & part.keys():
            part[key] = part[key] and [number * unit for number in part[key]]
    data["normalised"] = {"offset": ["0", "0"], "scale": ["1", "1"]}
    data["gap"] = str(Fraction(data["gap"]) * unit)
    verdict = check(data)
    assert verdict.holds, verdict.failure
    assert not check({**data, "gap": str(Fraction(data["gap"]) / 2**20)}).holds
