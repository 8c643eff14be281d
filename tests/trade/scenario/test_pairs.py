"""One of two: leverage or its multiple of the damage, preferred tariff or revenue weight; the other one follows."""

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from negotiation.calls.notices import all_notices
from negotiation.calls.outcomes.batch import analyse_points, plain_fault
from negotiation.calls.outcomes.break_even import break_even
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.errors import InputError
from negotiation.solve.regimes.batch import REGIME_KEYS
from negotiation.studies.design import sample_of_draws
from negotiation.studies.file import load_study
from negotiation.studies.study import Axis, Study
from negotiation.trade.economics.markets import ImportMarket
from negotiation.trade.files.load import load_scenario
from negotiation.trade.files.write import scenario_toml
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from negotiation.trade.scenario.plausible_ranges import plausible_ranges
from tests.stored import STORED, frozen

LEVERAGE, KAPPA = "minerals.leverage", "minerals.leverage_per_damage"
TARIFF, WEIGHT = "politics.us.preferred_tariff", "politics.us.revenue_weight"
DAMAGE = [
    f"minerals.{name}" for name in ("dependent_output", "weight", "substitution", "china_share", "security_premium")
]
MARKET = ["tariffs.us.demand_elasticity", "tariffs.us.inverse_supply_elasticity"]
GIVEN = {"leverage and tariff": (), "kappa": (f"{KAPPA}*=1",), "both": (f"{KAPPA}*=1", f"{WEIGHT}*=1")}


@pytest.fixture(scope="module")
def scenario():
    return frozen("rollback-2025")


@pytest.fixture(scope="module")
def tied(scenario):
    """The frozen scenario with kappa such that leverage is what it was."""
    return scenario.after(f"{KAPPA}*=1")


def damage(v, beta, sigma, chi, nu, x=0.4):
    r = (sigma - 1) / sigma
    return (1 + nu) * v * (1 - (1 - beta + beta * (1 - chi * x) ** r) ** (1 / r))


def random_changes(scenario, rng, paths):
    ranges = plausible_ranges(scenario)
    return [Change(path, "set", float(rng.uniform(*ranges[path]))) for path in paths]


@pytest.mark.parametrize(("elasticity", "weight"), [(1.3, 0.684), (2, 5 / 3), (2.5, 25 / 7), (3, 15)])
def test_the_weight_on_revenue_and_the_way_back(scenario, elasticity, weight):
    """lambda / (1 + lambda) = eps (1 - 1.1 / 1.6) at t* = .60: .68, 1.67, 3.57 and 15."""
    steep = scenario.set("tariffs.us.demand_elasticity", elasticity)
    assert steep[WEIGHT] == pytest.approx(weight, abs=3e-4)
    back = steep.set(WEIGHT, steep[WEIGHT])
    assert TARIFF not in back.parameters
    assert back[TARIFF] == pytest.approx(0.6, abs=1e-12)
    assert build_pact(back).stage.payoffs == pytest.approx(build_pact(steep).stage.payoffs, abs=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_the_tariff_that_follows_is_the_best_one(seed):
    rng = np.random.default_rng(seed)
    weight, omega = rng.uniform(0, 2), rng.uniform(0.03, 0.3)
    market = ImportMarket(25.0, 0.47, weight / (1 + weight) + rng.uniform(0.4, 2.5), omega, 0.2)
    best = float(market.preferred_rate(weight))

    def loss(rate):
        t = np.array([rate])
        return -float(market.buyers_surplus(t)[0] + (1 + weight) * market.revenue(t)[0])

    found = minimize_scalar(loss, bounds=(0, 3 * best + 1), method="bounded", options={"xatol": 1e-9})
    assert found.x == pytest.approx(best, rel=1e-4)
    assert float(market.revenue_weight(best)) == pytest.approx(weight, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_tied_leverage_is_kappa_times_the_damage_of_forty_per_cent(scenario, tied, seed):
    rng = np.random.default_rng(seed)
    kappa = 0.68 / damage(*(scenario[path] for path in DAMAGE))
    changes = random_changes(scenario, rng, [*DAMAGE, "actions.china.slow_walk.withheld"])
    moved = tied.after(changes)
    assert moved[KAPPA] == pytest.approx(kappa, rel=1e-12)
    assert moved[LEVERAGE] == pytest.approx(kappa * damage(*(moved[path] for path in DAMAGE)), rel=1e-10)
    alike = scenario.after(changes, Change.of(LEVERAGE, moved[LEVERAGE]))
    assert (build_pact(alike).stage.payoffs == build_pact(moved).stage.payoffs).all()


@pytest.mark.parametrize(("any_share", "joint"), [(False, -0.091), (True, -0.103)])
def test_less_dependence_leaves_less_leverage(tied, any_share, joint):
    """A referee's numbers: with China's share at .56 the deal holds with one month, at .80 it does not hold."""
    base = tied.replace(punishment=()).after("china_choice=any share") if any_share else tied
    low, high = (base.set("minerals.china_share", share) for share in (0.56, 0.80))
    outcome = analyse_outcome(low, low.call("no_call"), best_sets=False)
    assert (outcome.holds, outcome.selected.length) == (True, 1)
    assert outcome.joint == pytest.approx(joint, abs=6e-4)
    assert not analyse_outcome(high, high.call("no_call"), best_sets=False).holds


@pytest.mark.parametrize(("one", "other"), [(LEVERAGE, KAPPA), (TARIFF, WEIGHT)])
def test_setting_one_unties_the_other(scenario, one, other):
    switched = scenario.after(f"{other}*=1.1")
    assert other in switched.parameters
    assert one not in switched.parameters
    assert switched.parameter(one).unit == scenario.parameter(one).unit
    (notice,) = (text for text in all_notices(switched) if one in text)
    assert notice == switched.changes[-1].notice
    assert f"{one} follows from {other} now (tied: " in notice
    back = switched.after(f"{one}*=1.01")
    assert (one in back.parameters, other in back.parameters) == (True, False)
    assert back[one] == pytest.approx(1.01 * switched[one], rel=1e-12)
    assert f"{one} is given itself and no longer follows from {other}" in back.changes[-1].notice
    twice = back.after(f"{one}*=0.9", f"{other}*=2", f"{one}*=1.1")
    for each in (switched, back, twice):
        assert each.without_changes() == scenario
    assert not [text for text in all_notices(scenario) if one in text]


def test_the_range_is_tied_too(scenario, tied):
    """The ends of the range of leverage follow from those of kappa, and a value outside is told of when it is set."""
    parameter = tied.parameter(LEVERAGE)
    assert (parameter.low, parameter.high) == pytest.approx((0.2, 0.9), rel=1e-12)
    assert "outside its plausible range 0.2 to 0.9" in tied.set(LEVERAGE, 1.0).changes[-1].notice
    assert tied.listed[LEVERAGE] == parameter
    assert set(tied.listed) == {*scenario.listed, KAPPA}
    assert scenario.listed == scenario.parameters
    assert tied.origin_of(LEVERAGE) == "tied: kappa x D(.40)"


@pytest.mark.parametrize(
    "changes", [(), (f"{KAPPA}*=1",), (f"{KAPPA}*=1.1", f"{LEVERAGE}=.7", f"{WEIGHT}=1.5", f"{KAPPA}=1")]
)
def test_written_out_it_loads_back_equal(scenario, changes, tmp_path):
    changed = scenario.after(changes)
    path = tmp_path / "again.toml"
    path.write_text(scenario_toml(changed), encoding="utf-8")
    assert load_scenario(path) == changed
    assert load_scenario(path).without_changes() == scenario


@pytest.mark.parametrize("given", GIVEN)
def test_columns_are_the_plain_path(scenario, given):
    """At random points, whichever of a pair is given, varies, or is set, added to or scaled by a call, in any order."""
    rng = np.random.default_rng(len(given))
    base, free = scenario.after(GIVEN[given]), [*DAMAGE, *MARKET]
    ranges = {**plausible_ranges(scenario), KAPPA: (0.3, 1.4), WEIGHT: (0.3, 4.0)}
    for _ in range(60):
        pair = [path for path in (rng.choice([LEVERAGE, KAPPA]), rng.choice([TARIFF, WEIGHT])) if rng.random() < 0.6]
        varied = [*rng.choice(free, 3, replace=False), *pair]
        numbers = np.array([[rng.uniform(*ranges[path]) for path in varied] for _ in range(4)])
        points = ParameterColumns.of(base, varied, numbers)
        changes = []
        for path in rng.choice([*free, LEVERAGE, KAPPA, TARIFF, WEIGHT], 4):
            low, high = {"set": ranges[path], "scale": (0.9, 1.1), "add": (0.0, 0.02)}[
                op := str(rng.choice(["set", "scale", "add"]))
            ]
            changes.append(Change(str(path), op, float(rng.uniform(low, high))))
        try:
            after = points.after(changes)
        except InputError:
            continue  # illegal by itself
        for n in range(4):
            try:
                plain = base.after(points.changes_at(n), changes)
            except InputError:
                assert not after.legal[n]
                continue
            assert after.legal[n]
            for path in (*free, LEVERAGE, KAPPA, TARIFF, WEIGHT):
                column = np.broadcast_to(after.value(path), (4, 1))
                assert column[n, 0] == pytest.approx(plain.value(path), rel=1e-9)


def test_studies_over_either_of_a_pair(scenario, tied):
    numbers = np.array([[0.5, 0.6], [0.68, 0.7], [0.9, 0.8]])
    for path, base in ((LEVERAGE, tied), (KAPPA, scenario)):
        points = ParameterColumns.of(base, [path, "minerals.china_share"], numbers)
        for call in base.calls:
            fast = analyse_points(call, points)
            for n in range(3):
                outcome = analyse_outcome(base.after(points.changes_at(n)), call, best_sets=False)
                column = REGIME_KEYS.index(outcome.selected.key)
                assert fast.regimes.margin[n, column] == pytest.approx(outcome.selected.margin, abs=1e-9)
                assert fast.holds[n] == outcome.holds
    weights = ParameterColumns.of(scenario, [WEIGHT], np.array([[1.0], [5.0]])).after(
        [Change.parse("tariffs.us.demand_elasticity=0.6")]
    )
    assert weights.legal.tolist() == [True, False]
    fault = plain_fault(
        scenario.call("no_call").replace(changes=(Change.parse("tariffs.us.demand_elasticity=0.6"),)),
        ParameterColumns.of(scenario, [WEIGHT], np.array([[5.0]])),
        0,
    )
    assert "gives no preferred tariff" in fault


def test_the_two_of_a_pair_are_one_number_to_a_study(scenario, tied, tmp_path):
    axes = [Axis(path, [0.5, 0.6]) for path in (LEVERAGE, KAPPA)]
    with pytest.raises(InputError, match="varied twice"):
        Study("s", scenario, axes=tuple(axes))
    text = f'format = 1\nscenario = "frozen.toml"\nset = ["{LEVERAGE}=0.7"]\n[[vary]]\n'
    text += f'path = "{KAPPA}"\nvalues = [0.5, 0.6]\n'
    write(tmp_path, "frozen.toml", "")
    with pytest.raises(InputError, match="is set and varied"):
        load_study(str(write(tmp_path, "study.toml", text, "")))
    assert sample_of_draws({LEVERAGE: np.array([0.5])}, tied).paths == (LEVERAGE,)
    call = tied.call("no_call").replace(changes=(Change.parse(f"{KAPPA}=1"), Change.parse("monitoring.noise=0.1")))
    assert [change.path for change in call.without([LEVERAGE]).changes] == ["monitoring.noise"]


def test_a_break_even_of_tied_leverage_is_that_of_leverage(scenario, tied):
    """.84, whichever is given; a call that sets kappa gives way to the value that is tried."""
    nearest = [
        break_even(base, analyse_outcome(base, base.call("no_call"), best_sets=False), LEVERAGE).nearest
        for base in (scenario, tied)
    ]
    assert nearest == pytest.approx([0.84, 0.84], abs=0.002)
    call = scenario.call("no_call").replace(changes=(Change.parse(f"{KAPPA}=1"),))
    assert break_even(scenario, analyse_outcome(scenario, call, best_sets=False), LEVERAGE).nearest == pytest.approx(
        nearest[0], abs=1e-4
    )


FROZEN = f'extends = "{(STORED / "frozen" / "rollback-2025.toml").as_posix()}"\n'


def write(folder: Path, name: str, text: str, base: str = FROZEN) -> Path:
    path = folder / name
    path.write_text(base + text, encoding="utf-8")
    return path


def test_files_tie_and_untie(tmp_path):
    ties = load_scenario(
        write(
            tmp_path,
            "tied.toml",
            "[minerals]\nleverage_per_damage = 1.0\nchina_share = 0.56\n[politics.us]\nrevenue_weight = 1.5\n",
        )
    )
    assert ties[LEVERAGE] == pytest.approx(damage(*(ties[path] for path in DAMAGE)), rel=1e-12)
    assert 1 + ties[TARIFF] == pytest.approx(1.1 / (1 - 0.6 / 2), rel=1e-12)
    assert len([text for text in all_notices(ties) if "now (tied: " in text]) == 2
    unties = load_scenario(write(tmp_path, "own.toml", "[minerals]\nleverage = 0.85\n", 'extends = "tied.toml"\n'))
    assert (unties[LEVERAGE], KAPPA in unties.parameters, WEIGHT in unties.parameters) == (0.85, False, True)
    assert unties.parameters[LEVERAGE].source == "judgement-own"
    assert f"{LEVERAGE} is given itself and no longer follows from {KAPPA}" in " ".join(all_notices(unties))
    for each in (ties, unties, ties.after("minerals.china_share=0", f"{KAPPA}=2")):
        assert load_scenario(write(tmp_path, "again.toml", scenario_toml(each), "")) == each


def test_a_file_that_extends_a_changed_one_may_give_the_other(tmp_path, scenario):
    write(tmp_path, "changed.toml", scenario_toml(scenario.after(f"{KAPPA}=1", f"{LEVERAGE}=0.9")), "")
    path = write(tmp_path, "mine.toml", "[minerals]\nleverage_per_damage = 0.9\n", 'extends = "changed.toml"\n')
    mine = load_scenario(path)
    assert (mine[KAPPA], mine.without_changes()[KAPPA] > 0) == (0.9, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[minerals]\nleverage = 0.7\nleverage_per_damage = 1.0", f"{KAPPA}: and {LEVERAGE} are both given"),
        ("[politics.us]\npreferred_tariff = 0.6\nrevenue_weight = 1.0", f"{WEIGHT}: and {TARIFF} are both given"),
        ("[minerals]\nleverage_per_damage = -1", "-1 is outside its domain"),
        ("[politics.us]\nrevenue_weight = -0.1", "-0.1 is outside its domain"),
        ("[politics.us]\nrevenue_weight = 3\n[tariffs.us]\ndemand_elasticity = 0.7", "gives no preferred tariff"),
        ("[minerals]\nleverage_per_damage = 1e15\ndependent_output = 1e10", f"gives {LEVERAGE} = "),
        ('[minerals.leverage_per_damage]\nvalue = 1\ninstead_of = "minerals.weight"', "that is no alternative"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(tmp_path, text, says):
    with pytest.raises(InputError) as caught:
        load_scenario(write(tmp_path, "bad.toml", text + "\n"))
    (problem,) = caught.value.problems
    assert says in problem.sentence()
    assert problem.line > 0


def test_a_faulty_alternative_is_not_said_to_be_missing(tmp_path):
    text = scenario_toml(frozen("rollback-2025").after(f"{KAPPA}=1").without_changes().after(f"{KAPPA}=1"))
    head, _, rest = text.partition(f"[{KAPPA}]\nvalue = 1.0")
    with pytest.raises(InputError) as caught:
        load_scenario(write(tmp_path, "bad.toml", f"{head}[{KAPPA}]\nvalue = -1.0{rest}", ""))
    assert [problem.path for problem in caught.value.problems] == [f"{KAPPA}.value"]
    gone = text.replace(f"[{KAPPA}]", "[minerals.leverage_scal]", 1)
    with pytest.raises(InputError, match=rf"or {KAPPA} instead"):
        load_scenario(write(tmp_path, "gone.toml", gone, ""))


def test_kappa_cannot_be_told_where_there_is_no_damage(scenario):
    none = scenario.set("minerals.china_share", 0.0)
    with pytest.raises(InputError, match=rf"{KAPPA}.*has no value that gives {LEVERAGE} = 0.68"):
        none.value(KAPPA)
    with pytest.raises(InputError, match="has no value"):
        none.after(f"{KAPPA}*=1")
    given = none.set(KAPPA, 1.0)
    assert (given[LEVERAGE], given.changes[-1].sentence().split()[1:4]) == (0, ["none", "→", "1"])
    assert given.without_changes() == none.without_changes() == scenario
    assert scenario.after(f"{KAPPA}=1", "minerals.china_share=0")[LEVERAGE] == 0
    with pytest.raises(InputError, match=rf"did you mean '{KAPPA}'"):
        scenario.value("minerals.leverage_per_damag")
