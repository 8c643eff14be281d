"""Delays that last: a referee's numbers, months played one by one, an independent check, columns and payoff sets."""

import math

import numpy as np
import pytest

from negotiation.calls.outcomes.batch import analyse_points
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.calls.outcomes.simulated_paths import shipments_of
from negotiation.errors import InputError
from negotiation.games.stakes import StakeTable
from negotiation.solve.automata.pact_checks import months_to_first, quiet_chance
from negotiation.solve.automata.simulation import simulate
from negotiation.solve.public.solver import solve_public
from negotiation.solve.regimes.analysis import analyse_regimes
from negotiation.solve.regimes.batch import REGIME_KEYS
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import LENGTHS
from negotiation.solve.regimes.withheld_shares import NO_SHARE_GAIN
from negotiation.trade.game.build import build_game, build_pact
from negotiation.trade.game.repeated_game import pact_game
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from tests.stored import frozen

STAY, ENTRY, PUBLISHED, SEEN = (f"monitoring.delay_{name}" for name in ("stay", "entry", "published", "seen_by_china"))
JOINT = np.array([1.0, 1.0])


def listed(*changes):
    return frozen("rollback-2025").after("monitoring.delay_probability=0.2", *changes)


def any_share(*changes):
    return frozen("rollback-2025").replace(punishment=()).after("china_choice=any share", *changes)


def rules_of(scenario):
    return {regime.key: regime for regime in analyse_regimes(build_pact(scenario), best_sets=False)}


@pytest.mark.parametrize(
    ("stay", "length", "joint"), [(0.2, 3, -0.203), (0.4, 4, -0.212), (0.63, 8, -0.243), (0.8, None, None)]
)
def test_the_referees_lengths(stay, length, joint):
    """The state is published and the clause ignores it: long-run share .20, listed shares."""
    reversion = rules_of(listed(f"{STAY}={stay}"))["mutual_reversion"]
    assert reversion.holds == (length is not None)
    if length:
        assert reversion.length == length
        assert reversion.joint == pytest.approx(joint, abs=5e-4)


def test_a_delay_that_says_nothing_of_the_next_month_is_the_old_game():
    """Equal chances give the same pact; nearly equal ones the same numbers through another computation."""
    plain = listed()
    assert build_pact(listed(f"{STAY}=0.2")).delays is None
    for make, base in ((listed, plain), (any_share, any_share())):
        q = base.value("monitoring.delay_probability")
        near = rules_of(make(f"{STAY}={q + 1e-9}"))
        for key, regime in rules_of(base).items():
            other = near[key]
            assert (other.holds, other.length) == (regime.holds, regime.length)
            assert (*other.values, other.payment, other.punished_share) == pytest.approx(
                (*regime.values, regime.payment, regime.punished_share), abs=1e-6
            )
            assert other.least_discount == pytest.approx(regime.least_discount, abs=1e-6)


def test_reading_the_register_costs_little():
    """Punishing only months that are low without a delay: .007 to .008 a month in place of .114 to .120."""
    for make, most in ((listed, 0.0070), (any_share, 0.0080)):
        wedge = rules_of(make("monitoring.delay_probability=0.2", f"{PUBLISHED}=2"))["mutual_reversion"].wedge
        assert most - 0.001 <= wedge.amount <= most
        assert 0.0075 <= wedge.fine_amount <= 0.0080
    unread = rules_of(listed())["mutual_reversion"].wedge
    assert (unread.amount, unread.fine_amount) == (pytest.approx(0.114, abs=5e-4), pytest.approx(0.120, abs=5e-4))


@pytest.mark.parametrize(
    ("changes", "least", "most"),
    [((f"{PUBLISHED}=2",), 0.0, 0.0012), ((f"{PUBLISHED}=2", f"{SEEN}=1"), 0.019, 0.024)],
)
def test_what_the_best_equilibria_lose(changes, least, most):
    solution = solve_public(pact_game(build_pact(listed(*changes))))
    assert -most - 5e-5 <= solution.inner[0].support(JOINT) <= solution.outer[0].support(JOINT) <= 1e-9 - least


def random_scenarios(count, choice):
    rng = np.random.default_rng(5)
    for _ in range(count):
        late, stay = rng.uniform(0.05, 0.3), rng.uniform(0.35, 0.9)
        changes = [
            f"monitoring.delay_probability={late}",
            f"{STAY}={stay}",
            f"{SEEN}={rng.integers(2)}",
            f"monitoring.verification={rng.choice([0.0, 0.4])}",
            f"{PUBLISHED}={rng.choice([0, 2])}",
            f"pledges.china_audience_cost={rng.choice([0.0, 0.2])}",
            f"pledges.side_payment={rng.choice([0.0, 0.03])}",
        ]
        yield (listed if choice == "listed" else any_share)(*changes)


def checked_by_hand(pact, regime, shares=()):
    """Return values and the smallest slack of a regime: months iterated on (state, kind), every deviation in each."""
    delays, automaton, d = pact.delays, regime.automaton, pact.discount
    count = automaton.n_states
    values = np.zeros((count, 2, 2))

    def worth(w, kind, player, payoff, likelihood, values):
        ahead = np.einsum("e,we->w", delays.chain[kind], values[:, :, player])
        return (1 - d) * payoff + d * likelihood @ automaton.transition[w] @ ahead

    def payoff(w, kind, player, profile):
        return (delays.months[kind].stage.payoffs + automaton.by_month[kind, w])[(player, *profile)]

    plays = [tuple(map(int, row)) for row in automaton.actions]
    for _ in range(3000):
        values = np.array(
            [
                [
                    [
                        worth(w, kind, i, payoff(w, kind, i, plays[w]), month.monitoring.likelihood[plays[w]], values)
                        for i in (0, 1)
                    ]
                    for kind, month in enumerate(delays.months)
                ]
                for w in range(count)
            ]
        )
    smallest = math.inf
    for w, (row, column) in enumerate(plays):
        for action in (each for each in range(pact.stage.shape[0]) if each != row):
            lost = []
            for kind in (0, 1):
                ahead = delays.chain[kind] @ values[automaton.on_deviation[w, 0], :, 0]
                lost.append(values[w, kind, 0] - (1 - d) * payoff(w, kind, 0, (action, column)) - d * ahead)
            ends = [(1 - b) * lost[0] + b * lost[1] for b in (delays.entry, delays.stay)]
            smallest = min(smallest, *ends)
        tried = [
            [
                worth(w, kind, 1, payoff(w, kind, 1, (row, action)), month.monitoring.likelihood[row, action], values)
                for kind, month in enumerate(delays.months)
            ]
            for action in range(pact.stage.shape[1])
            if action != column
        ]
        for share in shares:
            cost = automaton.by_month[:, w, 1, row, column]
            both = []
            for kind, month in enumerate(delays.months):
                payoffs, likelihood = month.fine.model(np.array([share]), np.zeros(1))
                mask = pact.mask(regime.trigger)
                charged = pact.pledges.column_audience_cost + regime.payment if w == 0 else 0.0
                side = cost[kind] + charged * month.monitoring.likelihood[row, column] @ mask
                both.append(
                    worth(w, kind, 1, payoffs[row, 0] + side - charged * likelihood[0] @ mask, likelihood[0], values)
                )
            tried.append(both)
        for gained in tried:
            lost = [values[w, kind, 1] - gained[kind] for kind in (0, 1)]
            beliefs = (0, 1) if delays.knows else (delays.entry, delays.stay)
            smallest = min(smallest, *((1 - b) * lost[0] + b * lost[1] for b in beliefs))
    return np.einsum("d,di->i", delays.long_run, values[0]), smallest


@pytest.mark.parametrize("choice", ["listed", "any share"])
def test_regimes_by_hand(choice):
    """Values by iteration over months; every deviation at both ends of the beliefs, on shares no grid here lists."""
    held = 0
    for scenario in random_scenarios(3, choice):
        pact = build_pact(scenario)
        assert pact.delays is not None
        shares = np.linspace(0.013, 0.99, 23) if choice == "any share" else ()
        for regime in analyse_regimes(pact, best_sets=False):
            if regime.automaton.n_states > 8 or regime.key == "compensation":
                continue
            values, smallest = checked_by_hand(pact, regime, shares if regime.holds else ())
            assert regime.values == pytest.approx(tuple(values), abs=1e-9)
            if choice == "listed":
                assert min(regime.margin, regime.worst.slack) == pytest.approx(min(smallest, regime.margin), abs=1e-9)
                assert regime.worst.slack == pytest.approx(smallest, abs=1e-9) or smallest > regime.worst.slack
            if regime.holds:
                held += 1
                assert smallest >= -(1 - pact.discount) * NO_SHARE_GAIN
    assert held > 2


@pytest.mark.parametrize("choice", ["listed", "any share"])
def test_columns_are_the_plain_path(choice):
    scenario = (listed if choice == "listed" else any_share)()
    paths = ["monitoring.delay_probability", STAY, SEEN, "monitoring.verification"]
    numbers = np.array([[0.2, 0.4, 0, 0], [0.2, 0, 0, 0.3], [0.24, 0.63, 1, 0.6]])
    points = ParameterColumns.of(scenario, paths, numbers)
    for call in scenario.calls[::3]:
        fast = analyse_points(call, points)
        for n in np.flatnonzero(fast.legal):
            want = analyse_outcome(scenario.after(points.changes_at(n)), call, best_sets=False)
            for regime in want.regimes:
                key = REGIME_KEYS.index(regime.key)
                assert fast.regimes.holds[n, key] == regime.holds
                assert fast.regimes.length[n, key] == regime.length
                numbers_fast = (
                    *fast.regimes.values[n, key],
                    fast.regimes.payment[n, key],
                    fast.regimes.punished[n, key],
                )
                assert numbers_fast == pytest.approx((*regime.values, regime.payment, regime.punished_share), abs=1e-8)


def test_the_table_of_stakes_is_near_what_each_part_asks_for():
    """Between two entries within two thousandths of a search at that very part."""
    pact = build_pact(any_share(f"{STAY}=0.63", "monitoring.verification=0.3"))
    mask = pact.mask(pact.trigger)
    table = pact_arrays(pact, mask[None, :]).delays.stakes(pact.deal)
    assert isinstance(table, StakeTable)
    levels = np.unique(np.concatenate([np.linspace(1e-4, 0.5, 4000), np.linspace(0.5001, 1, 2000)]))
    calm, late = (month.fine.model(levels, np.zeros_like(levels)) for month in pact.delays.months)
    kept = [month.monitoring.likelihood[pact.deal] @ mask for month in pact.delays.months]
    gain = calm[0][pact.deal[0]] - pact.stage.payoffs[(1, *pact.deal)]
    for part in (0.0, 0.03, 0.21, 0.5, 0.77, 1.0):
        more = (1 - part) * (calm[1] @ mask - kept[0]) + part * (late[1] @ mask - kept[1])
        least = float(table.between(np.full((1, 1, 1), part))[0][0, 0, 0])
        assert least == pytest.approx(float((gain / more).max()), rel=2e-3)


def test_simulated_months_last():
    """Delays, months in the response and the wait for the first low month are those of the formulas."""
    scenario = listed(f"{STAY}=0.6", f"{PUBLISHED}=2", "monitoring.noise=0.1")
    game = build_game(scenario)
    pact = game.pact
    source = shipments_of(game.figures, game.withheld, game.elsewhere, delays=pact.delays)
    regime = rules_of(scenario)["mutual_reversion"]
    states, signals, _ = simulate(regime.automaton, source, 4000, 240, np.random.default_rng(2))
    late = np.array(["a delay" in name or name == "verified" for name in pact.monitoring.signals])[signals]
    assert late.mean() == pytest.approx(0.2, abs=0.005)
    assert late[:, 1:][late[:, :-1]].mean() == pytest.approx(0.6, abs=0.01)
    assert (states[:, 60:] != 0).mean() == pytest.approx(regime.punished_share, abs=0.01)
    mask = pact.mask(pact.trigger)
    hit = np.isin(signals, np.flatnonzero(mask))
    kept = np.cumsum(hit, axis=1)[:, 11] == 0
    assert kept.mean() == pytest.approx(quiet_chance(pact, mask, 12), abs=0.02)
    assert months_to_first(pact, mask) == pytest.approx(regime.months_to_first)
    assert np.isfinite(LENGTHS[:-1]).all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ((f"{STAY}=0.1",), "must be at least monitoring.delay_entry"),
        ((f"{ENTRY}=0.3", f"{STAY}=0.2"), "must be at least monitoring.delay_entry"),
        ((f"{PUBLISHED}=3",), "outside its domain"),
        ((f"{PUBLISHED}=0.5",), "must be 0 (no)"),
        ((f"{STAY}=1",), "below 1"),
    ],
)
def test_bad_input_is_one_sentence(changes, words):
    with pytest.raises(InputError) as error:
        listed(*changes)
    assert words in str(error.value)
    assert len(error.value.problems) == 1


def test_entry_and_stay_give_the_long_run_share():
    scenario = listed(f"{ENTRY}=0.118", f"{STAY}=0.629")
    assert scenario["monitoring.delay_probability"] == pytest.approx(0.118 / (1 + 0.118 - 0.629))
    assert "monitoring.delay_probability" in scenario.tied_paths
    halved = scenario.after("monitoring.delay_probability *= 0.5")
    assert halved[STAY] == 0.629
    share = halved["monitoring.delay_probability"]
    assert halved.value(ENTRY) == pytest.approx(share * (1 - 0.629) / (1 - share))


def test_hidden_delays_have_no_payoff_sets_and_published_ones_two_states():
    hidden = build_pact(listed(f"{STAY}=0.63"))
    with pytest.raises(InputError, match="published"):
        pact_game(hidden)
    game = pact_game(build_pact(listed(f"{STAY}=0.63", f"{PUBLISHED}=1")))
    assert game.n_states == 2
    for state, belief in zip(game.monitoring, (0.2 * 0.37 / 0.8, 0.63), strict=True):
        late = [name.endswith("delayed") for name in state.signals]
        assert state.likelihood[0, 1] @ np.array(late) == pytest.approx(belief)
    near = solve_public(pact_game(build_pact(listed(f"{STAY}={0.2 + 1e-7}", f"{PUBLISHED}=1"))))
    alike = solve_public(pact_game(build_pact(listed(f"{PUBLISHED}=2"))))
    for weights in (JOINT, np.array([1.0, 0.0]), np.array([-1.0, 2.0])):
        assert near.outer[0].support(weights) == pytest.approx(alike.outer[0].support(weights), abs=0.02)
