"""Is the answer the same for gallium and germanium, graphite, cobalt or lithium as for rare earths?

Rare earths and gallium/germanium use their own sourced scenarios. For the others only China's share has a source, where
one is named; what depends on the mineral and how well it can be replaced is judgement, marked below. Takes 5 seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.cli.experiment import experiment
from negotiation.report.document import Cell, CellValue, Column, Note, Report, Section, Table, literal
from negotiation.report.figures.heat import heat_map
from negotiation.report.words import enumeration
from negotiation.trade.files.load import load_scenario
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.scenario import Scenario


@dataclass(frozen=True)
class Mineral:
    """China's share of US supply with its source ("" is judgement), and the output that depends on the mineral."""

    name: str
    share: float
    source: str
    dependent_output: float
    leverage: float


# dependent output (USD bn a month) and leverage are judgement throughout: batteries and steel alloys, far below magnets
MINERALS = (
    Mineral("graphite", 0.45, "USGS MCS 2026: nearly half of US imports", 20.0, 0.40),
    Mineral("cobalt", 0.30, "", 15.0, 0.20),
    Mineral("lithium", 0.10, "USGS MCS 2025: mainly Chile and Argentina", 20.0, 0.10),
)


JUDGED = {mineral.name for mineral in MINERALS if not mineral.source}
PATHS = ("minerals.china_share", "minerals.dependent_output", "minerals.leverage")
SLOW_WALK = (0, 1)
COLUMNS = (
    Column("mineral"),
    Column("China's share", kind="number", digits=2),
    Column("US damage", "a month", "number", 3),
    Column("China's temptation", "a month", "number", 3),
    Column("deal holds after"),
)


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return temptation, damage and the answer for each mineral; quick: the first call outcome only."""
    names = (scenario.calls[0].name,) if quick else ()
    rows: list[tuple[CellValue, ...]] = []
    values, good = [], []
    by_mineral: dict[str, dict[str, Any]] = {}
    cases = _cases(scenario)
    for name, case in cases.items():
        us, china = build_pact(case).stage.payoff(SLOW_WALK)
        holding = [row.call.label for row in analyse_outcomes(case, names, best_sets=False) if row.holds]
        good += [name] if holding else []
        share = Cell(case.value("minerals.china_share"), judgement=name in JUDGED)
        rows.append((name, share, -us, china, literal(enumeration(holding)) or "none"))
        values.append([-us, china])
        inputs = {path: case.value(path) for path in PATHS}
        by_mineral[name] = {**inputs, "us_damage": -us, "temptation": china, "holds_after": holding}
    picture = heat_map(
        "minerals",
        ["US damage", "China's temptation"],
        list(cases),
        values,
        x_title="one month of slow-walking",
        y_title="mineral",
        value_title=scenario.unit,
        caption="What slow-walking costs the US, and what it gains China, by mineral.",
    )
    answer = f"The deal can be held for {enumeration(good)}." if good else "The deal holds for none of them."
    sources = Note("China's share: " + "; ".join(f"{m.name}: {m.source or 'judgement'}" for m in MINERALS) + ".")
    section = Section("minerals-table", "Minerals", (Table(COLUMNS, tuple(rows), "Minerals compared"), sources))
    question = "Is the answer the same for other minerals?"
    report = Report("Minerals compared", question, scenario.title, (answer,), picture=picture, sections=(section,))
    return report, {"minerals": by_mineral}


def _cases(scenario: Scenario) -> dict[str, Scenario]:
    cases = {"rare earths": scenario, "gallium and germanium": load_scenario("gallium-germanium")}
    for mineral in MINERALS:
        numbers = (mineral.share, mineral.dependent_output, mineral.leverage)
        changes = [Change(path, "set", value) for path, value in zip(PATHS, numbers, strict=True)]
        cases[mineral.name] = scenario.after(changes)
    return cases


if __name__ == "__main__":
    experiment(run)
