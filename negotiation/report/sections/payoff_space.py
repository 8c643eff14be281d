"""Payoff space: what is feasible, what is efficient, and where each regime lands."""

from __future__ import annotations

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.bargaining import bargaining_points
from negotiation.report.document import Block, CellValue, Column, Details, Paragraph, Section, Table, literal
from negotiation.report.figures.payoffs import regime_payoffs, stage_payoffs
from negotiation.report.words import player


def payoff_section(analysis: Analysis) -> Section:
    """Return stage payoffs with the frontier, regimes in payoff space, and bargaining points."""
    unit = literal(analysis.scenario.unit)
    names = [player(analysis.scenario, i) for i in (0, 1)]
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (literal(point.solution), literal(point.threat), *point.payoffs) for point in bargaining_points(analysis.stage)
    )
    columns = (
        Column("solution"),
        Column("threat point"),
        *(Column(name, unit, "number", 3, True) for name in names),
    )
    blocks: list[Block] = [
        stage_payoffs(analysis),
        regime_payoffs(analysis.comparison, {one.outcome: one.bounds for one in analysis.proven} or None),
        Paragraph(
            "The distance between a regime's point and the frontier is what simple, enforceable rules cost against the best "
            "that lotteries over profiles could give if promises were binding."
        ),
        Details("Bargaining points on the frontier", (Table(columns, rows, "Bargaining solutions", key="bargaining"),)),
    ]
    return Section(
        "payoffs", "Payoff space", tuple(blocks), "Every point is a pair of payoffs; up and to the right is better."
    )
