"""Nothing in a report speaks of other players, minerals or third parties than the scenario's own."""

import re

import pytest

from negotiation.analysis.scenario_analysis import AnalysisOptions, analyse
from negotiation.calls.agreement.requirements import requirements
from negotiation.cli.deliver import deliver_text
from negotiation.evidence.answers.assessment import range_text
from negotiation.report.pages.main import main_report
from negotiation.report.render.markdown import render
from negotiation.trade.files.load import load_scenario
from tests.stored import frozen

FOREIGN = (
    "China",
    "Chinese",
    "US",
    "rare earths?",
    "[Mm]agnets?",
    "India",
    "Europe",
    "EU",
    "June",
    "tariffs?",
    "shipments",
)
SINGULAR = r"(?<![\d.,])1 (regimes|months|outcomes|points|pairs|paths|components|differences|conclusions|rows|draws)\b"

COBALT = """
format = 1
name = "cobalt"
extends = "rollback-2025"
title = "Tariff rollback for cobalt"
{drop}

[minerals.dependent_output]
value = 2.0
low = 1.0
high = 3.0
source = "judgement"
dated = "2025-05"

[minerals.forgone_revenue]
value = 0.02
low = 0.01
high = 0.03
source = "judgement"
dated = "2025-05"
"""
ALONE = "Ripples: the real economy"
SHIPPED_PLAYERS = ("row", "column")


def texts(scenario):
    analysis = analyse(scenario, AnalysisOptions(quick=True))
    page = render(main_report(analysis, "d", "c"))
    return page, deliver_text(requirements(scenario, pairs=False))


def renamed():
    """The textbook with players of other names: the same numbers."""
    scenario = frozen("textbook")
    swap = dict(zip(SHIPPED_PLAYERS, ("japan", "korea"), strict=True))

    def path(text):
        first, _, rest = text.partition(".")
        side, _, cell = rest.partition(".")
        return f"payoffs.{swap[side]}.{cell}" if first == "payoffs" and side in swap else text

    calls = tuple(
        call.replace(changes=tuple(change.replace(path=path(change.path)) for change in call.changes))
        for call in scenario.calls
    )
    return scenario.replace(
        players=tuple(swap.values()),
        observed=tuple(swap.get(name, name) for name in scenario.observed),
        parameters=type(scenario.parameters)({path(name): item for name, item in scenario.parameters.items()}),
        calls=calls,
    )


def check(text, foreign):
    for word in foreign:
        found = re.search(rf"(?<![\w`._-]){word}(?![\w`_])", text)
        assert found is None, text[max(0, found.start() - 80) : found.end() + 80]
    assert re.search(SINGULAR, text) is None
    assert "****" not in text
    assert "between below" not in text


def test_own_payoffs_speak_of_their_own_players():
    for text in texts(renamed()):
        check(text, FOREIGN)
        assert "Japan" in text
        assert "Korea" in text


@pytest.mark.parametrize("dropped", [(), ("india",), ("india", "eu")])
def test_another_mineral_and_other_third_parties(tmp_path, dropped):
    drop = f"drop = {[f'third_parties.{name}' for name in dropped]}" if dropped else ""
    file = tmp_path / "cobalt.toml"
    file.write_text(COBALT.format(drop=drop.replace("'", '"')))
    scenario = load_scenario(str(file))
    assert scenario.description == ""
    page, demand = texts(scenario)
    # tables of numbers quote the sources of the scenario that is extended
    prose = "\n".join(line for line in page.splitlines() if not line.startswith("|"))
    gone = {"india": ("India",), "eu": ("EU", "Europe")}
    words = [word for name in dropped for word in gone[name]]
    check(prose, ["licenses rare earths", "[Mm]agnets", "June", *words])
    check(demand, ["India", "EU", "Europe", "[Mm]agnets", "rare earths"])
    heading = re.search(r"^## \d+\. (Ripples.*)$", page, re.M)[1]
    left = [name for name in ("EU", "India") if name.lower() not in dropped]
    assert heading == ", ".join([f"Ripples: {left[0]}", *left[1:], "and the real economy"] if left else [ALONE])


def test_a_changed_scenario_has_no_companion_and_an_unchanged_one_has():
    from negotiation.analysis.scenario_analysis import _companion
    from negotiation.trade.parameters.changes import Change

    scenario = load_scenario("rollback-2025")
    assert _companion(scenario, AnalysisOptions())
    assert _companion(scenario.after([Change.parse("minerals.leverage=0.7")]), AnalysisOptions()) == ()


def test_ranges_of_chances_read_as_ranges():
    values = (0.0, 0.001, 0.2, 0.7, 0.999, 1.0)
    for low in values:
        for high in values:
            if low <= high:
                text = range_text(low, high)
                assert "between below" not in text
                assert "and above" not in text
