"""The closed-form recursion against its plain twin, the automaton solved as a linear system, on random pacts."""

import math

import numpy as np
import pytest

from negotiation.games.pact import Pact, Pledges
from negotiation.games.stage import Monitoring, StageGame
from negotiation.solve.automata.one_shot_deviations import REFUSE, check_automaton
from negotiation.solve.regimes.compensation import compensation_values
from negotiation.solve.regimes.kinds import payment_automaton, regime_kinds, trigger_automaton
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.trigger_strategies import trigger_values


def random_pact(rng, observed=(0,), size=(3, 3), signals=4):
    """A pact with random payoffs and signals; the war profile need not be an equilibrium: slacks must agree anyway."""
    actions = (tuple(f"r{i}" for i in range(size[0])), tuple(f"c{i}" for i in range(size[1])))
    stage = StageGame(("row", "column"), actions, rng.normal(size=(2, *size)))
    likelihood = rng.dirichlet(np.ones(signals), size=size)
    names = tuple(f"y{i}" for i in range(signals))
    pledges = Pledges(*rng.uniform(0, 0.3, 3), 0.8, 5.0)
    return Pact(stage, Monitoring(names, likelihood, observed), 0.9, (0, 0), (1, 1), ("y0",), names, pledges)


@pytest.mark.parametrize("observed", [(0,), ()])
@pytest.mark.parametrize("seed", range(15))
def test_values_and_margin_equal_the_automatons(seed, observed):
    rng = np.random.default_rng(seed)
    pact = random_pact(rng, observed)
    discount = float(rng.uniform(0.2, 0.98))
    mask = np.array([1.0, float(rng.integers(2)), 0.0, 0.0])
    for kind in regime_kinds(pact):
        if kind.form != "trigger":
            continue
        for length in (1.0, 2.0, 7.0, math.inf):
            found = trigger_values(
                pact_arrays(pact, mask[None]).at_discounts(np.array([discount])), kind, np.array([length])
            )
            automaton = trigger_automaton(pact, kind, mask, length)
            check = check_automaton(pact.stage, pact.monitoring, discount, automaton)
            assert found.values[:, 0, 0, 0] == pytest.approx(check.values[0], abs=1e-10)
            assert found.margin[0, 0, 0] == pytest.approx(check.worst.slack, abs=1e-10)


@pytest.mark.parametrize("seed", range(20))
def test_payments_are_the_edges_of_what_the_automaton_allows(seed):
    """At the least and the largest payment all slacks are at least zero; a little outside one is negative."""
    rng = np.random.default_rng(100 + seed)
    pact = random_pact(rng, size=(2, 2))
    payoffs = np.array([[[0.0, -1.0], [0.4, -0.3]], [[0.0, 0.5], [-0.9, -0.4]]]) * rng.uniform(0.8, 1.2, (2, 2, 2))
    payoffs[:, 0, 0] = 0
    pact = pact.replace(stage=pact.stage.replace(payoffs=payoffs), pledges=Pledges(0.02, 0.1, 0.05, 0.8, 5.0))
    # let shirking show in the first signal
    likelihood = np.array([[[0.1, 0.3, 0.3, 0.3], [0.8, 0.1, 0.05, 0.05]]] * 2)
    pact = pact.replace(monitoring=Monitoring(pact.monitoring.signals, likelihood, (0,)))
    mask = np.array([1.0, 0, 0, 0])
    discount = float(rng.uniform(0.75, 0.97))
    found = compensation_values(pact_arrays(pact, mask[None]).at_discounts(np.array([discount])))

    def worst(payment):
        automaton = payment_automaton(pact, mask, payment)
        check = check_automaton(pact.stage, pact.monitoring, discount, automaton)
        pay = discount * (check.values[0, 1] - check.values[1, 1]) - (1 - discount) * payment
        return min(check.worst.slack, pay)

    if found.margin[0, 0, 0] >= 0:
        least, largest = found.payment[0, 0, 0], found.payment[0, 0, 0] + found.margin[0, 0, 0]
        assert worst(least) >= -1e-10
        assert worst(largest) >= -1e-10
        assert least == 0 or worst(least - 1e-4) < 0
        assert worst(largest + 1e-4) < 0
    else:
        assert max(worst(payment) for payment in np.linspace(0, 5, 501)) < 1e-9


def test_restoring_the_pact_equals_an_automaton_with_a_lottery():
    """A call that restores the pact with probability rho is a lottery over next states in every punished state."""
    pact = random_pact(np.random.default_rng(3))
    kind = next(kind for kind in regime_kinds(pact) if kind.key == "proportional_snapback")
    mask, rho, discount = np.array([1.0, 1.0, 0, 0]), 0.3, 0.85
    found = trigger_values(pact_arrays(pact, mask[None]).at_discounts(np.array([discount])), kind, np.array([4.0]), rho)
    plain = trigger_automaton(pact, kind, mask, 4.0)
    transition = plain.transition * (1 - rho)
    transition[:, :, 0] += rho
    transition[0] = plain.transition[0]
    check = check_automaton(pact.stage, pact.monitoring, discount, plain.replace(transition=transition))
    assert found.values[:, 0, 0, 0] == pytest.approx(check.values[0], abs=1e-10)
    assert found.margin[0, 0, 0] == pytest.approx(check.worst.slack, abs=1e-10)


def test_refusal_has_a_name():
    assert REFUSE == "refuse to pay"
