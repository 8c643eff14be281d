"""Is the answer the same for gallium and germanium, graphite, cobalt or lithium as for rare earths?

Rare earths and gallium/germanium use their own sourced scenarios. For the others China's share has a source; the output
that depends on them, as a part of what depends on rare earths, is judgement. What China gains by withholding, and what
that costs it, is scaled by what a slow-walk costs the US, in every mineral alike. Takes 5 seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.cli.experiment import experiment
from negotiation.report.document import CellValue, Column, Note, Report, Section, Table, literal
from negotiation.report.figures.heat import heat_map
from negotiation.report.words import enumeration
from negotiation.trade.files.load import load_scenario
from negotiation.trade.game.build import build_pact, read_blocks
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.scenario import Scenario


@dataclass(frozen=True)
class Mineral:
    """China's share of US supply with its source and scope, and the output that depends on the mineral.

    dependent: over the output that depends on rare earths; judgement throughout.
    """

    name: str
    share: float
    source: str
    dependent: float


USGS = "USGS Mineral Commodity Summaries 2026"
MINERALS = (
    Mineral("graphite", 0.46, f"{USGS}, US imports of natural graphite", 2 / 3),
    Mineral("cobalt", 0.14, f"{USGS}, US imports, at most: China is not among the four sources named", 1 / 2),
    Mineral("lithium chemicals", 0.03, f"{USGS}, US imports, at most: Chile and Argentina supply the rest", 2 / 3),
    Mineral("lithium batteries", 0.81, "Nikkei on US customs, imports by weight, July to September 2025", 2 / 3),
)
JUDGED = "What output depends on these, as a part of what depends on rare earths, is judgement."
PATHS = ("minerals.china_share", "minerals.dependent_output", "minerals.leverage")
SCALED = ("leverage", "forgone_revenue", "convex_cost", "embargo_cost")
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
        rows.append((name, case.value("minerals.china_share"), -us, china, literal(enumeration(holding)) or "none"))
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
    sources = Note("China's share: " + "; ".join(f"{m.name}: {m.source}" for m in MINERALS) + f". {JUDGED}")
    section = Section("minerals-table", "Minerals", (Table(COLUMNS, tuple(rows), "Minerals compared"), sources))
    question = "Is the answer the same for other minerals?"
    report = Report("Minerals compared", question, scenario.title, (answer,), picture=picture, sections=(section,))
    return report, {"minerals": by_mineral}


def _cases(scenario: Scenario) -> dict[str, Scenario]:
    cases = {"rare earths": scenario, "gallium and germanium": load_scenario("gallium-germanium")}
    harm = _slow_walk_damage(scenario)
    for mineral in MINERALS:
        output = mineral.dependent * scenario.value("minerals.dependent_output")
        changes = [Change(path, "set", value) for path, value in zip(PATHS, (mineral.share, output), strict=False)]
        case = scenario.after(changes)
        scale = _slow_walk_damage(case) / harm
        paths = [f"minerals.{name}" for name in SCALED]  # leverage that follows from damage has been scaled by it
        cases[mineral.name] = case.after(
            [Change(path, "scale", scale) for path in paths if path not in case.tied_paths]
        )
    return cases


def _slow_walk_damage(scenario: Scenario) -> float:
    blocks = read_blocks(scenario)
    return float(blocks.damage(blocks.withheld)[SLOW_WALK[1]])


if __name__ == "__main__":
    experiment(run)
