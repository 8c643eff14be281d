"""Voluntary transfers: published tables, closed forms, and linear programmes written from the definition."""

import itertools
import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from negotiation.errors import InputError
from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.solve.options import PUBLIC
from negotiation.solve.public.solver import solve_public
from negotiation.solve.transfers.solver import transfer_steps
from tests.stored import STORED

CASES = STORED / "repeated_games"


def case(name):
    return json.loads((CASES / f"{name}.json").read_text())


def repeated(payoffs, monitoring=None, discount=0.5):
    payoffs = np.asarray(payoffs, dtype=float)
    actions = tuple(tuple(f"{k}" for k in range(size)) for size in payoffs.shape[1:])
    players = tuple(f"p{k}" for k in range(len(actions)))
    return DynamicGame.repeated(StageGame(players, actions, payoffs), discount, monitoring)


def bimatrix(stored):
    return np.moveaxis(np.array(stored["payoffs_bimatrix"], dtype=float), -1, 0)


def noisy_dilemma():
    stored = case("gk_noisy_pd_transfers")
    rows = stored["signal_prob"]
    likelihood = np.array([[rows["CC"], rows["CD"]], [rows["DC"], rows["DD"]]])
    return stored, repeated(bimatrix(stored), Monitoring(tuple(stored["signals"]), likelihood))


def random_game(rng, signals=3):
    sizes = tuple(int(size) for size in rng.integers(2, 4, 2))
    weights = rng.integers(0, 5, (*sizes, signals)).astype(float)
    weights[weights.sum(axis=-1) == 0] = 1
    observed = [(), (0,), (0, 1)][rng.integers(3)]
    likelihood = weights / weights.sum(axis=-1, keepdims=True)
    names = tuple(f"y{k}" for k in range(signals))
    return repeated(rng.integers(-9, 10, (2, *sizes)), Monitoring(names, likelihood, observed))


def is_flat(step):
    """Whether the payoffs stay the same until the next step."""
    return not any(line.slope for line in (step.joint_line, *step.punishment_lines))


def test_noisy_dilemma_table_exactly():
    """Goldluecke, Kranz: L = 5, U = 3/2 at 10/13; L = 10, U = 2 at 5/6; (C, D) needs L = 15/7, alone 30/37."""
    stored, game = noisy_dilemma()
    found = transfer_steps(game)
    printed = [step for step in stored["expected"]["steps"] if step["profile"] != "CD"]
    assert len(found.steps) == len(printed)
    for step, row in zip(found.steps, printed, strict=True):
        assert step.discount == Fraction(row["delta"])
        assert step.liquidity == Fraction(row["L"])
        assert step.joint == Fraction(row["Ue"])
        assert step.profile == ((0, 0) if row["profile"] == "CC" else (1, 1))
    need = found.need((0, 1))
    assert (need.liquidity, need.always) == (Fraction(15, 7), Fraction(30, 37))
    assert found.need((0, 0)).once == found.need((0, 0)).always == Fraction(10, 13)


def test_noisy_dilemma_between_the_printed_rows(closed_form):
    """U = 1 + L / 10 between the rows, so that L = r (1 + L / 10) with r = delta / (1 - delta)."""
    expected, tolerance, _ = closed_form("GK_noisy_PD_burning")
    _, game = noisy_dilemma()
    found = transfer_steps(game)
    first = found.step_at(10 / 13)
    assert [float(first.liquidity), float(first.joint), float(first.discount)] == pytest.approx(expected, abs=tolerance)
    between = found.step_at(Fraction(4, 5))
    assert between.liquidity == 4 / (1 - Fraction(4, 10))
    assert between.joint == 1 + between.liquidity / 10
    assert not is_flat(found.steps[1])
    assert is_flat(found.steps[2])
    assert found.step_at(0.5).joint == 0


@pytest.mark.parametrize("name", ["gk_cournot3_transfers", "abreu1988_cournot_no_transfers"])
def test_cournot_table(name):
    """Abreu's Cournot game: 14 at any discount, 18 from 1/4, 20 from 1/3 on."""
    rows = case("gk_cournot3_transfers")["expected_steps"]
    found = transfer_steps(repeated(bimatrix(case(name))))
    assert [step.discount for step in found.steps] == [Fraction(row["delta"]) for row in rows]
    assert [step.joint for step in found.steps] == [row["Ue"] for row in rows]
    assert [sum(step.punishments) for step in found.steps] == [row["V"] for row in rows]
    assert found.steps[0].punishments == tuple(rows[0]["v"])
    assert [step.liquidity for step in found.steps[1:]] == [row["L"] for row in rows[1:]]
    assert all(is_flat(step) for step in found.steps)


@pytest.mark.parametrize(
    ("name", "costs"), [("gk_publicgoods_k0.6_0.7", (0.6, 0.7)), ("gk_publicgoods_k0.75", (0.75, 0.75))]
)
def test_public_goods_tables(name, costs):
    effort = np.arange(1, 11)
    mine, other = effort[:, None], effort[None, :]
    shared = (mine + other) / 2
    found = transfer_steps(repeated([shared - costs[0] * mine, shared - costs[1] * other]))
    rows, tolerance = case(name)["expected_steps"], case(name)["tolerance"]
    assert [float(step.discount) for step in found.steps] == pytest.approx(
        [row["delta"] for row in rows], abs=tolerance
    )
    assert [float(step.joint) for step in found.steps] == pytest.approx([row["Ue"] for row in rows], abs=tolerance)
    worst = [float(sum(step.punishments)) for step in found.steps]
    assert worst == pytest.approx([row["V"] for row in rows], abs=tolerance)


def test_ratios_given_with_the_game_are_taken_literally():
    """A dilemma with gain 1/3 over a reward of 1 and minmax 0: L = 2/3 of stake 2, so delta = (2/3) / (2/3 + 2)."""
    third = Fraction(1, 3)
    exact = ((1, -1, 1 + third, 0), (1, 1 + third, -1, 0))
    table = tuple(tuple(Fraction(number) for number in row) for row in exact)
    payoffs = np.array([[float(number) for number in row] for row in table]).reshape(2, 2, 2)
    game = repeated(payoffs).replace(exact_payoffs=(table,))
    found = transfer_steps(game)
    assert [step.discount for step in found.steps] == [0, Fraction(1, 4)]


def test_three_players_share_the_burden():
    """Public good: each of n = 3 pays 1 and makes 2/3 for everybody. Gain 1/3 each, L = 1 of stake 3: delta = 1/4."""
    profiles = np.array(list(itertools.product((0, 1), repeat=3)))
    payoffs = (2 / 3 * profiles.sum(axis=1)[:, None] - profiles).T.reshape(3, 2, 2, 2)
    found = transfer_steps(repeated(payoffs))
    assert [float(step.discount) for step in found.steps] == pytest.approx([0, 0.25])
    assert float(found.steps[-1].joint) == pytest.approx(3.0)


def payments(game, profile, liquidity, objective):
    """max objective(E[x]) over x_i(z) >= 0, sum_i x_i(z) <= L, nobody gains by deviating; None if infeasible."""
    stage, seen = game.stage, game.monitoring[0]

    def chances(at):
        key = tuple(at[player] for player in seen.observed)
        return {(*key, y): chance for y, chance in enumerate(seen.likelihood[at])}

    outcomes = sorted({z for at in stage.profiles() for z in chances(at)})
    place = {z: 2 * at for at, z in enumerate(outcomes)}
    rows, limits = [], []
    for player in (0, 1):
        for other in range(stage.shape[player]):
            to = (other, profile[1]) if player == 0 else (profile[0], other)
            row = np.zeros(2 * len(outcomes))
            for z, chance in chances(profile).items():
                row[place[z] + player] -= chance
            for z, chance in chances(to).items():
                row[place[z] + player] += chance
            rows.append(row)
            limits.append(stage.payoff(profile)[player] - stage.payoff(to)[player])
    for z in outcomes:
        row = np.zeros(2 * len(outcomes))
        row[place[z] : place[z] + 2] = 1
        rows.append(row)
        limits.append(liquidity)
    costs = np.zeros(2 * len(outcomes))
    for z, chance in chances(profile).items():
        costs[place[z] : place[z] + 2] -= chance * np.asarray(objective)
    found = linprog(costs, np.array(rows), limits)
    assert found.status in (0, 2)
    return -found.fun if found.status == 0 else None


def test_payoffs_equal_programmes_written_from_the_definition():
    """At the liquidity found, U and v_i are the best over all profiles, and no larger liquidity is within reach."""
    rng = np.random.default_rng(11)
    for _ in range(4):
        game = random_game(rng)
        found = transfer_steps(game)

        def stake(liquidity, game=game):
            joint, worst = [], ([], [])
            for profile in game.stage.profiles():
                spent = payments(game, profile, liquidity, (1, 1))
                if spent is not None:
                    joint.append(sum(game.stage.payoff(profile)) - liquidity + spent)
                    for player in (0, 1):
                        kept = payments(game, profile, liquidity, [-1 if i == player else 0 for i in (0, 1)])
                        worst[player].append(game.stage.payoff(profile)[player] - kept)
            return (max(joint), [min(each) for each in worst]) if joint else None

        for discount in (0.4, 0.8):
            here = found.step_at(discount)
            ratio = discount / (1 - discount)
            for more in (1.0, 1.01, 1.5, 5.0):
                liquidity = (0.0 if here is None else float(here.liquidity)) * more + (more - 1) * 1e-3
                best = stake(liquidity + 1e-9)
                reached = best is not None and liquidity <= ratio * (best[0] - sum(best[1])) + 1e-6
                if more > 1:
                    assert not reached
                elif here is None:
                    assert best is None
                else:
                    assert reached
                    assert float(here.joint) == pytest.approx(best[0], abs=1e-6)
                    assert [float(v) for v in here.punishments] == pytest.approx(best[1], abs=1e-6)


def test_equilibria_without_transfers_are_among_those_with():
    rng = np.random.default_rng(2)
    for _ in range(3):
        payoffs = rng.integers(-9, 10, (2, 2, 2)).astype(float)
        game = repeated(payoffs, Monitoring(("l", "m", "h"), rng.dirichlet(np.ones(3), (2, 2)), (0,)))
        found = transfer_steps(game)
        for discount in (0.4, 0.8):
            inner = solve_public(game.replace(discount=discount), PUBLIC.replace(directions=64)).inner[0]
            if not inner.is_empty:
                here = found.step_at(discount)
                size = float(np.ptp(payoffs))
                assert inner.support(np.ones(2)) <= float(here.joint) + 1e-6 * size
                for player, low in enumerate(here.punishments):
                    assert inner.vertices[:, player].min() >= float(low) - 1e-6 * size


def test_no_pure_equilibrium_at_any_discount_factor():
    pennies = repeated([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    found = transfer_steps(pennies)
    assert found.steps == ()
    assert found.step_at(0.9) is None
    assert all(found.need(profile).once is None for profile in pennies.stage.profiles())


def test_equilibrium_may_need_patience_to_exist_at_all():
    """No pure stage equilibrium; (0, 0) tempts player 0 by 1, both can be held to 1: L = 1, D = 6 - 2, delta = 1/5."""
    game = repeated([[[3, 1], [4, 0]], [[3, 0], [0, 1]]])
    found = transfer_steps(game)
    first = found.steps[0]
    assert (first.discount, first.joint, first.punishments) == (Fraction(1, 5), 6, (1, 1))
    assert found.step_at(0.19) is None
    assert found.step_at(0.2).joint == 6


def test_many_stage_equilibria_make_liquidity_from_nothing():
    """Battle of the sexes: U = 4 and v_i = 1 at L = 0, so D = 2 and L = 2 r for every delta: (2, 2) needs L = 0."""
    found = transfer_steps(repeated([[[3, 0], [0, 1]], [[1, 0], [0, 3]]]))
    assert found.steps[0].discount == 0
    here = found.step_at(Fraction(1, 2))
    assert (here.joint, here.punishments, here.liquidity) == (4, (1, 1), 2)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_patience_and_garbling_order_the_sets(seed):
    """More patience never shrinks the set; a garbled signal never enlarges it (Kandori 1992)."""
    rng = np.random.default_rng(seed)
    game = random_game(rng)
    seen = game.monitoring[0]
    kernel = rng.integers(1, 4, (3, 3)).astype(float)
    mixed = seen.likelihood @ (kernel / kernel.sum(axis=1, keepdims=True))
    worse = DynamicGame.repeated(game.stage, 0.5, Monitoring(seen.signals, mixed, seen.observed))
    clear, blurred = transfer_steps(game), transfer_steps(worse)
    before = None
    for discount in (0.2, 0.5, 0.8, 0.95):
        sharp, dim = clear.step_at(discount), blurred.step_at(discount)
        if dim is not None:
            assert sharp.joint >= dim.joint - Fraction(1, 10**9)
            assert all(a <= b + Fraction(1, 10**9) for a, b in zip(sharp.punishments, dim.punishments, strict=True))
        if before is not None:
            assert sharp.joint >= before.joint
            assert all(a <= b for a, b in zip(sharp.punishments, before.punishments, strict=True))
        before = sharp


@pytest.mark.parametrize("discount", [0.0, 1.0, -0.2, float("nan")])
def test_bad_discount_factors_are_refused(discount):
    _, game = noisy_dilemma()
    with pytest.raises(InputError, match="strictly between 0 and 1"):
        transfer_steps(game).step_at(discount)


def test_unknown_profiles_are_refused():
    _, game = noisy_dilemma()
    with pytest.raises(InputError, match=r"no profile \(2, 0\)"):
        transfer_steps(game).need((2, 0))


@pytest.mark.parametrize(("scale", "shift"), [(1e9, 1e9), (1e-9, 0.0), (1.0, -1e6)])
def test_units_do_not_matter(scale, shift):
    """Thresholds stay exactly the same for whole payoffs, payoffs move with the unit; players may change places."""
    rng = np.random.default_rng(21)
    for _ in range(3):
        game = random_game(rng)
        plain = transfer_steps(game)
        stage = game.stage.replace(payoffs=game.stage.payoffs * scale + shift)
        moved = transfer_steps(DynamicGame.repeated(stage, 0.5, game.monitoring[0]))
        assert [float(s.discount) for s in moved.steps] == pytest.approx([float(s.discount) for s in plain.steps])
        for before, after in zip(plain.steps, moved.steps, strict=True):
            size = scale * 20 + abs(shift)
            assert float(after.joint) == pytest.approx(float(before.joint) * scale + 2 * shift, abs=1e-9 * size)
            assert after.profile == before.profile


def test_players_may_change_places():
    rng = np.random.default_rng(22)
    for _ in range(3):
        game = random_game(rng)
        seen = game.monitoring[0]
        turned = Monitoring(
            seen.signals, np.swapaxes(seen.likelihood, 0, 1), tuple(sorted(1 - player for player in seen.observed))
        )
        plain = transfer_steps(game)
        other = transfer_steps(repeated(np.swapaxes(game.stage.payoffs[::-1], 1, 2), turned))
        for discount in (0.2, 0.5, 0.9):
            first, second = plain.step_at(discount), other.step_at(discount)
            if first is None:
                assert second is None
                continue
            assert (first.joint, first.liquidity, first.punishments) == (
                second.joint,
                second.liquidity,
                second.punishments[::-1],
            )
