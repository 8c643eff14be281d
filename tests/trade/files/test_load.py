"""Scenario files: extending, overriding, dropping, own payoffs, automata, and writing out what loads back equal."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation._values import FrozenMap
from negotiation.report.sections.answer import overtaken
from negotiation.trade.files.load import embedded_scenarios, load_scenario
from negotiation.trade.files.parameters import embedded_sources
from negotiation.trade.files.problem_collector import key_places
from negotiation.trade.files.reference import scenario_reference
from negotiation.trade.files.tables import CallTable, Header, ParameterTable, PayoffsTable, RegimeTable, SourceTable
from negotiation.trade.files.write import scenario_toml
from negotiation.trade.game.build import build_game
from negotiation.trade.parameters.changes import Change
from tests.stored import frozen

ROOT = Path(__file__).parents[3]

OWN = """
title = "Own payoffs"
kind = "payoffs"
as_of = "2026-01"
[payoffs]
rows = ["keep", "raise"]
columns = ["ship", "slow", "stop"]
deal = ["keep", "ship"]
punishment = ["raise", "stop"]
unit = "USD bn/month"
us = [[3, 0, -1], [5, 1, 0.5]]
china = [[3, 5, 1], [0, 1, 2]]
signals = ["high", "low"]
trigger = ["low"]
likelihood = [[[0.9, 0.1], [0.4, 0.6], [0, 1]], [[0.9, 0.1], [0.4, 0.6], [0, 1]]]
[patience.discount]
value = 0.8
source = "assumption"
dated = "2026-01"
"""

AUTOMATON = """
[[regimes]]
name = "two-strikes"
label = "two strikes"
deviation = "war"
[[regimes.states]]
name = "good"
play = ["keep", "license"]
on = { "<.25" = "warned", ".25-.5" = "warned", ".5-.8" = { warned = 0.5, good = 0.5 }, default = "good" }
[[regimes.states]]
name = "warned"
play = ["keep", "license"]
on = { "<.25" = "war", ".25-.5" = "war", ".5-.8" = "war", default = "good" }
[[regimes.states]]
name = "war"
play = ["partial", "slow_walk"]
on = { default = "war" }
"""


@pytest.fixture
def write(tmp_path):
    def writer(text, name="my.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return writer


def extending(text):
    return 'extends = "rollback-2025"\n' + text


def test_shipped_scenarios():
    assert embedded_scenarios() == (
        "after-ruling-2026",
        "extension-2026",
        "gallium-germanium",
        "june-2025",
        "rollback-2025",
        "textbook",
        "two-figures-2025",
    )


def test_a_file_that_only_extends_differs_in_name_alone(write):
    mine, base = load_scenario(write(extending(""))), load_scenario("rollback-2025")
    assert mine.name == "my"
    assert mine.replace(name=base.name) == base


def test_what_has_overtaken_a_scenario_goes_with_its_date(write):
    """A file of the same date inherits the sentence, one with a date of its own does not, and writing keeps it."""
    base = load_scenario("rollback-2025")
    assert load_scenario(write(extending(""))).overtaken == base.overtaken
    assert load_scenario(write(extending('as_of = "2026-10"'))).overtaken == ""
    own = load_scenario(write(extending('as_of = "2026-10"\novertaken = "A *new* deal since 2 October 2026."')))
    assert own.overtaken == "A *new* deal since 2 October 2026."
    assert load_scenario(write(scenario_toml(own), "again.toml")) == own
    assert overtaken(own) == ("**Overtaken:** A \\*new\\* deal since 2 October 2026.",)
    assert overtaken(load_scenario("textbook")) == ()


def test_a_bare_number_replaces_the_value_alone(write):
    mine = load_scenario(write(extending("[minerals]\nconvex_cost = 0.85")))
    base, own = (
        load_scenario("rollback-2025").parameters["minerals.convex_cost"],
        mine.parameters["minerals.convex_cost"],
    )
    assert own.value == 0.85
    assert (own.low, own.high, own.unit, own.meaning) == (base.low, base.high, base.unit, base.meaning)
    assert own.source == "judgement-own"
    assert own.is_judgement
    assert own.dated == mine.as_of


def test_the_same_bare_number_keeps_its_source(write):
    text = "[tariffs.china]\nembargo_rate = 0.56"
    assert load_scenario(write(extending(text))).parameters["tariffs.china.embargo_rate"].source == "busan-fact-sheet"


def test_a_table_overrides_field_by_field_with_a_source_of_its_own(write):
    text = """
[minerals.convex_cost]
value = 0.6
source = "survey"
dated = "2026-02"
[sources.survey]
title = "A survey"
date = "2026-01-15"
"""
    scenario = load_scenario(write(extending(text)))
    own = scenario.parameters["minerals.convex_cost"]
    assert (own.value, own.low, own.source, own.dated) == (0.6, 0.5, "survey", "2026-02")
    assert not own.is_judgement
    assert scenario.sources["survey"].title == "A survey"


def test_outside_the_plausible_range_is_a_notice(write):
    scenario = load_scenario(write(extending("[minerals]\nleverage = 1.2")))
    assert scenario.notices == ("minerals.leverage = 1.2 is outside its plausible range 0.2 to 0.9",)


def test_calls_are_overridden_field_by_field_and_appended(write):
    text = """
[[calls]]
name = "breakdown"
probability = 0.145
[[calls]]
name = "summit"
label = "summit"
probability = 0.10
regime = "compensation"
changes = ["monitoring.noise *= 0.5"]
"""
    scenario = load_scenario(write(extending(text)))
    base = load_scenario("rollback-2025").call("breakdown")
    assert scenario.call("breakdown") == base.replace(probability=0.145)
    assert [call.name for call in scenario.calls][-1] == "summit"
    assert scenario.call("summit").changes == (Change("monitoring.noise", "scale", 0.5),)


def test_parts_can_be_dropped_and_actions_added(write):
    text = """
drop = ["third_parties.india", "actions.us.full"]
[actions.us.half.tariff]
value = 0.52
source = "judgement"
dated = "2025-11"
"""
    scenario = load_scenario(write(extending(text)))
    assert scenario.third_parties == ("eu",)
    assert scenario.actions[0] == ("keep", "half", "partial")
    assert not any("india" in path or "full" in path for path in scenario.parameters)


def test_a_file_extends_a_file_beside_it(write, tmp_path):
    (tmp_path / "deep").mkdir()
    write(extending("[minerals]\nleverage = 0.5"), "base.toml")
    path = write('extends = "../base.toml"\n[monitoring]\nnoise = 0.2', "deep/mine.toml")
    scenario = load_scenario(path)
    assert (scenario.value("minerals.leverage"), scenario.value("monitoring.noise")) == (0.5, 0.2)


def test_own_payoffs_become_parameters(write):
    scenario = load_scenario(write(OWN))
    assert scenario.players == ("us", "china")
    assert scenario.actions == (("keep", "raise"), ("ship", "slow", "stop"))
    assert scenario.value("payoffs.us.raise.ship") == 5
    assert scenario.value("payoffs.china.keep.slow") == 5
    assert scenario.vector("signals.keep.slow") == (0.4, 0.6)
    assert (scenario.trigger, scenario.observed, scenario.signals) == (("low",), ("us",), ("high", "low"))
    assert scenario.parameters["payoffs.us.raise.ship"].unit == "USD bn/month"
    after = scenario.after([Change.parse("payoffs.us.raise.ship+=-1")])
    assert after.value("payoffs.us.raise.ship") == 4


def test_rounded_chances_become_an_exact_distribution(write):
    thirds = "[0.3333333333, 0.3333333333, 0.3333333333]"
    text = OWN.replace('["high", "low"]', '["high", "mid", "low"]').replace("[0, 1]]", f"{thirds}]")
    text = text.replace("[0.9, 0.1]", "[0.8, 0.1, 0.1]").replace("[0.4, 0.6]", "[0.2, 0.2, 0.6]")
    likelihood = build_game(load_scenario(write(text))).pact.monitoring.likelihood
    assert abs(likelihood.sum(axis=-1) - 1).max() < 1e-15


def test_one_cell_of_inherited_payoffs(write):
    write(OWN, "base.toml")
    scenario = load_scenario(write('extends = "base.toml"\n[payoffs.us.raise]\nship = 7'))
    assert scenario.value("payoffs.us.raise.ship") == 7
    assert scenario.value("payoffs.us.raise.slow") == 1


def test_pledges_may_stand_beside_own_payoffs(write):
    text = '[pledges.side_payment]\nvalue = 0.1\nsource = "assumption"\ndated = "2026"\n'
    scenario = load_scenario(write(OWN + text))
    assert scenario.parameters["pledges.side_payment"].unit == "USD bn/month"


def test_a_user_automaton(write):
    scenario = load_scenario(write(extending(AUTOMATON + '[[calls]]\nname = "no_call"\nregime = "two-strikes"')))
    (spec,) = scenario.regimes
    assert spec.states == ("good", "warned", "war")
    assert spec.plays[2] == ("partial", "slow_walk")
    assert spec.transitions[0][".5-.8"] == {"warned": 0.5, "good": 0.5}
    assert spec.transitions[0]["verified"] == {"good": 1.0}
    assert set(spec.transitions[1]) == set(scenario.signal_names)
    assert scenario.call("no_call").regime == "two-strikes"


@pytest.mark.parametrize("name", embedded_scenarios())
def test_written_out_it_loads_back_equal(write, name):
    scenario = load_scenario(name)
    path = next(iter(scenario.parameters))
    for item in (scenario, scenario.after([Change(path, "scale", 1.0 / 3.0)])):
        assert load_scenario(write(scenario_toml(item))) == item


@pytest.mark.parametrize("text", [OWN, extending(AUTOMATON)])
def test_own_files_written_out_load_back_equal(write, text):
    scenario = load_scenario(write(text))
    assert load_scenario(write(scenario_toml(scenario), "again.toml")) == scenario


@settings(max_examples=15, deadline=None)
@given(
    title=st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=40),
    description=st.text(st.characters(blacklist_categories=["Cs"]), max_size=80),
)
def test_any_title_survives(tmp_path_factory, title, description):
    scenario = frozen("textbook").replace(title=title, description=description)
    path = tmp_path_factory.mktemp("titles") / "x.toml"
    path.write_text(scenario_toml(scenario), encoding="utf-8", newline="")
    assert load_scenario(path) == scenario


def test_sources_are_dated_and_say_who_published_them():
    sources = embedded_sources()
    published = [source for source in sources.values() if source.kind == "published"]
    assert len(published) >= 8
    assert all(source.publisher and source.date and source.url.startswith("https://") for source in published)
    used = {key for name in embedded_scenarios() for key in load_scenario(name).sources}
    assert set(sources) - used == {"judgement-own"}


def test_key_places_agree_with_tomllib():
    """Every key that tomllib returns has a place, and the text at the place begins with the key."""
    text = (
        'a = 1\n"b c" = [1, { d = "x # = y" },\n  3] # e = 1\n'
        "[f.g]\nh.i = '''\nj = 1\n'''\n[[k]]\nl = 1\n[[k]]\nl = 2\n"
    )
    places = key_places(text)
    lines = text.splitlines()

    def walk(value, key):
        if isinstance(value, dict):
            for name, item in value.items():
                place = places[(*key, name)]
                assert lines[place.line - 1][place.column :].lstrip('"').startswith(name)
                walk(item, (*key, name))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                assert (*key, index) in places
                walk(item, (*key, index))

    walk(tomllib.loads(text), ())
    assert places[("k", 1, "l")].line == 11
    assert ("e",) not in places
    assert ("j",) not in places


@pytest.mark.parametrize("name", embedded_scenarios())
def test_every_key_of_a_shipped_file_has_a_place(name):
    text = (ROOT / "negotiation" / "data" / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
    places = key_places(text)
    for key, place in places.items():
        if isinstance(key[-1], str) and key[-1] in ("value", "probability", "source"):
            assert text.splitlines()[place.line - 1].startswith(key[-1])
    assert sum(key[-1] == "value" for key in places) == text.count("\nvalue = ")


def test_the_reference_page_is_up_to_date():
    assert (ROOT / "docs" / "scenario-reference.md").read_text(encoding="utf-8") == scenario_reference()


@pytest.mark.parametrize("model", [Header, ParameterTable, SourceTable, CallTable, RegimeTable, PayoffsTable])
def test_the_reference_explains_every_key(model):
    assert all(field.description for field in model.model_fields.values())


def test_an_empty_map_is_a_map():
    assert FrozenMap() == {}
