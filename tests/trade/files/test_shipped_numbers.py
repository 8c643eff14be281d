"""The arithmetic of each derived number of the shipped scenarios, from the figures of its source."""

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from negotiation.evidence.answers.assessment import assess
from negotiation.evidence.data.months import month_of
from negotiation.evidence.data.shipments import load_shipments
from negotiation.trade.economics.markets import MineralUse
from negotiation.trade.files.damage_calibrations import damage_calibrations
from negotiation.trade.files.load import embedded_scenarios, load_scenario

US_OUTPUT = 29_000 / 12  # USD bn a month (US Department of the Interior)
AUGUST, SEPTEMBER, THEN = 25.12, 23.41, 0.57  # US imports from China in 2025 (Census), and the tariff on them
IMPORTS_2024 = {
    "us": (438.9 / 12, 0.207),
    "china": (143.5 / 12, 0.212),
}  # by month, with the average tariff of the year
CALIBRATIONS = {each.name: each for each in damage_calibrations()}


@pytest.fixture(scope="module")
def default():
    return load_scenario("rollback-2025")


def carried(scenario, side, value, rate, to):
    """Imports `value` at tariff `rate`, carried to another tariff with the scenario's elasticities."""
    eps, omega = (
        scenario.value(f"tariffs.{side}.{leaf}") for leaf in ("demand_elasticity", "inverse_supply_elasticity")
    )
    return value * ((1 + to) / (1 + rate)) ** (-eps * (1 + omega) / (1 + eps * omega))


def loss(withheld, output, share, weight=0.03, substitution=0.3):
    """Economic loss by the CES formula of docs/model.md, without the security premium."""
    r = (substitution - 1) / substitution
    return output * (1 - ((1 - weight) + weight * (1 - share * withheld) ** r) ** (1 / r))


@pytest.mark.parametrize("name", ["rollback-2025", "after-ruling-2026", "extension-2026"])
def test_us_imports_are_those_of_august_2025_carried_to_the_tariff_of_the_deal(name):
    scenario = load_scenario(name)
    tariff = scenario.value("actions.us.keep.tariff")
    assert scenario.value("tariffs.us.import_value") == pytest.approx(
        carried(scenario, "us", AUGUST, THEN, tariff), abs=0.05
    )


def test_september_and_the_exponent_are_what_the_note_says(default):
    note = default.parameter("tariffs.us.import_value").meaning
    assert f"{carried(default, 'us', SEPTEMBER, THEN, 0.47):.1f}" in note
    exponent = math.log(carried(default, "us", 1.0, 0.0, math.e - 1))
    assert f"^{exponent:.2f}" in note
    assert carried(default.set("tariffs.us.inverse_supply_elasticity", 0.1), "us", AUGUST, THEN, 0.47) == pytest.approx(
        28.3, abs=0.05
    )


@pytest.mark.parametrize(("side", "rate"), [("us", "actions.us.keep.tariff"), ("china", "tariffs.china.base_rate")])
def test_june_imports_are_those_of_2024_carried_to_may_2025(side, rate):
    june = load_scenario("june-2025")
    expected = carried(june, side, *IMPORTS_2024[side], june.value(rate))
    assert june.value(f"tariffs.{side}.import_value") == pytest.approx(expected, abs=0.06)


def test_exporters_bear_what_the_source_says(default):
    """6 % of a tariff to August 2025, 14 % in November, 10 % between them: the share eps omega / (1 + eps omega)."""
    eps = default.value("tariffs.us.demand_elasticity")
    parameter = default.parameter("tariffs.us.inverse_supply_elasticity")
    for omega, share in ((parameter.low, 0.06), (parameter.value, 0.10), (parameter.high, 0.14)):
        assert eps * omega / (1 + eps * omega) == pytest.approx(share, abs=1.5e-3)


def test_what_the_preferred_tariff_would_be_with_other_weights_on_revenue(default):
    """Without a weight it is omega; the marginal costs of public funds of the note give .15 to .30."""
    eps, omega = (default.value(f"tariffs.us.{leaf}") for leaf in ("demand_elasticity", "inverse_supply_elasticity"))
    assert [round((1 + omega) / (1 - w / (1 + w) / eps) - 1, 2) for w in (0.2, 0.6)] == [0.15, 0.30]
    assert (1 + omega) / (1 - 0 / eps) - 1 == pytest.approx(omega)


def test_the_fall_of_april_and_may_2025():
    """By how much shipments to the US fell below the mean of 2024, and all shipments likewise."""
    months = (month_of(2025, 4), month_of(2025, 5))
    tonnes = {(row.destination, *row.span): row.tonnes for row in load_shipments().rows}
    seen = {place: sum(tonnes[place, month] for month in months) for place in ("US", "WORLD")}
    assert 1 - seen["US"] / (2 * 620) == pytest.approx(CALIBRATIONS["middle"].withheld, abs=5e-4)
    assert 1 - seen["WORLD"] / (2 * 58_152 / 12) == pytest.approx(0.60, abs=2e-3)


STUDIES = {  # loss in USD bn a month from the study's own unit
    "low": 1 / 12,
    "usgs": 4.5 / 12,
    "ecb-least": 0.003 * US_OUTPUT,
    "middle": 0.0045 * US_OUTPUT,
    "ecb-most": 0.006 * US_OUTPUT,
    "high": 0.02 * US_OUTPUT,
    "imf": 0.015 * US_OUTPUT,
    "goldman-loss": 150 / 12 / 4,
}


@pytest.mark.parametrize("name", STUDIES)
def test_each_calibration_gives_the_loss_of_its_study(default, name):
    row = CALIBRATIONS[name]
    assert row.loss == pytest.approx(STUDIES[name], rel=1e-3)
    share = default.value("minerals.china_share")
    modelled = loss(row.withheld, row.dependent_output, share, row.weight, row.substitution)
    assert modelled == pytest.approx(row.loss, rel=6e-3)
    use = MineralUse(row.dependent_output, row.weight, row.substitution, share)
    assert float(use.damage(np.array([row.withheld]))[0]) == pytest.approx(modelled)


def test_the_table_of_the_document_shows_the_calibrations(default):
    text = (Path(__file__).parents[3] / "docs" / "model.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")
    ]
    shown = {row[0]: row[1:] for row in rows if row[0] in CALIBRATIONS}
    assert list(shown) == list(CALIBRATIONS)
    share = default.value("minerals.china_share")
    for name, (lost, at, *numbers) in shown.items():
        row = CALIBRATIONS[name]
        output = row.dependent_output
        expected = [output, loss(0.4, output, share), loss(0.9, output, share)]
        assert [float(cell) for cell in numbers] == pytest.approx(expected, rel=5e-3, abs=5e-4)
        if row.loss is not None:
            assert [float(lost), float(at)] == pytest.approx([row.loss, row.withheld], rel=5e-3)


def test_the_default_is_the_middle_and_the_rest_is_in_order(default):
    assert default.after(CALIBRATIONS["middle"].changes).parameters == default.parameters
    outputs = [row.dependent_output for row in damage_calibrations()]
    assert outputs == sorted(outputs)
    parameter = default.parameter("minerals.dependent_output")
    assert [parameter.low, parameter.high] == [CALIBRATIONS[f"ecb-{end}"].dependent_output for end in ("least", "most")]
    assert CALIBRATIONS["goldman-scale"].dependent_output == pytest.approx(150 / 0.10 / 12 / 4, rel=0.05)


def test_forgone_revenue_is_tonnes_times_unit_values(default):
    parameter = default.parameter("minerals.forgone_revenue")
    low, high = (620 * value / 1e6 for value in (103.7e6 / 2510e3, 2860e6 / 58_152e3))
    assert (parameter.low, parameter.high) == pytest.approx((low, high), abs=5e-4)
    assert parameter.value == pytest.approx((low + high) / 2, abs=5e-4)


def test_others_volume_is_the_ratio_of_2020():
    two = load_scenario("two-figures-2025")
    assert two.value("minerals.others_volume") == pytest.approx((35_982 - 4_924) / 4_924, abs=5e-3)


def test_third_parties_depend_as_the_notes_say(default):
    eu, india = (default.value(f"third_parties.{name}.dependent_output") for name in ("eu", "india"))
    us = default.value("minerals.dependent_output")
    assert eu == pytest.approx(us * 1.2 / 1.5 * 2 / 3, rel=0.01)
    assert india == pytest.approx(us / US_OUTPUT / 2 * 3_900 / 12, rel=0.06)
    assert default.value("third_parties.eu.china_share") == 17_000 / 20_000


def test_exposure_is_the_share_of_common_months(default):
    """Months of April to December 2025 in a common disturbance, over those in it or targeted, by prior."""
    found = assess(date(2025, 12, 31), look_ahead=False)
    shares = {}
    for name, causes in zip(found.priors, found.causes, strict=True):
        common, targeted = (
            sum(causes.probability(cause, month_of(2025, month))[0] for month in range(4, 13))
            for cause in ("common", "targeted")
        )
        shares[name] = common / (common + targeted)
    assert shares == pytest.approx({"sceptical": 0.90, "neutral": 0.72, "suspicious": 0.58}, abs=0.02)
    for name in ("eu", "india"):
        assert default.value(f"third_parties.{name}.exposure") == pytest.approx(shares["neutral"], abs=0.01)


def test_gallium_is_scaled_by_what_a_slow_walk_costs(default):
    gallium = load_scenario("gallium-germanium")
    output, share = gallium.value("minerals.dependent_output"), gallium.value("minerals.china_share")
    assert loss(1.0, output, share) == pytest.approx(3.4 / 12, rel=1e-3)
    scale = loss(0.4, output, share) / loss(0.4, default.value("minerals.dependent_output"), 0.7)
    for leaf in ("leverage", "convex_cost", "embargo_cost"):
        assert gallium.value(f"minerals.{leaf}") == pytest.approx(scale * default.value(f"minerals.{leaf}"), rel=5e-3)
    assert gallium.value("minerals.forgone_revenue") == pytest.approx(25_000 * 580 / 1e9 / 12, rel=0.01)


def test_the_truce_of_september_2026():
    left = (date(2027, 1, 10) - date(2026, 9, 26)).days
    extension = load_scenario("extension-2026")
    assert left == 106
    assert extension.value("patience.expected_life_months") == pytest.approx(left / 30, abs=0.05)
    assert extension.value("patience.common_survival") == pytest.approx(1 - 1 / 3.5)
    assert extension.value("actions.us.keep.tariff") == pytest.approx(0.47 - 0.20)
    assert (date(2019, 5, 10) - date(2018, 12, 1)).days == 160
    assert "160 days" in load_scenario("june-2025").sources["judgement-truces"].title


def test_scenarios_that_events_have_overtaken_say_so():
    said = {name: load_scenario(name).overtaken for name in embedded_scenarios()}
    assert [name for name, sentence in said.items() if not sentence] == ["extension-2026", "textbook"]
    assert all(sentence.endswith(".") and "20" in sentence for sentence in said.values() if sentence)
