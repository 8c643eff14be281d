"""China chooses any share: terms, values and stakes against a dense list, a referee's numbers, and columns."""

import numpy as np
import pytest
from scipy.special import ndtr

from negotiation.calls.outcomes.batch import analyse_points
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.games.stakes import every_share_bounds
from negotiation.solve.automata.one_shot_deviations import check_automaton
from negotiation.solve.regimes.analysis import analyse_regimes
from negotiation.solve.regimes.batch import REGIME_KEYS
from negotiation.trade.game.any_share import BEST_SHARE
from negotiation.trade.game.build import build_game, build_pact
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from tests.stored import frozen
from tests.studies.test_fast import draw

# a referee's independent recomputation (101 to 201 levels): outcome -> rule, length or payment, joint value
REFEREE = {
    25.0: {
        "no_call": ("mutual_reversion", 4, -0.328),
        "clarification": ("mutual_reversion", 3, -0.150),
        "partial_concession": ("proportional_snapback", 1, -0.0435),
        "full_restoration": ("compensation", 0.315, -0.0132),
    },
    28.3: {
        "no_call": ("mutual_reversion", 3, -0.30),
        "clarification": ("mutual_reversion", 2, -0.12),
        "partial_concession": ("proportional_snapback", 1, -0.049),
    },
}
# of perfect monitoring with reversion to the stage equilibrium: us, china
THRESHOLDS = {25.0: (0.423, 0.591), 28.3: (0.479, 0.522)}


def any_share(name, *changes):
    """Return a frozen scenario in which China may choose any share, and its own punishment is left out."""
    return frozen(name).replace(punishment=()).after("china_choice=any share", *changes)


@pytest.fixture(scope="module")
def scenario():
    return any_share("rollback-2025")


@pytest.mark.parametrize("imports", REFEREE)
def test_the_referees_numbers(imports):
    scenario = any_share("rollback-2025", f"tariffs.us.import_value={imports}")
    for name, (rule, terms, joint) in REFEREE[imports].items():
        outcome = analyse_outcome(scenario, scenario.call(name), best_sets=False)
        regime = outcome.selected
        assert (regime.key, regime.holds) == (rule, True)
        assert regime.payment + regime.length == pytest.approx(terms, rel=0.02)
        assert regime.joint == pytest.approx(joint, rel=0.02)
        assert outcome.holds_against_every_share
    pact = build_pact(scenario)
    deal, punished = (np.array(pact.stage.payoff(profile)) for profile in (pact.deal, pact.punishment))
    gains = np.array([pact.stage.deviations(i, pact.deal).max() for i in (0, 1)])
    assert gains / (gains + deal - punished) == pytest.approx(THRESHOLDS[imports], abs=1e-3)


def test_the_punishment_is_the_stage_equilibrium_of_all_shares(scenario):
    """x^N solves 2 L x / xh^2 exp(-(x / xh)^2) = rev + c x, and no share of a grid of 100,001 pays more."""
    game = build_game(scenario)
    pact, x = game.pact, game.withheld[game.pact.punishment[1]]
    assert pact.stage.name(pact.punishment) == ("partial", BEST_SHARE)
    leverage, scale, sales, cost = (
        scenario[f"minerals.{name}"] for name in ("leverage", "leverage_scale", "forgone_revenue", "convex_cost")
    )
    assert 2 * leverage * x / scale**2 * np.exp(-((x / scale) ** 2)) == pytest.approx(sales + cost * x, abs=1e-12)
    assert x == pytest.approx(0.48535, abs=1e-5)
    levels = np.linspace(0, 1, 100_001)
    payoffs, _ = pact.fine.model(levels, np.zeros_like(levels))
    assert payoffs[1].max() <= pact.stage.payoff(pact.punishment)[1] + 1e-12
    assert (pact.stage.deviations(0, pact.punishment) <= pact.stage.payoff(pact.punishment)[0]).all()


@pytest.mark.parametrize("seed", range(25))
def test_x_n_is_the_best_of_a_dense_grid_at_random_points(seed):
    scenario = any_share("rollback-2025")
    china = [path for path in scenario.parameters if path.startswith(("minerals", "tariffs.china", "monitoring"))]
    paths, numbers = draw(scenario, 1, seed, china)
    drawn = scenario.after([f"{path}={value!r}" for path, value in zip(paths, numbers[0].tolist(), strict=True)])
    pact = build_pact(drawn)
    levels = np.linspace(0, 1, 20_001)
    payoffs, _ = pact.fine.model(levels, np.zeros_like(levels))
    row, _ = pact.punishment
    assert payoffs[row].max() <= pact.stage.payoff(pact.punishment)[1] + 1e-9


def dense(scenario, levels):
    """Return the scenario with so many listed shares more, and listed shares alone."""
    like = scenario.parameter("actions.china.slow_walk.withheld")
    extra = {f"share_{k:03}": x for k, x in enumerate(levels)}
    parameters = {
        **scenario.parameters,
        **{f"actions.china.{n}.withheld": like.with_value(x) for n, x in extra.items()},
    }
    listed = {**{name: scenario[f"actions.china.{name}.withheld"] for name in scenario.actions[1]}, **extra}
    china = tuple(sorted(listed, key=listed.get))
    return scenario.replace(parameters=parameters, actions=(scenario.actions[0], china)).after("china_choice=listed")


@pytest.mark.parametrize("name", ["rollback-2025", "june-2025"])
def test_terms_are_those_of_a_dense_list_of_actions(name):
    scenario = any_share(name)
    listed = dense(scenario, [x for x in np.linspace(0.005, 0.995, 199) if x not in (0.4, 0.9)])
    for call in scenario.calls:
        one, other = (analyse_outcome(each, call, best_sets=False) for each in (scenario, listed))
        for mine, theirs in zip(one.regimes, other.regimes, strict=True):
            assert (mine.key, mine.holds) == (theirs.key, theirs.holds)
            if not mine.holds:
                continue  # the length that misses least may be another one
            assert mine.length == theirs.length
            assert mine.payment == pytest.approx(theirs.payment, abs=2e-5)
            assert mine.values == pytest.approx(theirs.values, abs=5e-3)
            if mine.least_discount is not None:
                assert mine.least_discount == pytest.approx(theirs.least_discount, abs=2e-3)


def test_no_share_pays_in_any_state_of_what_holds(scenario):
    """Each automaton that holds, against each of 2,001 shares in each of its states, by a linear solve."""
    levels = np.linspace(0, 1, 2001)
    for call in scenario.calls:
        pact = build_pact(scenario.after(call.changes))
        payoffs, likelihood = pact.fine.model(levels, np.zeros_like(levels))
        for regime in analyse_regimes(pact):
            if not regime.holds:
                continue
            automaton = regime.automaton
            values = check_automaton(pact.stage, pact.monitoring, pact.discount, automaton).values[:, 1]
            charges = np.zeros((automaton.n_states, pact.monitoring.n_signals))
            if regime.key != "stage_nash":
                charges[0] = (pact.pledges.column_audience_cost + regime.payment) * pact.mask(regime.trigger)
            side = pact.pledges.side_payment if regime.key != "stage_nash" else 0.0
            for state, (row, column) in enumerate(automaton.actions):
                follow = pact.discount * automaton.transition[state] @ values
                follow -= (1 - pact.discount) * charges[state]
                listed = (1 - pact.discount) * pact.stage.payoffs[1, row, column]
                kept = listed + pact.monitoring.likelihood[row, column] @ follow
                tried = (1 - pact.discount) * payoffs[row] + likelihood @ follow
                assert tried.max() <= kept + 1e-9
                assert kept + (1 - pact.discount) * side * (state == 0) == pytest.approx(values[state], abs=1e-9)


def test_stakes_are_the_supremum():
    """A gain with one peak: the least stake by 200,001 levels; a jump; shares caught less often, and no more often."""
    peak, jump = 0.37, np.array([[0.5]])

    def shares(x, e):
        gain = x * np.exp(-((x / peak) ** 2)) - 0.05 * e
        return gain, 0.2 * x + 0.1 * (x > 0.5) + 0.1 * e

    least, largest, binding = every_share_bounds(shares, jump)
    levels = np.linspace(1e-9, 1, 200_001)
    gain, more = shares(levels, 0.0)
    assert least[0] == pytest.approx((gain / more).max(), rel=1e-6)
    assert largest[0] == np.inf
    assert binding[0] == pytest.approx([levels[(gain / more).argmax()], 0.0], abs=1e-4)
    least, largest, _ = every_share_bounds(lambda x, _: (-x, -x * (1 + x)), jump)
    assert least[0] <= 0
    assert largest[0] == pytest.approx(0.5, rel=1e-6)
    assert every_share_bounds(lambda x, _: (x, 0 * x), jump)[0][0] == np.inf


@pytest.mark.parametrize("seed", [34, 53, 71, 112, 523, *range(20)])
def test_stakes_are_the_supremum_of_narrow_peaks(seed):
    """S-shaped gains that take hold between .001 and .6, by 200,000 levels, half of them evenly spaced in logs."""
    rng = np.random.default_rng(seed)
    scale, jump, cost, middle = 10 ** rng.uniform(-3, -0.2), rng.uniform(0.3, 0.9), rng.uniform(0, 0.5), rng.uniform()
    wide, verified = 10 ** rng.uniform(-1.5, 0), 10 ** rng.uniform(-3, -1)
    embargo, sales = rng.uniform(0, 0.5), rng.uniform(0, 0.05)

    def shares(x, e):
        gain = 1 - np.exp(-((x / scale) ** 2)) - cost * x**2 - sales * x / scale - embargo * (x > jump) - 0 * e
        return gain, verified * (x > 0) + 0.8 * (ndtr((x - middle) / wide) - ndtr(-middle / wide))

    least, _, _ = every_share_bounds(shares, np.array([[jump]]))
    levels = np.concatenate([np.geomspace(1e-9, 1, 100_001), np.linspace(1e-9, 1, 100_001), [jump, jump + 1e-9]])
    gain, more = shares(levels, 0.0)
    assert least[0] >= (gain / more).max() - 1e-6 * abs((gain / more).max())
    assert least[0] == pytest.approx((gain / more).max(), rel=1e-4)


@pytest.mark.parametrize("name", ["rollback-2025", "june-2025", "gallium-germanium", "two-figures-2025"])
def test_columns_are_the_plain_path(name):
    """With a choice that varies too: listed at half the points."""
    scenario, count = any_share(name), 6 if name == "two-figures-2025" else 10
    paths, numbers = draw(scenario, count, seed=len(name))
    paths, numbers = [*paths, "china_choice"], np.hstack([numbers, np.arange(count)[:, None] % 2])
    points = ParameterColumns.of(scenario, paths, numbers)
    compared = 0
    for call in scenario.calls:
        fast = analyse_points(call, points)
        for n in np.flatnonzero(fast.legal):
            want = analyse_outcome(scenario.after(points.changes_at(n)), call, best_sets=False)
            for regime in want.regimes:
                index = REGIME_KEYS.index(regime.key)
                assert fast.regimes.length[n, index] == regime.length
                assert fast.regimes.payment[n, index] == pytest.approx(regime.payment, abs=1e-7)
                assert fast.regimes.values[n, index] == pytest.approx(regime.values, abs=1e-7)
                assert fast.regimes.holds[n, index] == regime.holds
                compared += 1
    assert compared > 4 * count
