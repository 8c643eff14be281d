"""The program gives the numbers of docs/model.md: the frozen and the shipped default, and random points around them."""

from pathlib import Path

import numpy as np
import pytest

from negotiation.calls.outcomes.decomposition import common_value, decompose, party_values, truce_worth
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.calls.outcomes.stage_game import analyse_stage, side_levels
from negotiation.errors import InputError
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.trade.files.load import load_scenario
from tests.recomputed import document
from tests.stored import STORED

FILES = {
    "frozen": STORED / "frozen" / "rollback-2025.toml",
    "shipped": Path(__file__).parents[2] / "negotiation" / "data" / "scenarios" / "rollback-2025.toml",
}
VERIFIED = "monitoring.verification"
CALLS = ("no_call", "breakdown", "clarification", "partial_concession", "full_restoration")


def both(name, any_share, call, changes=(), stated=False):
    """Return the game of the document and the outcome of the program after a call, the same changes before it.

    stated: whether the punishment that the file states counts.
    """
    file = document.read(FILES[name])
    choice = f"china_choice={'any share' if any_share else 'listed'}"
    scenario = load_scenario(FILES[name]).after([choice, *(f"{path}={number!r}" for path, number in changes)])
    scenario = scenario if stated else scenario.replace(punishment=())
    outcome = analyse_outcome(scenario, scenario.call(call), best_sets=False)
    numbers = document.changed({**file.numbers, **dict(changes)}, file.calls[call])
    punishment = file.tree.get("punishment") if stated else None
    return document.Game(numbers, file.tree["deal"], any_share, punishment), outcome


def assert_close(number, again, close=1e-6):
    if again is None or number is None:
        assert number is again
    else:
        assert np.asarray(number) == pytest.approx(np.asarray(again), abs=close, rel=close)


def assert_same_game(game, found):
    """The actions of the document; with any share the program adds the binding share, which no best reply is."""
    pact, edges, count = found.pact, game.numbers["monitoring.edges"], len(game.shares)
    assert_close(pact.stage.payoffs[..., :count], game.payoffs)
    assert_close(found.real[..., :count], game.real)
    assert pact.punishment == game.punishment
    assert_close(found.withheld[:count], game.shares)
    rows = pact.monitoring.likelihood[0, :count]
    below = np.array([game.low_chance(game.shares, edge) for edge in edges])
    assert_close(np.cumsum(rows, axis=1).T[: len(edges)], below)
    assert_close(rows @ pact.mask(pact.trigger), game.low)
    assert_close(pact.discount, game.discount)
    if game.any_share:
        least, _ = pact_arrays(pact, pact.mask(pact.trigger)[None, :]).stakes(pact.deal)
        assert_close(least.item(), game.stake)
    sides = side_levels(pact, analyse_stage(pact.stage).minmax)
    for side, threshold in zip(sides, game.thresholds, strict=True):
        assert_close(side.least_discount, threshold)


def assert_same_regimes(game, outcome):
    regimes = {regime.key: regime for regime in outcome.regimes if regime.key != "stage_nash"}
    assert list(regimes) == [rule for rule in document.RULES if rule == "compensation" or document.response(game, rule)]
    for rule, regime in regimes.items():
        terms = document.best(game, rule, game.discount)
        assert regime.holds == (terms is not None)
        assert_close(regime.least_discount, document.least_discount(game, rule))
        assert_close(regime.binding, game.binding, 1e-4)  # a flat top: the place is known to the root of its height
        if terms is not None:
            assert_close((regime.length, regime.payment), (terms.length, terms.payment))
            assert_close(regime.values, terms.values[:2])
            assert_close(regime.punished_share, document.punished(game, rule, terms.length))


def assert_same_worth(game, outcome):
    """What follows from the selected regime: common values, third parties, economic values and money on the path."""
    rule = outcome.call.regime
    terms = None if rule == "stage_nash" else document.best(game, rule, game.discount)
    if terms is None:
        assert_close(outcome.values, game.after[:2])
        assert_close(outcome.real, game.real[:, *game.punishment])
        assert_close(outcome.economic, game.real[:, *game.punishment])
        return
    values = document.common(game, rule, terms)
    assert_close(party_values(outcome, outcome.game.scenario)[:, 0], values)
    assert_close(common_value(outcome), values[:2])
    assert_close(truce_worth(outcome), (values - game.after)[:2] / (1 - game.interest))
    # third parties are discounted like the two players, while the deal lives
    assert_close(outcome.economic[2:], terms.values[2:])
    paid, share = game.p * terms.payment, document.punished(game, rule, terms.length)
    there, share = (game.deal, 0) if rule == "compensation" else (document.response(game, rule), share)
    assert_close(outcome.real, (1 - share) * game.real[:, *game.deal] + share * game.real[:, *there])
    side = (1 - share) * game.pledges.side_payment
    arrives = game.pledges.compensation_efficiency
    assert_close(outcome.transfers, (arrives * paid - side, side - paid))


def assert_same(game, outcome):
    assert_same_game(game, outcome.game)
    assert_same_regimes(game, outcome)
    assert_same_worth(game, outcome)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("any_share", [False, True], ids=["listed", "any_share"])
@pytest.mark.parametrize("name", FILES)
def test_every_number_of_an_outcome(name, any_share, call):
    assert_same(*both(name, any_share, call))


@pytest.mark.parametrize("call", CALLS[2:])
@pytest.mark.parametrize("any_share", [False, True], ids=["listed", "any_share"])
def test_the_parts_of_a_gain(any_share, call):
    (before, reference), (after, outcome) = (both("frozen", any_share, name) for name in (CALLS[0], call))
    rule, usual = outcome.call.regime, reference.call.regime
    start, then, now = (
        document.best(game, key, game.discount) for game, key in ((before, usual), (before, rule), (after, rule))
    )
    if then is None:
        selected, old = before.after[:2], now.values[:2]
    elif rule == "compensation":
        paid = after.p * then.payment * np.array([after.pledges.compensation_efficiency, -1])
        selected, old = then.values[:2], after.standing[:2] + paid
    else:
        again = document.trigger_regimes(after, rule, after.discount, (then.length,))
        selected, old = then.values[:2], next(again).values[:2]
    worths = (start.values[:2], selected, old, now.values[:2])
    parts = decompose(reference, outcome)
    assert_close((parts.selection, parts.primitives, parts.computed), np.diff(worths, axis=0))


@pytest.mark.parametrize("any_share", [False, True], ids=["listed", "any_share"])
def test_a_punishment_that_the_file_states(any_share):
    """(partial, slow-walk) is the stage equilibrium of the listed game, and none of the game with any share."""
    game, outcome = both("frozen", any_share, "no_call", stated=True)
    assert_same(game, outcome)
    assert outcome.holds is not any_share


@pytest.mark.parametrize("verified", [0.0, 0.3])
@pytest.mark.parametrize("scale", [0.02, 0.001])
def test_where_leverage_takes_hold_early(scale, verified):
    """The binding share lies near 0, and asks for much in a narrow place."""
    assert_same(*both("frozen", True, CALLS[0], [("minerals.leverage_scale", scale), (VERIFIED, verified)]))


@pytest.mark.parametrize("seed", range(8))
def test_every_number_at_random_points(seed):
    """All numbers drawn from their plausible ranges; China may choose any share at every other point."""
    rng, leaves = np.random.default_rng(seed), document.read(FILES["frozen"]).leaves
    ranges = {path: (leaf["low"], leaf["high"]) for path, leaf in leaves.items() if "low" in leaf}
    while True:
        drawn = {path: float(rng.uniform(*ends)) for path, ends in ranges.items()}
        drawn["monitoring.trigger"] = float(rng.choice([0.5, 0.8, 0.9]))
        try:
            game, outcome = both("frozen", seed % 2 == 0, CALLS[seed % 5], [*drawn.items()])
        except InputError:
            continue  # no weight on revenue supports the tariff that the government prefers
        break
    assert_same(game, outcome)
