"""Certificates about every share: what is changed in one is refused, and what they prove is so at random shares."""

import copy
import json
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.solve.certificates.every_share import every_share_certificate
from negotiation.solve.regimes.kinds import regime_kinds, trigger_automaton
from negotiation.trade.game.build import build_pact
from negotiation.verify.checker import check

STEP = 2**50


@pytest.fixture(scope="module")
def made(default_scenario):
    """Return a pact whose war is China's best share, and the proof and certificate of a snapback that holds."""
    scenario = default_scenario.set("actions.china.slow_walk.withheld", 0.4853495)
    pact = build_pact(scenario.set("monitoring.verification", 0.5))
    kind = next(kind for kind in regime_kinds(pact) if kind.restart)
    automaton = trigger_automaton(pact, kind, pact.mask(pact.trigger), 1)
    charges = np.zeros((automaton.n_states, pact.monitoring.n_signals))
    proof, data, verdict = every_share_certificate(pact, automaton, charges, 1e-6)
    assert verdict.holds, verdict
    return pact, proof, json.loads(json.dumps(data))


def failure(certificate):
    verdict = check(certificate)
    assert verdict.holds is (not verdict.failure)
    return verdict.failure


@pytest.fixture
def changed(made):
    return copy.deepcopy(made[2])


def test_the_checker_accepts_it_and_says_what_is_trusted(made):
    _, proof, data = made
    verdict = check(data)
    assert verdict.kind == "every share"
    assert f"over {proof.cells} cells are taken as given" in verdict.proven
    assert f"china gains at most {max(state.bound for state in proof.states):.3g} by withholding" in verdict.proven


def test_a_plain_checker_agrees(made, plain):
    plain.check(made[2])
    for change in ("bounds", "values", "charges"):
        wrong = copy.deepcopy(made[2])
        wrong[change] = [["1", *row[1:]] for row in wrong[change]] if change == "charges" else ["-1"] * 3
        with pytest.raises(AssertionError):
            plain.check(wrong)


def test_no_random_share_gains_more_than_the_bounds(made):
    """F in ratios from the certificate's own game and values, at what the formulas give for random shares."""
    pact, _, data = made
    delta, stage = Fraction(data["game"]["discount"]), data["game"]["states"][0]
    values, rng = [Fraction(text) for text in data["values"]], np.random.default_rng(3)
    shares = np.concatenate([[0, 1, 0.5, 0.4853495], rng.random(150), 10 ** rng.uniform(-9, 0, 50)])
    payoffs, likelihood = pact.fine.model(shares, np.zeros(len(shares)))
    for state, bound in zip(data["automaton"]["states"], data["bounds"], strict=True):
        row, column = state["profile"]
        prescribed = row * len(stage["actions"][1]) + column
        worth = [
            delta / (1 - delta) * sum(Fraction(chance) * values[to] for to, chance in lottery)
            for lottery in state["after"]
        ]
        base = Fraction(stage["payoffs"][1][prescribed])
        base += sum(Fraction(p) * w for p, w in zip(stage["likelihood"][prescribed], worth, strict=True))
        for now, chances in zip(payoffs[row].tolist(), likelihood.tolist(), strict=True):
            gain = Fraction(now) + sum(Fraction(p) * w for p, w in zip(chances, worth, strict=True)) - base
            assert gain <= Fraction(bound) + Fraction(1, 10**12)


def test_a_gap_in_the_cover_is_refused(made):
    for place, piece in enumerate(made[2]["pieces"]):
        fewer = copy.deepcopy(made[2])
        del fewer["pieces"][place]
        assert failure(fewer) == "the cells do not cover all shares from 0 to 1"
        if len(piece["shares"]) > 1:
            for end in (0, -1):
                short = copy.deepcopy(made[2])
                for key, entries in short["pieces"][place].items():
                    if len(piece["shares"]) == len(entries) or key.endswith("slopes"):
                        del entries[end]
                assert failure(short) == "the cells do not cover all shares from 0 to 1"


def test_cells_out_of_order_are_refused(changed):
    piece = next(piece for piece in changed["pieces"] if len(piece["shares"]) > 3)
    for key in ("shares", "payoffs", "cumulative"):
        piece[key][1], piece[key][2] = piece[key][2], piece[key][1]
    assert "no function has the bounds of the cell" in failure(changed)
    for key in ("payoff_slopes", "cumulative_slopes"):
        piece[key] = [[[-(10**30), 10**30] for _ in entries] for entries in piece[key]]
    assert failure(changed) == "the cells do not cover all shares from 0 to 1"


def test_a_share_or_a_value_of_another_place_is_refused(made):
    rng, refused = Random(5), 0
    for _ in range(30):
        moved = copy.deepcopy(made[2])
        piece = rng.choice([piece for piece in moved["pieces"] if len(piece["shares"]) > 2])
        n = rng.randrange(1, len(piece["shares"]) - 1)
        here, there = Fraction(piece["shares"][n]), Fraction(piece["shares"][n + 1])
        piece["shares"][n] = str(here + (there - here) * Fraction(9, 10))
        refused += "has the bounds of the cell" in failure(moved) or "is not shown" in failure(moved)
    assert refused == 30


@pytest.mark.parametrize("key", ["payoffs", "cumulative"])
def test_values_that_no_function_between_them_has_are_refused(made, key):
    for place, piece in enumerate(made[2]["pieces"]):
        for n in range(len(piece["shares"]) if len(piece["shares"]) > 1 else 0):
            for way in (-2 * STEP, 2 * STEP):
                wrong = copy.deepcopy(made[2])
                wrong["pieces"][place][key][n][0] = [end + way for end in wrong["pieces"][place][key][n][0]]
                assert failure(wrong)


def test_wider_bounds_prove_less(made):
    """Bounds from which the claim does not follow are refused, whether or not they are true."""
    for name, width in (("payoffs", 40 * STEP), ("payoff_slopes", 4000 * STEP)):
        for place, piece in enumerate(made[2]["pieces"]):
            wide = copy.deepcopy(made[2])
            for pairs in wide["pieces"][place][name]:
                pairs[:] = [[low - width, high + width] for low, high in pairs]
            assert ("is not shown to gain at most" in failure(wide)) is bool(piece[name]), (name, place)


def test_a_smaller_bound_is_refused(made, changed):
    tight = max(range(len(changed["bounds"])), key=lambda w: Fraction(changed["bounds"][w]))
    changed["bounds"][tight] = str(Fraction(changed["bounds"][tight]) * Fraction(99, 100))
    assert "is not shown to gain at most" in failure(changed)
    larger = copy.deepcopy(made[2])
    larger["bounds"][0] = "1/10"
    assert failure(larger) == "state 'good standing': the bound is above the tolerance"
    negative = copy.deepcopy(made[2])
    negative["bounds"] = ["-1"] * len(negative["bounds"])
    assert "once gains" in failure(negative)


def test_wrong_values_charges_and_strategies_are_refused(made):
    for w in range(len(made[2]["values"])):
        wrong = copy.deepcopy(made[2])
        wrong["values"][w] = str(Fraction(wrong["values"][w]) + Fraction(1, 10**15))
        assert "the value given is not that of the strategy" in failure(wrong)
        wrong = copy.deepcopy(made[2])
        wrong["charges"][w][0] = "1/100"
        assert "the charges are not the payments of the strategy" in failure(wrong)
    mild = copy.deepcopy(made[2])
    for lottery in mild["automaton"]["states"][0]["after"]:
        lottery[:] = [[0, "1"]]
    assert failure(mild)


def test_what_cannot_be_read_is_named(made):
    def refused(change, match):
        data = copy.deepcopy(made[2])
        change(data)
        with pytest.raises(InputError, match=match):
            check(data)

    def crossed(data):
        data["pieces"][0]["payoffs"][0][0] = [1, 0]

    refused(crossed, "the lower bound is above the upper one")
    refused(lambda data: data["pieces"][1]["shares"].append("1"), "needs")
    refused(lambda data: data["pieces"][0].update(shares=[]), "is empty")
    refused(lambda data: data["rows"].append(7), "must be from 0 to")
    refused(lambda data: data.pop("tolerance"), "tolerance")
    refused(lambda data: data["bounds"].pop(), "needs")
    refused(lambda data: data["game"]["states"].append(data["game"]["states"][0]), "repeated game")


def places(value, path=()):
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([path] if path else []), *(deep for key, item in entries for deep in places(item, (*path, key)))]


def test_damage_anywhere_is_refused_or_named(made):
    """Never a traceback: a certificate with junk in some place is false, unreadable, or says the same as before."""
    rng, kept = Random(8), ("name", "normalised")
    where = places(made[2])
    for _ in range(200):
        data, path = copy.deepcopy(made[2]), rng.choice(where)
        inside = data
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = rng.choice([None, True, -1, 10**40, 1.5, "", "1/0", "x", [], {}, [[]], "0x" + "f" * 400])
        try:
            verdict = check(data)
        except InputError:
            continue
        # a bound may be wider than needed, and what other players get does not matter
        assert not verdict.holds or path[0] in ("pieces", "game", "automaton") or path[-1] in kept, path


def test_a_state_without_bounds_for_its_action_is_refused(changed):
    changed["rows"] = [row + 1 for row in changed["rows"]] if changed["rows"] == [0, 1] else [0] * len(changed["rows"])
    assert "nothing is said of shares there" in failure(changed)
