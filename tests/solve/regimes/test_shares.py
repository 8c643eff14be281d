"""Every state of every rule against every share, recomputed from scratch: dense grid, golden section, plain loops."""

import math

import numpy as np
import pytest

from negotiation.calls.agreement.automaton import package_automaton, package_share
from negotiation.calls.agreement.requirements import requirements
from negotiation.calls.notices import notices, punishment_notices
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.errors import InputError
from negotiation.solve.automata.one_shot_deviations import check_automaton
from negotiation.solve.regimes.analysis import OWN, analyse_regimes
from negotiation.trade.economics.economic_blocks import sum_of_parts
from negotiation.trade.files.load import load_scenario
from negotiation.trade.game.build import build_pact, read_blocks
from negotiation.trade.parameters.changes import Change
from tests.stored import frozen

SHIPPED = ("rollback-2025", "june-2025", "after-ruling-2026", "gallium-germanium")
DENSE = np.linspace(0, 1, 2001)
GOLDEN = (math.sqrt(5) - 1) / 2


class Recomputed:
    """One game whose second player withholds any share, with nothing taken from the solver but the automaton."""

    def __init__(self, scenario, pact):
        self.pact, self.blocks = pact, read_blocks(scenario)
        self.jumps = (0.0, float(self.blocks.leverage.embargo_threshold))
        beyond = [jump + 1e-9 for jump in self.jumps if jump < 1]
        self.shares = np.unique([*DENSE, *self.jumps, *beyond])
        self.shares = self.shares[self.shares <= 1]
        self.own, self.chances = self.at(self.shares, np.zeros_like(self.shares))

    def at(self, x, e):
        tariff = sum_of_parts(self.blocks.china_by_tariff())
        gain = sum_of_parts(self.blocks.china_by_share(x, e))
        return tariff[:, None] + gain[None, :], self.blocks.figures.likelihood(x, e)

    def values(self, automaton):
        """Value of each state to player 1, and the charge on each signal in it."""
        pact, states = self.pact, automaton.n_states
        matrix, flow = np.eye(states), np.zeros(states)
        for w in range(states):
            row, column = automaton.actions[w]
            flow[w] = pact.stage.payoffs[1, row, column] + automaton.adjustments[w, 1, row, column]
            for y in range(pact.monitoring.n_signals):
                for z in range(states):
                    matrix[w, z] -= (
                        pact.discount * pact.monitoring.likelihood[row, column, y] * automaton.transition[w, y, z]
                    )
        return np.linalg.solve(matrix, (1 - pact.discount) * flow)

    def gain(self, automaton, values, charge, w, own, chances):
        """Gain from one deviation in state w, in that month's money, for payoffs (A, G) and chances (G, Y)."""
        pact = self.pact
        row, column = automaton.actions[w]
        side = automaton.adjustments[w, 1, row, column] + charge @ pact.monitoring.likelihood[row, column]
        now = own[row] + side - chances @ charge
        after = chances @ (automaton.transition[w] @ values)
        return now + (pact.discount * after - values[w]) / (1 - pact.discount)

    def best(self, automaton, charges):
        """Return (gain, state) of the best share, refined by golden section in the best state of the dense grid."""
        values = self.values(automaton)
        grid = np.array(
            [self.gain(automaton, values, charges[w], w, self.own, self.chances) for w in range(automaton.n_states)]
        )
        w, place = np.unravel_index(grid.argmax(), grid.shape)
        x = self.shares[place]

        def single(share):
            own, chances = self.at(np.array([share]), np.zeros(1))
            return float(self.gain(automaton, values, charges[w], w, own, chances)[0])

        low = max([0.0, x - 5e-4, *(j + 1e-9 for j in self.jumps if j < x)])
        high = min([1.0, x + 5e-4, *(j for j in self.jumps if j >= x)])
        for _ in range(18):
            a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
            low, high = (low, b) if single(a) > single(b) else (a, high)
        return max(float(grid.max()), single((low + high) / 2)), int(w)


def charges_of(pact, regime):
    """What a low month costs player 1 in each state beyond what follows: at the deal, audience cost and payment."""
    automaton, found = regime.automaton, []
    for row, column in automaton.actions:
        at_deal = (row, column) == pact.deal
        if regime.trigger_rule == OWN:
            mask, due = pact.mask(pact.trigger), at_deal * pact.pledges.column_audience_cost
        else:
            mask = pact.mask(regime.trigger)
            due = at_deal * (pact.pledges.column_audience_cost + regime.payment)
        found.append(due * mask)
    return np.array(found)


def agree(scenario, pact, regimes):
    again = Recomputed(scenario, pact)
    for regime in regimes:
        gain, _ = again.best(regime.automaton, charges_of(pact, regime))
        assert regime.share.gain == pytest.approx(gain, abs=1e-8), regime.key
        listed = check_automaton(pact.stage, pact.monitoring, pact.discount, regime.automaton).worst.slack
        if abs(gain - 1e-6) > 1e-7:
            assert regime.holds_finely == (regime.holds and gain <= 1e-6), regime.key
        # the listed actions are shares too, where nothing is withheld from others
        if listed < -1e-6 and regime.worst.player == pact.stage.players[1] and regime.key != "compensation":
            assert gain > 0


def after(scenario, *texts):
    return scenario.after([Change.parse(text) for text in texts])


@pytest.mark.parametrize("name", SHIPPED)
def test_every_rule_of_the_shipped_scenarios(name):
    scenario = load_scenario(name)
    for call in scenario.calls[:3]:
        moved = scenario.after(call.changes)
        pact = build_pact(moved)
        agree(moved, pact, analyse_regimes(pact))


def test_random_games():
    rng = np.random.default_rng(20250701)
    base, looked = frozen("rollback-2025"), 0
    while looked < 50:
        x_hat, border, slow = rng.uniform(0.15, 0.6), rng.uniform(0.3, 0.95), rng.uniform(0.1, 0.6)
        try:
            moved = after(
                base,
                f"minerals.leverage={rng.uniform(0.2, 1.3)}",
                f"minerals.leverage_scale={x_hat}",
                f"minerals.embargo_threshold={border}",
                f"actions.china.slow_walk.withheld={slow}",
                f"monitoring.delay_probability={rng.uniform(0.02, 0.5)}",
                f"monitoring.noise={rng.uniform(0.05, 0.5)}",
                f"monitoring.verification={rng.choice([0.0, rng.uniform(0, 1)])}",
                f"pledges.china_audience_cost={rng.choice([0.0, rng.uniform(0, 0.6)])}",
            )
        except InputError:
            continue
        pact = build_pact(moved)
        agree(moved, pact, analyse_regimes(pact, best_sets=False))
        looked += 1


def test_war_is_left_for_the_share_that_the_first_order_condition_gives(default_scenario):
    """2 L x / xhat^2 exp(-(x / xhat)^2) = forgone revenue + c x, solved by bisection between .3 and the embargo."""
    lever, scale, rev, cost = (
        default_scenario.value(f"minerals.{name}")
        for name in ("leverage", "leverage_scale", "forgone_revenue", "convex_cost")
    )

    def slope(x):
        return 2 * lever * x / scale**2 * math.exp(-((x / scale) ** 2)) - rev - cost * x

    low, high = 0.3, 0.5
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)

    def worth(x):
        return lever * (1 - math.exp(-((x / scale) ** 2))) - rev * x - cost * x * x / 2

    stage_nash = analyse_regimes(build_pact(default_scenario), best_sets=False)[0]
    assert stage_nash.key == "stage_nash"
    assert stage_nash.holds
    assert not stage_nash.holds_finely
    assert stage_nash.share.level == pytest.approx(low, abs=1e-5)
    assert stage_nash.share.gain == pytest.approx(worth(low) - worth(0.4), abs=1e-9)
    assert (round(low, 4), round(stage_nash.share.gain, 4)) == (0.4853, 0.0232)


def test_a_punishment_that_stands_needs_the_longer_terms(default_scenario):
    """With the best share itself as the slow-walk every rule can stand; terms from an independent computation."""
    best = analyse_regimes(build_pact(default_scenario), best_sets=False)[0].share.level
    scenario = after(default_scenario, f"actions.china.slow_walk.withheld={best}")
    assert notices(scenario) == ()
    terms = {"no_call": ("mutual_reversion", 4), "clarification": ("mutual_reversion", 3)}
    for name, (key, length) in terms.items():
        outcome = analyse_outcome(scenario, scenario.call(name))
        regime = outcome.regime(key)
        assert (regime.finely_needed, regime.length) == (length, length)
        assert outcome.holds_against_every_share
        pact, moved = outcome.game.pact, outcome.game.scenario
        agree(moved, pact, outcome.regimes)
        # nothing is chosen that a share between two points of the grid would break
        assert all(r.holds_finely for r in outcome.regimes if r.trigger_rule == "best set" and r.holds)


def test_june_2025_clarification_holds_against_the_listed_actions_alone():
    scenario = frozen("june-2025")
    outcome = analyse_outcome(scenario, scenario.call("clarification"))
    assert (outcome.selected.length, outcome.holds) == (8, True)
    assert outcome.holds_against_every_share is False
    assert outcome.selected.finely_needed is None
    assert round(outcome.selected.share.gain, 4) == 0.0232


def test_shares_withheld_from_others_too():
    scenario = frozen("two-figures-2025")
    pact = build_pact(scenario)
    again = Recomputed(scenario, pact)
    x, e = (grid.ravel() for grid in np.meshgrid(np.linspace(0, 1, 201), np.linspace(0, 1, 41), indexing="ij"))
    own, chances = again.at(x, e)
    for regime in analyse_regimes(pact, best_sets=False):
        values, charges = again.values(regime.automaton), charges_of(pact, regime)
        dense = max(
            again.gain(regime.automaton, values, charges[w], w, own, chances).max()
            for w in range(regime.automaton.n_states)
        )
        assert dense - 1e-12 <= regime.share.gain <= dense + 1e-3
        row = regime.automaton.actions[regime.automaton.names.index(regime.share.state)][0]
        assert 0 <= regime.share.beside <= 1
        assert row in (0, 1, 2)


def test_an_own_rule_is_judged_on_every_share(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'format = 1\nname = "mine"\nextends = "rollback-2025"\ntitle = "Mine"\n'
        '[[regimes]]\nname = "grim"\nlabel = "grim"\n'
        'deviation = "war"\nstates = [\n'
        '  { name = "good", play = ["keep", "license"], on = { "<.25" = "war", default = "good" } },\n'
        '  { name = "war", play = ["partial", "slow_walk"], on = { default = "war" } },\n]\n'
        '[[calls]]\nname = "clarification"\nregime = "grim"\n'
    )
    scenario = load_scenario(file)
    outcome = analyse_outcome(after(scenario, "pledges.china_audience_cost=0.2"), scenario.call("clarification"))
    own = outcome.selected
    assert own.trigger_rule == OWN
    assert not own.holds_finely
    agree(outcome.game.scenario, outcome.game.pact, [own])


@pytest.mark.parametrize("border", [0.4871, 0.4337])
def test_a_jump_between_two_points_of_the_grid_is_met_exactly(default_scenario, border):
    """Below the embargo the gain still rises: the best share is the last one that is no embargo."""
    scenario = after(default_scenario, "minerals.leverage_scale=0.6", f"minerals.embargo_threshold={border}")
    share = analyse_regimes(build_pact(scenario), best_sets=False)[0].share
    assert share.level == pytest.approx(border, abs=1e-9)


def test_the_package_of_a_call_is_judged_on_every_share():
    scenario = frozen("june-2025")
    found = requirements(scenario, pairs=False)
    package, amounts = found.together, dict(found.together.amounts)
    share = package_share(found.problem, package)
    automaton = package_automaton(found.problem, package)
    pact = found.problem.pact(amounts)
    again = Recomputed(after(scenario, f"monitoring.verification={amounts['verification']}"), pact)
    due = (amounts["audience_cost"] + amounts["compensation"]) * pact.mask(pact.trigger)
    rows = [due if k < automaton.n_states - 1 else 0 * due for k in range(automaton.n_states)]
    assert share.gain == pytest.approx(again.best(automaton, rows)[0], abs=1e-8)
    assert share.pays


def test_a_punishment_that_listed_actions_break_is_told_by_whom_and_by_how_much(default_scenario):
    """Own payoffs: the row player is told what it gains by cooperating against defection."""
    textbook = after(frozen("textbook"), "payoffs.row.defect.defect=-3")
    (text,) = notices(textbook)
    pact = build_pact(textbook)
    gain = pact.stage.payoffs[0, 0, 1] - pact.stage.payoffs[0, 1, 1]
    assert gain > 0
    assert f"ROW gains {gain:.3g} " in text
    assert "by playing cooperate" in text
    (share,) = punishment_notices(build_pact(default_scenario))
    assert "China gains 0.0232 USD bn/month in a month of it by withholding 48.5 %" in share
