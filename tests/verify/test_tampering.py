"""A certificate in which anything that matters was changed must not pass: no false claim is ever confirmed."""

import copy
import random
from fractions import Fraction

import pytest

from negotiation.errors import InputError
from negotiation.verify.checker import check


def broken(certificate):
    """Whether the checker refuses a certificate, or cannot read it."""
    try:
        return not check(certificate).holds
    except InputError:
        return True


def shifted(text, by):
    return str(Fraction(text) + by)


@pytest.mark.parametrize("name", [("dilemma", Fraction(1, 2)), ("noisy",), ("irrational",)], ids=str)
def test_moving_an_extreme_vertex_outwards_breaks_it(proofs, name):
    proof = proofs(*name).certificate
    own = proof["inner"][0]["vertices"]
    for axis in range(2):
        for way in (1, -1):
            best = max(range(len(own)), key=lambda m, axis=axis, way=way: way * Fraction(own[m][axis]))
            changed = copy.deepcopy(proof)
            vertex = changed["inner"][0]["vertices"][best]
            vertex[axis] = shifted(vertex[axis], Fraction(way, 10))
            assert broken(changed), (axis, way)


@pytest.mark.parametrize("name", [("dilemma", Fraction(1, 2)), ("noisy",), ("irrational",)], ids=str)
def test_lowering_a_reached_level_breaks_it(proofs, name):
    proof = proofs(*name).certificate
    last = len(proof["outer"]["links"]) - 1
    for j in proof["outer"]["sides"]:
        changed = copy.deepcopy(proof)
        link = changed["outer"]["links"][last]
        link["reached"][j] = min(link["reached"][j], proof["outer"]["links"][last - 1]["reached"][j]) - 2**42
        assert broken(changed), j


@pytest.mark.parametrize("name", [("dilemma", Fraction(1, 2)), ("noisy",)], ids=str)
def test_dropping_the_multipliers_breaks_it(proofs, name):
    proof = proofs(*name).certificate
    changed = copy.deepcopy(proof)
    for link in changed["outer"]["links"]:
        for one in link["proofs"]:
            one["multipliers"] = []
    assert broken(changed)


def test_some_single_multipliers_cannot_be_dropped(proofs):
    proof = proofs("noisy").certificate
    rng, needed = random.Random(4), 0
    for _ in range(20):
        changed = copy.deepcopy(proof)
        one = rng.choice(rng.choice(changed["outer"]["links"])["proofs"])
        if one["multipliers"]:
            one["multipliers"].pop(rng.randrange(len(one["multipliers"])))
            needed += broken(changed)
    assert needed > 0


def test_a_negative_multiplier_is_refused(proofs):
    changed = copy.deepcopy(proofs("noisy").certificate)
    entry = next(m for link in changed["outer"]["links"] for one in link["proofs"] for m in one["multipliers"])
    entry[2][0][2] = -entry[2][0][2]
    with pytest.raises(InputError, match="negative"):
        check(changed)


def test_any_large_change_of_payoffs_or_discount_breaks_it(proofs):
    proof = proofs("dilemma", Fraction(1, 2)).certificate
    for player in range(2):
        for profile in range(4):
            changed = copy.deepcopy(proof)
            row = changed["game"]["states"][0]["payoffs"][player]
            row[profile] = shifted(row[profile], Fraction(7, 2))
            assert broken(changed), (player, profile)
    for discount in ("1/10", "9/10"):
        changed = copy.deepcopy(proof)
        changed["game"]["discount"] = discount
        assert broken(changed)


def test_swapped_actions_and_lotteries_break_it(proofs):
    proof = proofs("dilemma", Fraction(1, 2)).certificate
    changed = copy.deepcopy(proof)
    for entry in changed["inner"][0]["generated"]:
        entry["profile"] = entry["profile"][::-1] if entry["profile"] != [0, 0] else [0, 1]
    assert broken(changed)
    changed = copy.deepcopy(proof)
    changed["inner"][0]["generated"][0]["continuation"][0][0][1] = "9/10"
    verdict = check(changed)
    assert not verdict.holds
    assert "no distribution" in verdict.failure


def test_a_smaller_gap_than_proven_breaks_it(proofs):
    changed = copy.deepcopy(proofs("noisy").certificate)
    changed["gap"] = str(Fraction(changed["gap"]) / 2)
    assert broken(changed)
    changed["gap"] = "-1"
    assert broken(changed)


def test_an_empty_set_cannot_be_claimed_for_a_game_with_equilibria(proofs):
    """The proof that matching pennies has none, with the payoffs of a game in which both agree."""
    changed = copy.deepcopy(proofs("pennies").certificate)
    changed["game"]["states"][0]["payoffs"][1] = changed["game"]["states"][0]["payoffs"][0]
    assert broken(changed)


def test_a_slide_may_not_be_longer_than_proven(proofs):
    proof = proofs("noisy").certificate
    slides = [at for at, link in enumerate(proof["outer"]["links"]) if link["down"] is not None]
    assert slides
    for at in slides:
        changed = copy.deepcopy(proof)
        link = changed["outer"]["links"][at]
        link["length"] += 2**50
        link["reached"] = [c - (link["length"] * d >> 50) for c, d in zip(link["level"], link["down"], strict=True)]
        changed["outer"]["links"] = changed["outer"]["links"][: at + 1]
        assert broken(changed)


def test_random_changes_never_prove_something_false(proofs, plain):
    """Whatever is changed at random: the checker accepts only what the slow checker accepts as well."""
    proof, rng, refused = proofs("dilemma", Fraction(1, 2)).certificate, random.Random(7), 0
    for _ in range(60):
        changed = copy.deepcopy(proof)
        mutate(changed, rng)
        if broken(changed):
            refused += 1
        else:
            plain.check(changed)
    assert refused > 30


def mutate(data, rng):
    """Change one number of inner set, outer set or game."""
    part = rng.choice(["inner", "outer", "game"])
    if part == "inner":
        own = data["inner"][0]
        vertex = rng.choice(own["vertices"])
        vertex[rng.randrange(2)] = str(Fraction(rng.randrange(100), 100))
    elif part == "game":
        row = rng.choice(data["game"]["states"][0]["payoffs"])
        at = rng.randrange(len(row))
        row[at] = shifted(row[at], rng.choice([-3, -1, 1, 3]))
    else:
        link = rng.choice(data["outer"]["links"])
        key = rng.choice(["level", "reached"])
        at = rng.randrange(len(link[key]))
        if link[key][at] is not None:
            link[key][at] += rng.choice([-1, 1]) * 2 ** rng.randrange(30, 50)
