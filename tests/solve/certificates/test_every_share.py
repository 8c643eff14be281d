"""Proofs for every share: toy models with closed forms, and random pacts against the search in doubles."""

import math
from contextlib import suppress
from random import Random

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from negotiation.errors import InputError
from negotiation.games import Automaton, Monitoring, StageGame
from negotiation.games.pact import Enclosures, FineGrid, Pact
from negotiation.solve.automata.one_shot_deviations import automaton_values
from negotiation.solve.certificates import every_share
from negotiation.solve.certificates.every_share import every_share_certificate, every_share_proof
from negotiation.solve.regimes.analysis import analyse_regimes
from negotiation.solve.regimes.kinds import regime_kinds, trigger_automaton
from negotiation.solve.regimes.withheld_shares import best_share
from negotiation.trade.files.load import load_scenario
from negotiation.trade.game.build import build_pact

TOLERANCE = 1e-9


def toy(benefit, cost, told, jump, kappa, prescribed=0.0):
    """Return pact, automaton and charges of one month: x pays benefit x - cost x^2, less `jump` above 1/2.

    The low signal comes with chance .1 + told x and costs kappa, so that F = (benefit - told kappa) x - cost x^2 where
    nothing is prescribed.
    """

    def payoff(x):
        return np.array([benefit * x - cost * x * x - jump * (x > 0.5)])

    def model(levels, elsewhere):
        low = 0.1 + told * levels + 0 * elsewhere
        return payoff(levels), np.stack([low, 1 - low], axis=1)

    def enclosure(low, high):
        def near(values):
            return np.stack([values - 1e-15, values + 1e-15], axis=-1)

        above = (low + high > 1) & (high > 0.5)
        ends = np.stack([low, high], axis=1)
        slopes = np.stack([benefit - 2 * cost * high - 1e-14, benefit - 2 * cost * low + 1e-14], axis=-1)
        values = benefit * ends - cost * ends**2 - jump * above[:, None]
        flat = np.full((len(low), 1), told)
        return Enclosures(near(values)[:, :, None], near(0.1 + told * ends)[:, :, None], slopes[:, None], near(flat))

    shares = np.array([prescribed, 0.9])
    own, chances = model(shares, np.zeros(2))
    stage = StageGame(("row", "column"), (("keep",), ("none", "some")), np.stack([np.zeros((1, 2)), own]), "money")
    monitoring = Monitoring(("low", "high"), chances[None], observed=(0,))
    grid = np.linspace(0, 1, 11)
    fine = FineGrid(grid, *model(grid, np.zeros(11)), np.zeros(11), model, (0.0, 0.5), enclosure)
    pact = Pact(stage, monitoring, 0.5, (0, 0), (0, 0), ("low",), ("low", "high"), fine=fine)
    adjustments = np.zeros((1, 2, 1, 2))
    adjustments[0, 1] = -kappa * chances[:, 0]
    automaton = Automaton(("standing",), np.array([[0, 0]]), np.ones((1, 2, 1)), np.array([[0, -1]]), adjustments)
    return pact, automaton, np.array([[kappa, 0.0]])


@pytest.mark.parametrize("seed", range(40))
def test_toy_models_have_the_answer_of_the_closed_form(seed):
    rng = Random(seed)
    benefit, cost, told = rng.uniform(0.1, 2), rng.uniform(0.2, 4), rng.uniform(0.05, 0.8)
    jump, kappa = rng.choice([0.0, -0.4, 0.3]), rng.choice([rng.uniform(0, 4), benefit / told])
    pact, automaton, charges = toy(benefit, cost, told, jump, kappa)
    slope = benefit - told * kappa

    def gain(x):
        return slope * x - cost * x * x - jump * (x > 0.5)

    lower = min(max(slope / (2 * cost), 0), 0.5)
    upper = min(max(slope / (2 * cost), 0.5 + 1e-9), 1)
    best = max((lower, upper), key=gain)
    proof, data, verdict = every_share_certificate(pact, automaton, charges)
    (state,) = proof.states
    assert verdict.holds is proof.holds is (gain(best) <= TOLERANCE), verdict
    assert state.bound >= gain(best) - 1e-12
    if not proof.holds:
        assert (state.answer, state.prescribed) == ("broken", False)
        assert state.gain == pytest.approx(gain(best), abs=1e-9)
        assert state.share == pytest.approx(best, abs=1e-4)
        assert f"column withholding {state.share:.6g} " in verdict.failure
    assert len(data["pieces"]) == 3


def test_a_knife_edge_is_proven_to_the_tolerance_only():
    """At kappa = benefit / told a share x gains -cost x^2: the largest gain, 0, is that of what is prescribed."""
    pact, automaton, charges = toy(0.5, 1.0, 0.25, 0.0, 2.0)
    proof = every_share_proof(pact, automaton, charges)
    assert proof.holds
    assert 0 <= proof.states[0].bound <= TOLERANCE
    assert proof.states[0].prescribed
    assert every_share_proof(pact, automaton, charges - [[1e-3, 0]]).holds is False


def test_too_few_cells_leave_it_open(monkeypatch):
    pact, automaton, charges = toy(0.6, 1.0, 0.25, 0.0, 0.0, prescribed=0.3)
    assert every_share_proof(pact, automaton, charges).holds
    monkeypatch.setattr(every_share, "MOST_CELLS", 12)
    proof, _, verdict = every_share_certificate(pact, automaton, charges)
    assert (proof.holds, proof.states[0].answer, verdict.holds) == (None, "open", False)
    assert proof.states[0].bound > TOLERANCE
    assert "is not shown to gain at most" in verdict.failure


def random_pact(scenario, rng):
    """Return a pact of the default scenario with numbers from their ranges, often with China's best share as war."""
    changes = {"monitoring.verification": rng.choice([0.0, rng.uniform(0, 0.9)])}
    for path in ("leverage", "leverage_scale", "forgone_revenue", "convex_cost", "embargo_cost", "embargo_threshold"):
        changes[f"minerals.{path}"] = None
    for path in ("delay_probability", "delay_min", "delay_max", "noise"):
        changes[f"monitoring.{path}"] = None
    changes["patience.expected_life_months"] = None
    for path, value in changes.items():
        parameter = scenario.parameters[path]
        drawn = rng.uniform(parameter.low, parameter.high) if value is None else value
        scenario = scenario.set(path, drawn)
    pact = build_pact(scenario)
    if rng.random() < 0.9:

        def loss(x):
            return -pact.fine.model(np.array([x]), np.zeros(1))[0][0, 0]

        highest = scenario.value("minerals.embargo_threshold")
        inner = minimize_scalar(loss, bounds=(0.15, highest), method="bounded", options={"xatol": 1e-12}).x
        pact = build_pact(scenario.set("actions.china.slow_walk.withheld", min(float(inner), highest, key=loss)))
    return pact.replace(pledges=pact.pledges.replace(column_audience_cost=rng.choice([0.0, rng.uniform(0, 0.4)])))


def random_regime(pact, rng):
    kind = rng.choice([kind for kind in regime_kinds(pact) if kind.form == "trigger"])
    mask = pact.mask(tuple(name for name in pact.eligible if rng.random() < 0.6) or pact.trigger)
    if rng.random() < 0.7:
        mask = pact.mask(pact.trigger)
    length = rng.choice([2, 3, 5, 8, math.inf])
    automaton = trigger_automaton(pact, kind, mask, length)
    charges = np.zeros((automaton.n_states, len(mask)))
    charges[0] = pact.pledges.column_audience_cost * mask
    return automaton, charges


@pytest.mark.parametrize("chunk", range(4))
def test_random_pacts_have_the_answer_of_the_search_in_doubles(default_scenario, chunk):
    """Proven exactly where the search finds no gain above the tolerance, but for what it cannot tell: 1e-10."""
    rng, seen = Random(chunk), []
    for number in range(60):
        pact = random_pact(default_scenario, rng)
        automaton, charges = random_regime(pact, rng)
        values = automaton_values(pact.stage, pact.monitoring, pact.discount, automaton)
        found = best_share(pact, automaton, values, charges)
        proof, _, verdict = every_share_certificate(pact, automaton, charges)
        assert verdict.holds is (proof.holds is True), (number, verdict)
        if abs(found.gain - TOLERANCE) < 1e-10:
            continue
        seen.append(proof.holds)
        assert proof.holds is (found.gain < TOLERANCE), (number, found, proof)
        if found.gain > 1e-6:
            assert proof.binding.gain == pytest.approx(found.gain, abs=1e-6), (number, found, proof)
        assert max(state.bound for state in proof.states) >= found.gain - 1e-9
    assert min(seen.count(True), seen.count(False)) >= 10


EXTREMES = {
    "monitoring.noise": (1e-6, 1e-3, 1, 5, 50),
    "monitoring.delay_min": (0, 0.5),
    "monitoring.delay_max": (1, 0.150001, 0.96),
    "monitoring.delay_probability": (0, 1, 1e-9),
    "monitoring.verification": (1, 1e-9, 0.5),
    "minerals.leverage": (1e-9, 50, 1e6),
    "minerals.leverage_scale": (1e-6, 1e-3, 10, 1e4),
    "minerals.forgone_revenue": (0, 1e3),
    "minerals.convex_cost": (0, 1e5),
    "minerals.embargo_cost": (0, 1e9),
    "minerals.embargo_threshold": (0, 1e-6, 0.999999, 1),
    "tariffs.china.demand_elasticity": (1.0, 0.01, 50),
    "tariffs.us.import_value": (1e9, 1e-6),
    "patience.expected_life_months": (1.5, 1e6),
}


def test_extreme_numbers_leave_nothing_open(default_scenario):
    rng, answers = Random(1), []
    start = default_scenario.set("china_choice", 1).replace(punishment=())
    while len(answers) < 80:
        scenario = start
        for path in rng.sample(sorted(EXTREMES), rng.randint(1, 4)):
            with suppress(InputError):
                scenario = scenario.set(path, rng.choice(EXTREMES[path]))
        try:
            pact = build_pact(scenario)
        except InputError:
            continue
        automaton, charges = random_regime(pact, rng)
        proof, _, verdict = every_share_certificate(pact, automaton, charges)
        assert verdict.holds is proof.holds, (scenario.changes, verdict)
        assert proof.cells < 500
        answers.append(proof.holds)
    assert min(answers.count(True), answers.count(False)) > 10


def test_regimes_of_every_outcome_have_certificates_that_say_what_the_proof_says(default_scenario):
    answers = set()
    for call in default_scenario.calls:
        pact = build_pact(default_scenario.after(call.changes))
        for regime in analyse_regimes(pact, best_sets=False):
            charges = np.zeros((regime.automaton.n_states, pact.monitoring.n_signals))
            if tuple(regime.automaton.actions[0]) == pact.deal:
                charges[0] = (pact.pledges.column_audience_cost + regime.payment) * pact.mask(pact.trigger)
            proof, _, verdict = every_share_certificate(pact, regime.automaton, charges, 1e-6)
            assert verdict.holds is (proof.holds is True), (call.name, regime.key, verdict)
            assert "charges" not in verdict.failure
            assert proof.holds is not None
            assert proof.holds is not regime.share.pays or abs(regime.share.gain - 1e-6) < 1e-9
            answers.add(proof.states[0].answer)
    assert answers == {"proven", "broken"}


def test_nothing_is_proven_without_enclosures():
    pact = build_pact(load_scenario("two-figures-2025"))
    (first, *_) = analyse_regimes(pact, best_sets=False)
    charges = np.zeros((first.automaton.n_states, pact.monitoring.n_signals))
    assert every_share_proof(pact, first.automaton, charges) is None
    assert every_share_certificate(pact.replace(fine=None), first.automaton, charges) is None
