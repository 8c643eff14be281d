"""The one picture that carries the answer: does the deal hold after each call outcome, by how much, and at what price.

A row for each outcome: the discount factor that the selected regime needs (diamond) against the one at hand (disc), the
room or the shortfall between them, and beside it what is lost per month and how many months are punished.
"""

from __future__ import annotations

from dataclasses import dataclass

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.report.document import Cell, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import SMALL, Frame, padded, ticks
from negotiation.report.figures.typeset import shortened, width
from negotiation.report.render.palette import BAD, BLUE, GOOD, GREY, INK, MUTED, PAPER, RULE, WARNING
from negotiation.report.words import enumeration, number, percent

TOP, ROW, FOOT = 70.0, 66.0, 50.0
LEFT, SCALE = 14.0, 254.0
LOSS, SHARE, BAR = 286.0, 380.0, 30.0


@dataclass(frozen=True)
class _Line:
    """One row of the picture. rule: whose need `least` is, None where no discount factor is enough; others: names of
    further rules that hold.
    """

    label: str
    holds: bool
    regime: str
    rule: str
    others: tuple[str, ...]
    discount: float
    least: float | None
    loss: float
    share: float
    pays: bool
    given_up: bool

    @property
    def verdict(self) -> str:
        return f"holds by {self.regime}" if self.holds else f"does not hold: {self.regime}"

    @property
    def colour(self) -> str:
        return GOOD if self.holds else WARNING if self.others else BAD


def answer_picture(analysis: Analysis) -> Figure:
    """Return the picture of the first screen: room or shortfall of patience by outcome, losses and punished months."""
    lines = [_line(row.outcome) for row in analysis.comparison.calls]
    unit = analysis.scenario.unit
    digits = _digits(lines)

    def paint(board: Board) -> None:
        _heading(board, unit)
        frame = _frame(board, lines)
        worst = max((line.loss for line in lines), default=0.0)
        for index, line in enumerate(lines):
            _row(board, frame, TOP + index * ROW, line, digits, worst)

    return sheet(
        "answer",
        paint,
        alt=_alt(lines, unit, digits),
        caption=_caption(lines),
        data=_table(lines, unit),
        height=TOP + ROW * len(lines) + FOOT,
    )


def _line(outcome: Outcome) -> _Line:
    pact, regime = outcome.game.pact, outcome.selected
    # a deal that does not hold is worth war, whatever its regime would pay if everyone kept to it
    values = regime.values if outcome.holds else pact.stage.payoff(pact.punishment)
    found = outcome.enforcement
    return _Line(
        outcome.call.label,
        outcome.holds,
        regime.label,
        "" if found.measured is None else found.measured.name,
        tuple(item.name for item in found.others),
        pact.discount,
        None if found.measured is None else found.measured.least,
        sum(pact.stage.payoff(pact.deal)) - sum(values),
        regime.punished_share if outcome.holds else 1.0,
        outcome.holds and regime.key == "compensation",
        outcome.call.regime == "stage_nash",
    )


def _digits(lines: list[_Line]) -> int:
    """Return the decimals that tell every need from what is at hand."""
    pairs = [(line.least, line.discount) for line in lines if line.least is not None]
    return next((d for d in (2, 3) if all(number(a, d) != number(b, d) for a, b in pairs)), 4)


def _frame(board: Board, lines: list[_Line]) -> Frame:
    known = [line.discount for line in lines] + [line.least for line in lines if line.least is not None]
    low = max(0.0, padded([*known, 1.0], 0.17)[0])
    frame = Frame(board, LEFT, TOP, SCALE - LEFT, ROW * len(lines), (low, 1.0))
    marks = ticks(low, 1.0, 5)
    frame.x_axis(marks, grid=False)
    for mark in marks:
        board.line([(frame.x(mark), frame.bottom), (frame.x(mark), frame.bottom + 4)], GREY, 0.8)
    board.line([(frame.left, frame.bottom), (frame.right, frame.bottom)], GREY, 0.8)
    board.text((frame.left + frame.right) / 2, frame.bottom + 32, "discount factor: more patient →", align="center")
    return frame


def _heading(board: Board, unit: str) -> None:
    board.text(0, 12, "Is there patience enough?", size=13.5, bold=True)
    for x, marker, words in ((8, "D", "needed"), (74, "o", "at hand")):
        board.mark(x, 34, marker, INK, 9, hollow=marker == "D")
        board.text(x + 10, 34, words, size=12)
    board.box(142, 30, 18, 8, GOOD)
    board.text(165, 34, "room", size=12)
    board.box(208, 30, 18, 8, PAPER, edge=BAD, hatch="////")
    board.text(231, 34, "short", size=12)
    board.text(LOSS, 12, "Its price", size=13.5, bold=True)
    board.text(LOSS, 34, "joint loss", size=12)
    board.text(LOSS, 49, shortened(unit, SHARE - LOSS - 4, SMALL), size=SMALL, colour=MUTED)
    board.lines(SHARE, 34, ("months", "punished"), leading=15, size=12)


def _row(board: Board, frame: Frame, top: float, line: _Line, digits: int, worst: float) -> None:
    board.line([(0, top), (board.width, top)], RULE, 0.8)
    board.tick(9, top + 17, line.holds, line.colour)
    verdict = shortened(line.verdict, 272, 12.5)
    name = shortened(line.label, board.width - width(verdict, 12.5) - 40, 13.5, bold=True)
    board.text(24, top + 17, name, size=13.5, bold=True)
    board.text(board.width, top + 17, verdict, size=12.5, colour=line.colour, align="right")
    y = top + 45
    _patience(board, frame, y, line, digits)
    width_of_loss = BAR * line.loss / worst if worst > 0 else 0.0
    board.box(LOSS, y - 6, max(width_of_loss, 0.0), 12, BLUE)
    board.text(LOSS + max(width_of_loss, 0.0) + 5, y, number(line.loss, 2), size=12.5)
    board.box(SHARE, y - 6, BAR * line.share, 12, GREY)
    words = percent(line.share)
    board.text(SHARE + BAR * line.share + 5, y, words, size=12.5)
    if line.pays:
        board.text(SHARE + BAR * line.share + 8 + width(words, 12.5), y, "pay", size=12)


def _patience(board: Board, frame: Frame, y: float, line: _Line, digits: int) -> None:
    here = frame.x(line.discount)
    if line.least is None:
        board.mark(here, y, "o", line.colour, 11)
        early = here < (frame.left + frame.right) / 2
        words = "no discount factor is enough"
        board.text(here + (12 if early else -12), y, words, size=12, align="left" if early else "right")
        return
    need = frame.x(line.least)
    left, right = min(here, need), max(here, need)
    if line.holds:
        board.box(left, y - 4, right - left, 8, line.colour)
    else:
        board.box(left, y - 4, right - left, 8, PAPER, edge=line.colour, hatch="////")
    board.mark(need, y, "D", line.colour, 9, hollow=True)
    board.mark(here, y, "o", line.colour, 11)
    first, second = (line.least, line.discount) if need <= here else (line.discount, line.least)
    board.text(left - 10, y, number(first, digits), size=12.5, align="right", bold=first == line.discount)
    board.text(right + 10, y, number(second, digits), size=12.5, bold=second == line.discount)


def _alt(lines: list[_Line], unit: str, digits: int) -> str:
    parts = []
    for line in lines:
        need = (
            f"{line.rule or 'every rule'} holds at no discount factor"
            if line.least is None
            else f"{line.rule} needs {number(line.least, digits)}"
        )
        if line.others and not line.holds:
            need += f", {enumeration(line.others)} would hold"
        parts.append(
            f"{line.label}: {line.verdict}; {need}, at hand {number(line.discount, digits)}; joint loss "
            f"{number(line.loss, 2)} {unit}, {percent(line.share)} of months {'paid for' if line.pays else 'punished'}"
        )
    return "One row for each call outcome. " + ". ".join(parts) + "."


def _caption(lines: list[_Line]) -> str:
    good = [literal(line.label) for line in lines if line.holds]
    bad = [literal(line.label) for line in lines if not line.holds]
    first = (
        f"By the rule selected after each outcome the deal holds by itself after **{enumeration(good)}**"
        if good
        else "After no outcome does the deal hold by itself under the rule selected then"
    )
    second = f"; it does not after **{enumeration(bad)}**." if bad and good else "."
    second += "".join(
        f" After {literal(line.label)} it would by {literal(enumeration(line.others, 'or'))}."
        for line in lines
        if line.others and not line.holds
    )
    reading = (
        " The diamond is the least patience at which the named rule holds, its length or payment chosen anew; a filled "
        "bar means that it holds at the disc. The loss is both players' together, against a deal that everyone keeps "
        "and nobody doubts."
    )
    if any(line.given_up for line in lines):
        named = dict.fromkeys(literal(line.rule) for line in lines if line.given_up and line.rule)
        if named:
            rules = enumeration([*named])
            reading += f" Where stage Nash is selected, the diamond is that of the least demanding rule: {rules}."
    return first + second + reading


def _table(lines: list[_Line], unit: str) -> Table:
    columns = (
        Column("outcome"),
        Column("regime"),
        Column("holds", kind="mark"),
        Column("discount factor needed", kind="number", digits=3),
        Column("at hand", kind="number", digits=3),
        Column("room", kind="number", digits=3, signed=True),
        Column("joint loss", literal(unit), "number", 3),
        Column("months punished", kind="number", digits=3, title="long-run share; months with a payment if paid for"),
        Column("needed by"),
        Column("other rules that hold"),
    )
    rows = tuple(
        (
            literal(line.label),
            literal(line.regime),
            Cell(line.holds, tone="good" if line.holds else "bad"),
            line.least,
            line.discount,
            None if line.least is None else line.discount - line.least,
            line.loss,
            line.share,
            literal(line.rule or "none"),
            literal(enumeration(line.others) or "none"),
        )
        for line in lines
    )
    return Table(columns, rows, "Patience needed and at hand, by call outcome")
