"""What the call must deliver: closed forms, one-shot deviations of every package, and a little less that breaks it."""

import numpy as np
import pytest

from negotiation._values import FrozenMap
from negotiation.calls.agreement.automaton import package_automaton, package_slack
from negotiation.calls.agreement.certificates import (
    deal_is_playable,
    holds_exactly,
    prove_requirements,
)
from negotiation.calls.agreement.instruments import (
    AUDIENCE,
    COMMITMENT,
    COMPENSATION,
    INSTRUMENTS,
    PATIENCE,
    SIDE,
    VERIFICATION,
    agreement_problem,
    punishments,
)
from negotiation.calls.agreement.packages import (
    blocking_constraints,
    cheapest_package,
    feasible_package,
    least_package,
    worst_package,
)
from negotiation.calls.agreement.requirements import closed_form as formula
from negotiation.calls.agreement.requirements import requirements
from negotiation.calls.agreement.text import requirements_sentence
from negotiation.errors import InputError
from negotiation.solve.automata.one_shot_deviations import automaton_values
from negotiation.solve.public.enforceability import Answer
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import regime_values
from negotiation.trade.parameters.changes import Change
from tests.stored import frozen

LIFE = 1 / (1 - 0.75 / 0.995)  # months of life at which the discount factor is .75
NINETY = 1 / (1 - 0.9 / 0.995)


def perturbed(problem, package, share):
    """Return the smallest slack when a little less of each delivered instrument is on offer, all else held.

    share: how much is taken off what is delivered beyond the present. A negative slack says that the deal breaks.
    """
    present, amounts = problem.present, package.amounts
    answer = {}
    for key, amount in package.used(problem).items():
        less = {**amounts, key: amount - share * (amount - present[key])}
        answer[key] = package_slack(problem, package, less)
    return answer


def changed(scenario, **numbers):
    paths = {
        "delay": "monitoring.delay_probability",
        "life": "patience.expected_life_months",
        "lam": "minerals.leverage",
    }
    return scenario.after([Change(paths[name], "set", value) for name, value in numbers.items()])


@pytest.fixture(scope="module")
def fragile(default_scenario):
    return changed(default_scenario, delay=0.4, life=LIFE)


@pytest.fixture(scope="module")
def answer(fragile):
    return requirements(fragile)


def test_closed_forms_of_audience_cost_and_side_payment(closed_form, fragile):
    problem = agreement_problem(fragile)
    pact = problem.pact({})
    for name, key in (("audience", AUDIENCE), ("side", SIDE)):
        expected, _, _ = closed_form(f"call_must_deliver_{name}_noisy_fragile")
        assert formula(key, pact) == pytest.approx(expected, abs=1e-6)
    expected, _, _ = closed_form("call_must_deliver_audience_noisy_fragile")
    assert least_package(problem, AUDIENCE).amounts[AUDIENCE] == pytest.approx(expected, abs=1e-6)


# the table of the model: scenario -> (delta_C, audience cost, side payment, verification)
PRINTED = {
    (0.4, NINETY, 0.68): (0.908, 0.063, 0.007, 0.014),
    (0.4, LIFE, 0.68): (0.908, 0.522, 0.174, 0.351),
    (0.2, NINETY, 0.9): (0.977, 0.634, 0.070, 0.368),
    (0.2, NINETY, 0.68): (0.701, 0.0, 0.0, 0.0),
}


@pytest.mark.parametrize("case", PRINTED)
def test_printed_table(default_scenario, case):
    delay, life, lam = case
    problem = agreement_problem(changed(default_scenario, delay=delay, life=life, lam=lam))
    pact = problem.pact({})
    patience, audience, side, verified = PRINTED[case]
    assert formula(PATIENCE, pact) == pytest.approx(patience, abs=6e-4)
    assert formula(AUDIENCE, pact) == pytest.approx(audience, abs=6e-4)
    assert formula(SIDE, pact) == pytest.approx(side, abs=6e-4)
    assert least_package(problem, AUDIENCE).amounts[AUDIENCE] == pytest.approx(audience, abs=6e-4)
    assert least_package(problem, VERIFICATION).amounts[VERIFICATION] == pytest.approx(verified, abs=6e-4)
    assert least_package(problem, PATIENCE).amounts[PATIENCE] == pytest.approx(
        max(patience, 1 - 1 / life) if audience else 0.9, abs=6e-3
    )


def random_scenarios(default_scenario, count, seed=4):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield default_scenario.after(
            [
                Change("monitoring.delay_probability", "set", float(rng.uniform(0.1, 0.45))),
                Change("patience.expected_life_months", "set", float(rng.uniform(2.5, 9.0))),
                Change("minerals.leverage", "set", float(rng.uniform(0.5, 0.95))),
                Change("minerals.dependent_output", "set", float(rng.uniform(18.0, 50.0))),
            ]
        )


def test_every_least_amount_holds_and_a_little_less_does_not(default_scenario):
    """State by state in an automaton that the programme never sees; and no other package with 1 % less exists."""
    found = 0
    known = [{"delay": 0.4, "life": LIFE}, {"delay": 0.4}, {"lam": 0.9}]
    scenarios = [changed(default_scenario, **numbers) for numbers in known]
    for scenario in [*scenarios, *random_scenarios(default_scenario, 2)]:
        problem = agreement_problem(scenario)
        if feasible_package(problem, problem.present) is not None:
            continue
        for key in problem.instruments:
            package = least_package(problem, key)
            if package is None:
                continue
            found += 1
            assert package_slack(problem, package) >= -1e-9
            pact = problem.pact(package.amounts)
            played = package_automaton(problem, package)
            values = automaton_values(pact.stage, pact.monitoring, pact.discount, played)[0]
            assert values == pytest.approx(np.array(package.values) + pact.stage.payoff(pact.deal), abs=1e-8)
            assert all(slack < 0 for slack in perturbed(problem, package, 0.01).values())
            present = problem.present[key]
            less = {**problem.present, key: present + 0.99 * (package.amounts[key] - present)}
            assert feasible_package(problem, less) is None
    assert found >= 8


def test_the_cheapest_package_breaks_with_a_little_less_of_anything(default_scenario):
    for scenario in [default_scenario, *random_scenarios(default_scenario, 3, seed=9)]:
        problem = agreement_problem(scenario)
        package = cheapest_package(problem)
        assert package is not None
        assert package_slack(problem, package) >= -1e-9
        slacks = perturbed(problem, package, 0.01)
        assert set(slacks) == set(package.used(problem))
        assert all(slack < 0 for slack in slacks.values())


def test_no_package_on_a_grid_is_cheaper(fragile):
    problem = agreement_problem(fragile)
    package = cheapest_package(problem)
    rng = np.random.default_rng(1)
    tried = 0
    for _ in range(60):
        amounts = {item.key: float(rng.uniform(item.present, item.cap)) for item in problem.instruments.values()}
        amounts |= {key: problem.present[key] for key in rng.choice(list(INSTRUMENTS), 3, replace=False)}
        other = feasible_package(problem, amounts)
        if other is not None:
            tried += 1
            assert other.cost >= package.cost - 1e-6
    assert tried > 8


def test_frontiers(answer):
    pairs = {(pair.first, pair.second): pair for pair in answer.pairs}
    assert len(pairs) == 15
    points = pairs[VERIFICATION, AUDIENCE].points
    assert points[0][1] == pytest.approx(0.5215332188, abs=1e-5)
    assert points[-1][1] == pytest.approx(0.0, abs=1e-6)
    amounts = [y for _, y in points]
    assert amounts == sorted(amounts, reverse=True)
    for x, y in points:
        package = feasible_package(answer.problem, {**answer.problem.present, VERIFICATION: x, AUDIENCE: y + 1e-7})
        assert package is not None
        assert package_slack(answer.problem, package) >= -1e-9
        if y > 1e-3:
            assert (
                feasible_package(answer.problem, {**answer.problem.present, VERIFICATION: x, AUDIENCE: y - 1e-3})
                is None
            )
    assert any(y is not None for _, y in pairs[SIDE, COMMITMENT].points)


def test_named_regimes_need_what_they_need(answer):
    problem = answer.problem
    kinds = {kind.key: kind for kind in regime_kinds(problem.pact({}))}

    def room(regime, amounts):
        pact = problem.pact(amounts)
        return regime_values(pact_arrays(pact, pact.mask(pact.trigger)[None, :]), kinds[regime]).margin.max()

    tested = 0
    for need in answer.needs:
        clause = {COMPENSATION: problem.instruments[COMPENSATION].cap} if need.regime == "compensation" else {}
        assert not need.holds_now
        for key, amount in need.amounts.items():
            if amount is not None:
                tested += 1
                present = problem.present[key]
                assert room(need.regime, {**clause, key: amount}) >= -1e-10
                assert room(need.regime, {**clause, key: present + 0.99 * (amount - present)}) < 0
    assert tested >= 8


def test_vetoes(answer):
    assert [veto.player for veto in answer.vetoes] == ["us", "china"]
    for veto in answer.vetoes:
        assert package_slack(answer.problem, veto.package) >= -1e-9
        assert veto.value >= veto.punishment - 1e-9
        assert veto.package.binding
    # no random package that both sign gives either less than its worst
    problem = answer.problem
    rng = np.random.default_rng(3)
    for _ in range(40):
        amounts = {item.key: float(rng.uniform(item.present, item.cap)) for item in problem.instruments.values()}
        amounts |= {VERIFICATION: problem.present[VERIFICATION], PATIENCE: problem.present[PATIENCE]}
        package = feasible_package(problem, amounts)
        if package is not None and all(package.values[i] >= answer.vetoes[i].punishment for i in (0, 1)):
            assert all(package.values[i] >= answer.vetoes[i].value - 1e-9 for i in (0, 1))


def test_what_blocks_is_what_would_have_to_give():
    scenario = frozen("gallium-germanium")
    found = requirements(scenario, pairs=False)
    assert found.together is None
    assert all(item.package is None for item in found.alone)
    by = min(by for _, name, by in found.block if name == f"cap on {COMMITMENT}")
    cap = found.problem.instruments[COMMITMENT].cap
    assert by > 0.1
    assert cheapest_package(agreement_problem(scenario, {COMMITMENT: cap + by + 1e-6})) is not None
    assert cheapest_package(agreement_problem(scenario, {COMMITMENT: cap + 0.98 * by})) is None
    assert "nothing within the caps" in requirements_sentence(found)


def test_war_that_is_no_equilibrium_cannot_be_threatened(default_scenario):
    weak = default_scenario.after([Change("politics.us.preferred_tariff", "set", 0.5)])
    problem = agreement_problem(weak)
    assert punishments(problem.pact({})) == ()
    assert cheapest_package(problem) is None
    assert blocking_constraints(problem) == ()
    assert worst_package(problem, 0) is None
    assert "no single constraint is to blame" in requirements_sentence(requirements(weak, pairs=False))


def test_nothing_is_needed_where_the_deal_holds(default_scenario):
    found = requirements(default_scenario)
    assert found.now is not None
    assert all(item.amount == item.instrument.present for item in found.alone)
    assert found.pairs == ()
    assert all(need.holds_now for need in found.needs)
    assert found.together.cost < found.now.cost
    assert "nothing new" in requirements_sentence(found)


def test_prices_and_caps_matter(fragile):
    base = cheapest_package(agreement_problem(fragile))
    no_payment = cheapest_package(agreement_problem(fragile, {COMPENSATION: 0.0}))
    assert no_payment.amounts[COMPENSATION] == 0
    assert no_payment.cost > base.cost
    dear = cheapest_package(agreement_problem(fragile, prices={VERIFICATION: 10.0}))
    assert dear.amounts[VERIFICATION] < base.amounts[VERIFICATION]


def test_own_payoffs_have_no_verification():
    found = requirements(frozen("textbook"))
    assert VERIFICATION not in found.problem.instruments
    assert found.now is not None


def test_certificates(fragile):
    """Keep/license is playable in month one from a discount factor about .395 to .41 on at the default delays."""
    problem = agreement_problem(fragile)
    package = least_package(problem, AUDIENCE)
    found = prove_requirements(problem, package)
    assert found.present is Answer.PROVEN_YES
    assert found.package is True
    assert found.worst_slack >= -1e-9
    assert 0.35 < found.least_patience.no < found.least_patience.yes < 0.5
    assert deal_is_playable(problem, {PATIENCE: found.least_patience.no}) is Answer.PROVEN_NO
    assert "not enough at" in found.least_patience.words()
    assert "Proven by bisection" in found.least_patience.how
    assert [item.yes for item in found.instruments] == [0.0] * 4


def test_least_patience_in_any_equilibrium(default_scenario):
    problem = agreement_problem(default_scenario)
    assert deal_is_playable(problem, {PATIENCE: 0.39}) is Answer.PROVEN_NO
    assert deal_is_playable(problem, {PATIENCE: 0.42}) is Answer.PROVEN_YES
    found = prove_requirements(
        agreement_problem(default_scenario.after([Change("patience.expected_life_months", "set", 1.6)])), None
    )
    assert found.present is Answer.PROVEN_NO
    by_key = {item.instrument: item for item in found.instruments}
    assert 0.2 < by_key[SIDE].no < by_key[SIDE].yes < 0.4
    assert by_key[AUDIENCE].yes is None
    # what does not enforce the deal is not confirmed
    package = least_package(agreement_problem(changed(default_scenario, delay=0.4)), AUDIENCE)
    short = package.replace(amounts=FrozenMap({**package.amounts, AUDIENCE: 0.9 * package.amounts[AUDIENCE]}))
    assert holds_exactly(agreement_problem(changed(default_scenario, delay=0.4)), short) is False


@pytest.mark.parametrize(
    ("caps", "words"),
    [
        ({"verificaton": 0.5}, "did you mean 'verification'"),
        ({AUDIENCE: -0.1}, "audience_cost: a cap must be at least 0"),
        ({VERIFICATION: 1.5}, "the cap is a probability"),
        ({PATIENCE: 1.0}, "discount factor between 0 and 1"),
        ({PATIENCE: 0.5}, "below the present amount"),
        ({SIDE: float("inf")}, "a cap must be at least 0"),
    ],
)
def test_bad_caps(default_scenario, caps, words):
    with pytest.raises(InputError) as error:
        agreement_problem(default_scenario, caps)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_bad_prices_and_instruments(default_scenario):
    with pytest.raises(InputError, match="a price must be at least 0"):
        agreement_problem(default_scenario, prices={SIDE: -1.0})
    with pytest.raises(InputError, match="no such instrument"):
        agreement_problem(default_scenario, prices={"tanks": 1.0})
