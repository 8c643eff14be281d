"""What is proven: the payoffs of all equilibria after each outcome, and how much of them simple regimes attain."""

from __future__ import annotations

import math

from negotiation.calls.analysis import Analysis
from negotiation.calls.comparison import Row
from negotiation.calls.proven import Proven
from negotiation.report.document import (
    Block,
    Cell,
    CellValue,
    Column,
    Details,
    Note,
    Paragraph,
    Section,
    Table,
    literal,
)
from negotiation.report.figures.equilibria import equilibrium_payoffs
from negotiation.report.words import deal_name, listed, number, percent, player, war_name
from negotiation.solve.playable import Answer
from negotiation.solve.regimes import BEST_SET

Pairs = tuple[tuple[Row, Proven], ...]
MARKS = {Answer.PROVEN_YES: True, Answer.PROVEN_NO: False, Answer.UNDECIDED: None}


def proof_section(analysis: Analysis) -> Section | None:
    """Return the section on equilibrium payoff sets; None where they were not computed."""
    if not analysis.proven:
        return None
    pairs = tuple(zip(analysis.comparison.rows, analysis.proven, strict=True))
    blocks: list[Block] = [
        Paragraph(_lead(analysis, pairs)),
        equilibrium_payoffs(analysis.comparison, analysis.proven),
        _frontier_table(analysis, pairs),
        Details("When the deal can be played at all", (_patience_table(analysis, pairs), *_patience_notes(pairs))),
        Details("Against the best with transfers", (_transfer_table(analysis, pairs),)),
        Details("Would both rather call again than punish?", (_negotiable_table(pairs),)),
        Details("Bargaining over equilibria", (_bargaining_table(analysis, pairs),)),
        Note(_checked(pairs), "good" if all(one.checked for _, one in pairs) else "info"),
    ]
    return Section(
        "proof",
        "What any arrangement could attain",
        tuple(blocks),
        "Simple regimes are clauses that people can write. Here is what all equilibria in pure public strategies, however "
        "intricate, can give: an inner set, every point of which is an equilibrium, and an outer set, beyond which there is none.",
    )


def _lead(analysis: Analysis, pairs: Pairs) -> str:
    unit = literal(analysis.scenario.unit)
    row, one = pairs[0]
    low, high = one.best_joint
    label, outcome = literal(row.outcome.call.label), row.outcome
    text = f"After {label} the best equilibrium gives the two together between {number(low)} and {number(high)} {unit}"
    if not outcome.holds:
        return f"{text}; the selected regime does not hold."
    others = [regime for regime in outcome.regimes if regime.holds and regime.trigger_rule != BEST_SET]
    best = max(others, key=lambda regime: regime.joint)
    text += f"; {literal(outcome.selected.label)}, which is selected, gives {number(outcome.selected.joint)}. "
    text += "The difference is the value of an institution that could co-ordinate on finely history-dependent play"
    if best is outcome.selected or best.joint <= outcome.selected.joint:
        return f"{text}."
    return f"{text}; of the simple clauses {literal(best.label)} comes closest, with {number(best.joint)}."


def _frontier_table(analysis: Analysis, pairs: Pairs) -> Table:
    unit = literal(analysis.scenario.unit)
    columns = (
        Column("outcome"),
        Column("some equilibrium", unit, "number", 3, True, group="largest joint payoff"),
        Column("none above", unit, "number", 3, True, group="largest joint payoff"),
        Column("selected regime", unit, "number", 3, True, group="attained"),
        Column("share of the gain over war", kind="text", group="attained"),
        Column("gap between the bounds", kind="text", title="largest distance as a share of each side's payoff range"),
        Column("regime checked exactly", kind="mark"),
        Column("sets checked exactly", kind="mark"),
    )
    rows: list[tuple[CellValue, ...]] = []
    for row, one in pairs:
        low, high = one.best_joint
        regime = row.outcome.selected
        rows.append(
            (
                Cell(literal(row.outcome.call.label), bold=True),
                low if math.isfinite(low) else None,
                high,
                regime.joint if regime.holds else None,
                _share(row, one),
                f"{one.solution.gap:.1e}" if math.isfinite(one.solution.gap) else "none",
                Cell(one.regime.holds, title=one.regime.failure or one.regime.proven),
                Cell(True if one.checked else None, title=one.solution.status.value),
            )
        )
    notes = (
        f"Share: 0 is {war_name(analysis.scenario)} for ever, 1 the best equilibrium. Money that changes hands is not part of "
        "the sets, so a regime with payments can exceed 1. A regime that is checked exactly satisfies every one-shot "
        "deviation in rational arithmetic; where it does not hold, a cross.",
    )
    return Table(
        columns,
        tuple(rows),
        "What the best equilibrium and the selected regime attain",
        key="frontier-table",
        notes=notes,
    )


def _share(row: Row, one: Proven) -> str:
    outcome, pact = row.outcome, row.outcome.game.pact
    war = sum(pact.stage.payoff(pact.war))
    gain = (outcome.selected.joint if outcome.selected.holds else war) - war
    ends = [gain / (best - war) for best in reversed(one.best_joint) if math.isfinite(best) and best - war > 1e-9]
    words = list(dict.fromkeys(percent(end) for end in ends))
    return " to ".join(words) if words else "nothing to gain"


def _patience_table(analysis: Analysis, pairs: Pairs) -> Table:
    columns = (
        Column("outcome"),
        Column("δ", kind="number", digits=3),
        Column("deal in the first month", kind="mark"),
        Column("proven no up to δ", kind="number", digits=3, group="by some equilibrium"),
        Column("proven yes from δ", kind="number", digits=3, group="by some equilibrium"),
        Column("months with the deal at most", kind="text"),
        Column("least δ of the selected regime", kind="number", digits=3),
    )
    rows: list[tuple[CellValue, ...]] = []
    for row, one in pairs:
        no, yes = _ends(one)
        share = "" if one.share is None else f"{percent(one.share[0], 1)} to {percent(one.share[1], 1)}"
        rows.append(
            (
                literal(row.outcome.call.label),
                row.outcome.game.pact.discount,
                Cell(MARKS[one.first_month], title=one.first_month.value),
                no,
                yes,
                share,
                row.outcome.selected.least_discount,
            )
        )
    return Table(
        columns,
        tuple(rows),
        f"From which patience on {deal_name(analysis.scenario)} can be played",
        key="patience-proof",
    )


def _ends(one: Proven) -> tuple[float | None, float | None]:
    """Return up to which discount factor the deal is proven unplayable, and from which on it is proven playable."""
    if one.patience is None:
        return None, None
    no = [stretch.high for stretch in one.patience.stretches if stretch.answer is Answer.PROVEN_NO]
    yes = [stretch.low for stretch in one.patience.stretches if stretch.answer is Answer.PROVEN_YES]
    return max(no, default=None), min(yes, default=None)


def _patience_notes(pairs: Pairs) -> tuple[Block, ...]:
    if any(one.patience is None for _, one in pairs):
        words = "The thresholds take a minute: `negotiation run --certify` adds them, with both ends checked exactly."
        return (Paragraph(words),)
    unproven = [literal(row.outcome.call.label) for row, one in pairs if one.patience and one.patience.monotone is None]
    text = "Both ends are proven; between them the sets do not decide. “No” speaks of pure strategies."
    if unproven:
        text += f" After {listed(unproven)} pledges make the game one with two states, in which more patience need not "
        text += "help: there a grid was judged, and a change between its points could hide."
    return (Paragraph(text),)


def _transfer_table(analysis: Analysis, pairs: Pairs) -> Table:
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


def _negotiable_table(pairs: Pairs) -> Table:
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


def _bargaining_table(analysis: Analysis, pairs: Pairs) -> Table:
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


def _checked(pairs: Pairs) -> str:
    exact = [literal(row.outcome.call.label) for row, one in pairs if one.checked]
    regimes = sum(one.regime.holds for _, one in pairs)
    text = (
        f"Checked exactly: {regimes} of {len(pairs)} selected regimes, by a checker that shares no code with the solver"
    )
    if len(exact) == len(pairs):
        return f"{text}, and the inner and outer set after every outcome. `negotiation verify` checks them again."
    if exact:
        return f"{text}, and the sets after {listed(exact)}."
    return (
        f"{text}. The sets rest on the solver's own bounds in doubles with a safety margin; `negotiation run --certify` has "
        "them checked exactly as well."
    )
