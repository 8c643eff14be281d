"""The tables behind the folds of the section on what is proven."""

from __future__ import annotations

import math

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.comparison import ComparedOutcome
from negotiation.calls.proofs.proven import ProvenOutcome
from negotiation.report.document import Block, Cell, CellValue, Column, Paragraph, Table, literal
from negotiation.report.words import deal_name, enumeration, percent, player
from negotiation.solve.public.enforceability import Answer

Pairs = tuple[tuple[ComparedOutcome, ProvenOutcome], ...]
MARKS = {Answer.PROVEN_YES: True, Answer.PROVEN_NO: False, Answer.UNDECIDED: None}


def attained_table(analysis: Analysis, pairs: Pairs) -> Table:
    """Return what every simple regime attains after every outcome."""
    unit = literal(analysis.scenario.unit)
    columns = (
        Column("outcome"),
        Column("regime"),
        Column("trigger"),
        Column("joint value", unit, "number", 3, True),
        Column("share of the gain over war", kind="text"),
        Column("at most forgone", unit, "number", 3),
    )
    rows: list[tuple[CellValue, ...]] = [
        (
            literal(row.outcome.call.label),
            Cell(literal(value.label), bold=value.key == row.outcome.call.regime),
            literal(value.trigger_rule),
            value.joint,
            " to ".join(dict.fromkeys(percent(end) for end in (value.low, value.high) if math.isfinite(end))),
            None if value.money else value.missing[1],
        )
        for row, one in pairs
        for value in one.institution.rows
        if value.holds and value.key != "stage_nash"
    ]
    note = (
        "Bold: the selected regime. Regimes that rest on payments can exceed the sets, in which no money changes hands."
    )
    return Table(
        columns, tuple(rows), "How much of the frontier simple regimes attain", key="attained-table", notes=(note,)
    )


def patience_table(analysis: Analysis, pairs: Pairs) -> Table:
    """Return from which patience on the deal can be played, by the selected regime and by any equilibrium."""
    columns = (
        Column("outcome"),
        Column("δ", kind="number", digits=3),
        Column("deal in the first month", kind="mark"),
        Column("proven no up to δ", kind="number", digits=3, group="by some equilibrium"),
        Column("proven yes from δ", kind="number", digits=3, group="by some equilibrium"),
        Column("least δ of the selected regime", kind="number", digits=3),
    )
    rows: list[tuple[CellValue, ...]] = []
    for row, one in pairs:
        no, yes = _ends(one)
        rows.append(
            (
                literal(row.outcome.call.label),
                row.outcome.game.pact.discount,
                Cell(MARKS[one.first_month], title=one.first_month.value),
                no,
                yes,
                row.outcome.selected.least_discount,
            )
        )
    return Table(
        columns,
        tuple(rows),
        f"From which patience on {deal_name(analysis.scenario)} can be played",
        key="patience-proof",
    )


def _ends(one: ProvenOutcome) -> tuple[float | None, float | None]:
    """Return up to which discount factor the deal is proven unplayable, and from which on it is proven playable."""
    if one.patience is None:
        return None, None
    no = [stretch.high for stretch in one.patience.stretches if stretch.answer is Answer.PROVEN_NO]
    yes = [stretch.low for stretch in one.patience.stretches if stretch.answer is Answer.PROVEN_YES]
    return max(no, default=None), min(yes, default=None)


def patience_notes(pairs: Pairs) -> tuple[Block, ...]:
    """Return what must be said about that table."""
    if any(one.patience is None for _, one in pairs):
        words = "The thresholds take a minute: `negotiation run --certify` adds them, with both ends checked exactly."
        return (Paragraph(words),)
    unproven = [literal(row.outcome.call.label) for row, one in pairs if one.patience and one.patience.monotone is None]
    text = "Both ends are proven; between them the sets do not decide. “No” speaks of pure strategies."
    if unproven:
        text += f" After {enumeration(unproven)} pledges make the game one with two states, in which more patience need not "
        text += "help: there a grid was judged, and a change between its points could hide."
    return (Paragraph(text),)


def transfer_table(analysis: Analysis, pairs: Pairs) -> Table:
    """Return compensation against the best with voluntary transfers."""
    unit = literal(analysis.scenario.unit)
    columns = (
        Column("outcome"),
        Column("compensation", unit, "number", 3, True, group="joint payoff"),
        Column("best with transfers", unit, "number", 3, True, group="joint payoff"),
        Column("compensation", kind="number", digits=3, group="least δ"),
        Column("deal with transfers", kind="number", digits=3, group="least δ"),
        Column("share attained", kind="text"),
    )
    rows: list[tuple[CellValue, ...]] = []
    for row, one in pairs:
        found = one.transfers
        share = "" if found.share is None else percent(found.share)
        rows.append(
            (
                literal(row.outcome.call.label),
                found.compensation_joint,
                found.best_joint,
                found.compensation_least,
                found.deal_least,
                share,
            )
        )
    note = (
        "Compensation against every equilibrium with voluntary payments in either direction, none of which is lost on the way "
        "(Goldlücke, Kranz 2012; thresholds are exact step functions of δ)."
    )
    return Table(columns, tuple(rows), "Compensation judged against transfers", key="transfers-table", notes=(note,))


def negotiable_table(pairs: Pairs) -> Table:
    """Return which regimes are weakly renegotiation-proof."""
    columns = (
        Column("outcome"),
        Column("regime"),
        Column("holds", kind="mark"),
        Column("on the path", kind="mark"),
        Column("after deviations too", kind="mark"),
        Column("what both would rather have"),
    )
    rows: list[tuple[CellValue, ...]] = [
        (
            literal(row.outcome.call.label),
            Cell(literal(proof.label), bold=proof.regime == row.outcome.call.regime),
            proof.holds,
            proof.on_path,
            proof.fully,
            literal(proof.broken),
        )
        for row, one in pairs
        for proof in one.negotiable
        if proof.trigger_rule != "best set"
    ]
    note = (
        "Weakly renegotiation-proof: no continuation of the regime is strictly better for both than another (Farrell, Maskin "
        "1989). Bold: the selected regime."
    )
    return Table(columns, tuple(rows), "Weakly renegotiation-proof regimes", key="negotiable-table", notes=(note,))


def bargaining_table(analysis: Analysis, pairs: Pairs) -> Table:
    """Return the bargaining points on the frontier of the inner sets."""
    unit = literal(analysis.scenario.unit)
    columns = (
        Column("outcome"),
        Column("solution"),
        Column("threat point"),
        *(Column(player(analysis.scenario, i), unit, "number", 3, True) for i in (0, 1)),
    )
    rows: list[tuple[CellValue, ...]] = [
        (literal(row.outcome.call.label), literal(point.solution), literal(point.threat), *point.payoffs)
        for row, one in pairs
        for point in one.bargaining
    ]
    return Table(
        columns, tuple(rows), "Bargaining points on the frontier of the inner set", key="equilibrium-bargaining"
    )
