"""Scenarios as values: numbers at paths, changes, rules between parameters, knowledge at a date.

Defaults and closed forms come from the specification of the model: matrices, discount, dated figures.
"""

import pickle
import time

import numpy as np
import pytest

from negotiation._values import FrozenMap
from negotiation.errors import InputError
from negotiation.trade.economics.markets import ImportMarket, MineralUse
from negotiation.trade.files.load import check_as_of, embedded_scenarios, load_scenario
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.labels import bin_names
from negotiation.trade.parameters.parameter import Parameter, first_day, interval, last_day
from negotiation.trade.parameters.registry import UNITS, lookup, registry_order
from negotiation.trade.parameters.rules import faults
from tests.stored import frozen

DEFAULTS = {
    "tariffs.us.import_value": 25, "tariffs.us.demand_elasticity": 2, "tariffs.us.inverse_supply_elasticity": 0.10,
    "tariffs.us.exporter_adjustment_loss": 0.20, "actions.us.keep.tariff": 0.47, "actions.us.partial.tariff": 0.57,
    "actions.us.full.tariff": 0.81, "politics.us.preferred_tariff": 0.60, "tariffs.china.import_value": 8.4,
    "tariffs.china.base_rate": 0.32, "tariffs.china.embargo_rate": 0.56, "tariffs.china.demand_elasticity": 3,
    "tariffs.china.inverse_supply_elasticity": 0.15, "tariffs.china.exporter_adjustment_loss": 0.10,
    "actions.china.license.withheld": 0, "actions.china.slow_walk.withheld": 0.40,
    "actions.china.withhold.withheld": 0.90, "minerals.dependent_output": 30, "minerals.weight": 0.03,
    "minerals.substitution": 0.30, "minerals.china_share": 0.70, "minerals.security_premium": 0.5,
    "minerals.leverage": 0.68, "minerals.leverage_scale": 0.30, "minerals.forgone_revenue": 0.05,
    "minerals.convex_cost": 1.0, "minerals.embargo_cost": 0.5, "minerals.embargo_threshold": 0.5,
    "monitoring.delay_probability": 0.20, "monitoring.delay_min": 0.15, "monitoring.delay_max": 0.95,
    "monitoring.noise": 0.10, "monitoring.verification": 0, "monitoring.edges": (0.25, 0.5, 0.8, 0.9),
    "monitoring.trigger": 0.80, "patience.monthly_discount": 0.995, "patience.expected_life_months": 10.5,
    "patience.common_survival": 1 - 1 / 10.5, "pledges.us_audience_cost": 0, "pledges.china_audience_cost": 0,
    "pledges.side_payment": 0, "pledges.compensation_efficiency": 0.8, "pledges.compensation_cap": 1.0,
    "pledges.verification_cost": 0.02, "legal.snapback_survival": 1,
    "third_parties.eu.dependent_output": 28, "third_parties.eu.china_share": 0.80,
    "third_parties.eu.diversion_gain": 0.020, "third_parties.eu.deflection_loss": 0.050,
    "third_parties.eu.exposure": 1, "third_parties.india.dependent_output": 5,
    "third_parties.india.china_share": 0.85, "third_parties.india.diversion_gain": 0.015,
    "third_parties.india.deflection_loss": 0.004, "third_parties.india.exposure": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def default():
    return frozen("rollback-2025")


def change(*texts):
    return [Change.parse(text) for text in texts]


def test_defaults_of_the_model(default):
    assert {path: parameter.value for path, parameter in default.parameters.items()} == {"china_choice": 0, **DEFAULTS}


def test_frame_of_the_default(default):
    assert default.actions == (("keep", "partial", "full"), ("license", "slow_walk", "withhold"))
    assert (default.deal, default.punishment) == (("keep", "license"), ("partial", "slow_walk"))
    assert default.players == ("us", "china")
    assert default.third_parties == ("eu", "india")
    assert default.signal_names == ("<.25", ".25-.5", ".5-.8", ".8-.9", ">.9", "verified")
    assert default.discount == pytest.approx(0.90, abs=5e-4)
    assert default.common_discount == pytest.approx(default.discount)


def test_calls_of_the_default(default):
    # probabilities: historical base rates to December 2025 (docs/evidence.md); tests/evidence recomputes them
    assert [(call.name, call.probability, call.regime) for call in default.calls] == [
        ("no_call", 0.315, "mutual_reversion"),
        ("breakdown", 0.245, "stage_nash"),
        ("clarification", 0.049, "mutual_reversion"),
        ("partial_concession", 0.245, "proportional_snapback"),
        ("full_restoration", 0.146, "compensation"),
    ]
    assert all(call.rationale and call.literature and call.basis for call in default.calls)
    discounts = {call.name: round(default.after(call.changes).discount, 2) for call in default.calls}
    assert (discounts["breakdown"], discounts["full_restoration"], discounts["no_call"]) == (0.70, 0.94, 0.90)
    assert default.after(default.call("breakdown").changes).value("monitoring.delay_probability") == pytest.approx(0.3)


@pytest.mark.parametrize("name", embedded_scenarios())
def test_shipped_scenarios_are_complete_and_consistent(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.notices == ()
    # what the world was like that day is known that day; only estimates of structure may come from later studies
    facts = (
        "actions.us.",
        "patience.",
        "pledges.",
        "legal.",
        "tariffs.us.import",
        "tariffs.china.",
        "payoffs.",
        "signals.",
    )
    assert [path for path in check_as_of(scenario, scenario.as_of) if path.startswith(facts)] == []
    for path, parameter in scenario.parameters.items():
        known = lookup(path)
        assert known is not None
        assert parameter.source in scenario.sources
        assert parameter.unit in UNITS
        assert parameter.meaning
        assert parameter.is_judgement == (scenario.sources[parameter.source].kind == "judgement")
        # a deal that lets a little be withheld cannot be enforced, so that this number has no range
        if not known.vector and known.path != "payoffs.*.*.*" and path != "actions.china.license.withheld":
            assert parameter.low is not None
            assert parameter.high is not None
            assert parameter.low <= parameter.value <= parameter.high


def test_june_2025_has_the_facts_of_its_day_and_names_the_judgements_that_lean_on_later_ones():
    june = load_scenario("june-2025")
    assert june.value("actions.us.keep.tariff") == 0.511
    assert june.discount == pytest.approx(0.995 * (1 - 1 / 3))
    later = check_as_of(june, "2025-06-01")
    assert {"minerals.leverage_per_damage", "minerals.dependent_output", "monitoring.delay_probability"} <= {*later}
    assert "actions.china.slow_walk.withheld" in later
    assert later == june.hindsight_on("2025-06-01")
    autumn = {*check_as_of(load_scenario("rollback-2025"), "2025-06-01")}
    assert {"actions.us.keep.tariff", *later} <= autumn


@pytest.mark.parametrize(
    ("path", "side", "value_2024", "rate_2024"),
    [("tariffs.us.import_value", "us", 438.9 / 12, 0.207), ("tariffs.china.import_value", "china", 143.5 / 12, 0.212)],
)
def test_june_imports_follow_from_the_2024_figures(path, side, value_2024, rate_2024):
    june = frozen("june-2025")
    rate = june.value("actions.us.keep.tariff" if side == "us" else "tariffs.china.base_rate")
    elasticities = (june.value(f"tariffs.{side}.{leaf}") for leaf in ("demand_elasticity", "inverse_supply_elasticity"))
    market = ImportMarket(value_2024, rate_2024, *elasticities, 0.0)
    assert june.value(path) == pytest.approx(float(market.imports(np.array(rate))), abs=0.06)


def test_gallium_and_germanium_cost_what_usgs_found():
    """USGS Open-File Report 2024-1057: 3.4 bn USD a year, 1.7 to 9.0, for a complete halt."""
    scenario = frozen("gallium-germanium")
    parameter = scenario.parameters["minerals.dependent_output"]
    for output, cost in ((parameter.value, 3.4), (parameter.low, 1.7), (parameter.high, 9.0)):
        use = MineralUse(output, *(scenario.value(f"minerals.{leaf}") for leaf in ("weight", "substitution")), 0.99)
        assert 12 * float(use.damage(np.array(1.0))) == pytest.approx(cost, rel=1e-3)


def test_after_is_pure_and_recorded(default):
    before = default.digest()
    after = default.after(change("minerals.leverage=0.85", "minerals.leverage*=2"))
    assert default.digest() == before
    assert after.value("minerals.leverage") == 1.7
    assert [item.sentence() for item in after.changes] == [
        "minerals.leverage 0.68 → 0.85 USD bn/month",
        "minerals.leverage 0.85 → 1.7 USD bn/month",
    ]
    assert [bool(item.notice) for item in after.changes] == [False, True]
    assert after.notices == ("minerals.leverage = 1.7 is outside its plausible range 0.2 to 0.9",)
    assert after != default
    assert default.after(()) is default


def test_after_twice_is_after_once(default):
    one, two = change("minerals.leverage=0.5"), change("monitoring.noise*=2")
    assert default.after(one).after(two) == default.after([*one, *two])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("minerals.levrage=1", "did you mean 'minerals.leverage'"),
        ("leverage=1", "did you mean 'minerals.leverage'"),
        ("monitoring.delay_probability=1.2", "at most 1"),
        ("minerals.substitution=1", "must not be 1"),
        ("actions.us.partial.tariff=0.9", "must be larger than that of 'partial'"),
        ("actions.us.partial.tariff=0.47", "must be larger than that of 'keep'"),
        ("politics.us.preferred_tariff=0.1", "must be larger than tariffs.us.inverse_supply_elasticity"),
        ("tariffs.us.demand_elasticity=3.3", "must be below 3.2"),
        ("tariffs.us.inverse_supply_elasticity=0.7", "preferred_tariff"),
        ("monitoring.delay_min=0.96", "delay_max"),
        ("monitoring.trigger=0.75", "must be one of monitoring.edges"),
        ("monitoring.edges=0.5,0.25,0.8", "must increase"),
        ("monitoring.edges=0.8,1.5", "below 1.5"),
        ("monitoring.edges=0.8", "needs 4 numbers"),
        ("minerals.leverage=1,2", "needs one number"),
        ("patience.expected_life_months=1", "above 1"),
        ("patience.monthly_discount=1", "below 1"),
    ],
)
def test_changes_that_do_not_fit(default, text, says):
    with pytest.raises(InputError, match=says.replace("(", r"\(")):
        default.after(change(text))


def test_supply_must_stay_above_zero(default):
    with pytest.raises(InputError, match="largest withheld share"):
        default.after(change("minerals.china_share=1", "actions.china.withhold.withheld=1"))
    with pytest.raises(InputError, match=r"third_parties.eu.china_share"):
        default.after(change("third_parties.eu.china_share=1", "actions.china.withhold.withheld=1"))


def test_every_bad_change_is_named(default):
    with pytest.raises(InputError) as caught:
        default.after(change("minerals.levrage=1", "monitoring.noise=-1", "minerals.leverage=0.5"))
    assert [problem.path for problem in caught.value.problems] == ["minerals.levrage", "monitoring.noise"]


def test_edges_may_change_in_number_with_the_trigger(default):
    after = default.after(change("monitoring.edges=0.3,0.7", "monitoring.trigger=0.7"))
    assert after.signal_names == ("<.3", ".3-.7", ">.7", "verified")


def test_look_ups_name_the_nearest(default):
    with pytest.raises(InputError, match=r"did you mean 'minerals.leverage'"):
        default.value("minerals.leverag")
    with pytest.raises(InputError, match="is a vector"):
        default.value("monitoring.edges")
    with pytest.raises(InputError, match="did you mean 'breakdown'"):
        default.call("break_down")
    assert default.vector("minerals.leverage") == (0.68,)


def test_scenarios_travel_and_compare_by_content(default):
    assert pickle.loads(pickle.dumps(default)) == default
    assert hash(frozen("rollback-2025")) == hash(default)


@pytest.mark.benchmark
def test_a_change_costs_a_twentieth_of_reading_the_file(default):
    def seconds(work, times):
        start = time.process_time()
        for _ in range(times):
            work()
        return (time.process_time() - start) / times

    wanted = change("minerals.leverage=0.85")
    once = seconds(lambda: frozen("rollback-2025"), 20)
    assert seconds(lambda: default.after(wanted), 2000) < once / 20


def test_textbook_is_the_prisoners_dilemma():
    scenario = frozen("textbook")
    assert scenario.kind == "payoffs"
    assert scenario.players == ("row", "column")
    cells = {path: item.value for path, item in scenario.parameters.items() if path.startswith("payoffs.row")}
    assert list(cells.values()) == [3, 0, 5, 1]
    assert (scenario.discount, scenario.common_discount, scenario.unit) == (0.9, 0.9, "points")
    assert scenario.signal_names == ("cooperate", "defect")
    after = scenario.after(change("payoffs.row.defect.cooperate=9", "patience.discount=0.4"))
    assert (after.discount, after.value("payoffs.row.defect.cooperate")) == (0.4, 9)


@pytest.mark.parametrize(
    ("dated", "date", "hindsight"),
    [
        ("2025-06-01", "2025-06-01", False),
        ("2025-06-02", "2025-06-01", True),
        ("2025-06", "2025-06-01", True),
        ("2025", "2025-06-01", True),
        ("2024", "2025-06-01", False),
        ("2025-06", "2025-06", False),
    ],
)
def test_hindsight(dated, date, hindsight):
    assert (
        Parameter(value=1.0, unit="share", meaning="m", source="assumption", dated=dated).is_hindsight_on(date)
        is hindsight
    )


def test_dates():
    assert (first_day("2024-02").isoformat(), last_day("2024-02").isoformat()) == ("2024-02-01", "2024-02-29")
    assert last_day("2025").isoformat() == "2025-12-31"
    for text in ("", "2025-13", "2025-6-1", "June 2025", "2025-02-30"):
        with pytest.raises(ValueError):
            last_day(text)


def test_check_as_of_needs_a_date(default):
    with pytest.raises(InputError, match="is not a date"):
        check_as_of(default, "yesterday")


@pytest.mark.parametrize(
    ("notation", "inside", "outside"),
    [("(0, inf)", [1e-9, 1e9], [0.0, -1.0]), ("[0, 1]", [0, 1], [-0.1, 1.1]), ("(-inf, inf)", [-5, 5], [])],
)
def test_intervals(notation, inside, outside):
    domain = interval(notation)
    assert all(number in domain for number in inside)
    assert not any(number in domain for number in outside)
    assert "text" not in domain


@pytest.mark.parametrize("notation", ["", "0, 1", "(0; 1)", "{0, 1}"])
def test_not_an_interval(notation):
    with pytest.raises(ValueError, match="is not an interval"):
        interval(notation)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": float("nan")}, {"value": float("inf")}, {"value": 2.0, "domain": "[0, 1]"}, {"low": 2.0, "high": 1.0},
        {"dated": "soon"}, {"domain": "positive"},
    ],
)  # fmt: skip
def test_a_parameter_checks_itself(wrong):
    fields = {"value": 1.0, "unit": "share", "meaning": "m", "source": "assumption", "dated": "2025"}
    Parameter(**fields)
    with pytest.raises(InputError):
        Parameter(**(fields | wrong))


def test_bin_names_above_one():
    assert bin_names((0.5, 1.2)) == ("<.5", ".5-1.2", ">1.2", "verified")


def test_order_is_that_of_the_registry():
    paths = ["legal.snapback_survival", "actions.us.full.tariff", "tariffs.us.import_value", "actions.us.keep.tariff"]
    assert registry_order(paths) == [paths[2], paths[1], paths[3], paths[0]]


def test_frozen_map():
    frozen = FrozenMap({"a": 1})
    assert frozen == {"a": 1}
    assert "b" not in frozen
    assert pickle.loads(pickle.dumps(frozen)) == frozen
    with pytest.raises(TypeError):
        frozen["a"] = 2


@pytest.mark.parametrize(
    ("call", "least"), [("no_call", 0.5), ("greater_temptation", 0.75), ("better_deal", 0.25), ("breakdown", 0.5)]
)
def test_textbook_thresholds_are_those_its_calls_state(call, least):
    """Friedman 1971: co-operation under permanent reversion needs discount >= (T - R) / (T - P)."""
    textbook = frozen("textbook")
    after = textbook.after(textbook.call(call).changes)
    temptation, reward, outside = (
        after.value(f"payoffs.row.{cell}") for cell in ("defect.cooperate", "cooperate.cooperate", "defect.defect")
    )
    assert (temptation - reward) / (temptation - outside) == least


def test_rules_name_actions_as_they_are_written():
    """Braces and percent signs of a name are no places for numbers."""
    tariffs = {
        f"actions.us.{name}.tariff": Parameter(
            value=value, unit="ad valorem", meaning="m", source="assumption", dated="2025"
        )
        for name, value in (("{0}%s", 0.5), ("full", 0.4))
    }
    assert faults(tariffs, (("{0}%s", "full"), ())) == [
        ("actions.us.full.tariff", "must be larger than that of '{0}%s', got 0.5 and then 0.4")
    ]
