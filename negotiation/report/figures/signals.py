"""What a month of the public signal proves: how likely each signal is under each action of the column player.

A group for each signal, a lane for each action: a bar for its probability and, on a logarithmic strip, how many times
as likely the signal is as under the deal. The ratio need not rise or fall from one signal to the next.
"""

from __future__ import annotations

import math

import numpy as np

from negotiation._values import Floats
from negotiation.calls.outcomes.false_accusations import ratios_to_deal
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import SMALL, Frame
from negotiation.report.figures.seen import signal_words
from negotiation.report.figures.typeset import shortened, width
from negotiation.report.render.palette import GREY, INK, MUTED, PAPER, RULE, WARNING, WASH, series
from negotiation.report.words import enumeration, label, number, title
from negotiation.trade.game.build import TradeGame

HEAD, LANE, GAP, TOP, FOOT = 24.0, 16.0, 10.0, 56.0, 40.0
LEFT, BARS, STRIP, SPAN, EDGE = 92.0, 126.0, 286.0, 120.0, 452.0
MOST_LEFT = 150.0  # names of actions get up to so much of the room of the bars
HALVES = (0.0, 0.5, 1.0)
RARE = 0.005  # a signal that an action gives less often is no mark of it, whatever its ratio
MANY = 1000  # ratios above are not told apart in words


def signal_picture(game: TradeGame) -> Figure:
    """Return the likelihood of each signal under each action of player 1, and its ratio to the deal's."""
    pact = game.pact
    rows = np.asarray(pact.monitoring.likelihood[pact.deal[0]])
    ratios = ratios_to_deal(rows, pact.deal[1])
    group = HEAD + LANE * len(rows) + GAP
    shown = [index for index in range(pact.monitoring.n_signals) if rows[:, index].any()]
    height = TOP + group * len(shown) + FOOT
    left = min(max(LEFT, *(width(label(name), 12) + 8 for name in pact.stage.actions[1])), MOST_LEFT)

    def paint(board: Board) -> None:
        _heading(board, game)
        span = _span(ratios)
        for place, index in enumerate(shown):
            top = TOP + group * place
            _signal(board, game, index, top)
            bars, strip = _frames(board, left, top + HEAD, LANE * len(rows), span)
            for action in range(len(rows)):
                y = top + HEAD + LANE * (action + 0.5)
                name = label(pact.stage.actions[1][action])
                board.text(left - 7, y, shortened(name, left - 8, 12), size=12, align="right", colour=MUTED)
                _bar(bars, y, float(rows[action, index]), action)
                if action != pact.deal[1]:
                    _ratio(strip, y, float(ratios[action, index]), action)
        _scales(board, left, height - FOOT, span)

    return sheet(
        "signals", paint, alt=_alt(game, rows), caption=_caption(game, ratios), data=_table(game, rows, ratios),
        height=height,
    )  # fmt: skip


def _frames(board: Board, left: float, top: float, height: float, span: tuple[float, float]) -> tuple[Frame, Frame]:
    """Return the scales of one signal's lanes, with their faint lines drawn."""
    bars = Frame(board, left, top, LEFT + BARS - left, height, (0.0, 1.0))
    strip = Frame(board, STRIP, top, SPAN, height, span, log_x=True)
    for frame, places in ((bars, HALVES), (strip, _powers(span))):
        for place in places:
            board.line([(frame.x(place), top), (frame.x(place), frame.bottom)], RULE, 0.7)
    strip.zero_x(1.0)
    return bars, strip


def _scales(board: Board, left: float, bottom: float, span: tuple[float, float]) -> None:
    Frame(board, left, bottom, LEFT + BARS - left, 0, (0.0, 1.0)).x_axis(HALVES, grid=False)
    powers = _powers(span)
    strip = Frame(board, STRIP, bottom, SPAN, 0, span, log_x=True)
    strip.x_axis(powers, names=[f"{place:g}" for place in powers], grid=False)


def _span(ratios: Floats) -> tuple[float, float]:
    """Return the ends of the logarithmic strip, powers of ten around 1 that hold every ratio from 0.01 to 100."""
    known = ratios[np.isfinite(ratios) & (ratios > 0)]
    low, high = (float(known.min()), float(known.max())) if known.size else (1.0, 1.0)
    low, high = min(max(low, 0.01), 0.1), max(min(high, 100.0), 10.0)
    return 10.0 ** math.floor(math.log10(low) + 1e-9) / 1.6, 10.0 ** math.ceil(math.log10(high) - 1e-9) * 1.6


def _powers(span: tuple[float, float]) -> list[float]:
    first, last = math.ceil(math.log10(span[0])), math.floor(math.log10(span[1]))
    return [10.0**power for power in range(first, last + 1)]


def _heading(board: Board, game: TradeGame) -> None:
    stage, deal = game.pact.stage, game.pact.deal
    who = shortened(title(stage.players[1]), 90)
    board.text(0, 12, "How likely", size=13, bold=True)
    board.text(0, 30, f"by what {who} does", size=12, colour=MUTED)
    board.text(STRIP - 30, 12, "How many times as likely", size=13, bold=True)
    board.text(STRIP - 30, 30, shortened(f"as under {label(stage.actions[1][deal[1]])}", 180), size=12, colour=MUTED)


def _signal(board: Board, game: TradeGame, index: int, top: float) -> None:
    pact = game.pact
    name = pact.monitoring.signals[index]
    low = name in pact.trigger
    height = HEAD + LANE * pact.stage.shape[1] + GAP - 4
    if low:
        board.box(0, top, board.width, height, WASH)
        board.text(board.width - 4, top + 12, "counts as low", size=SMALL, colour=WARNING, align="right", italic=True)
    board.line([(0, top), (board.width, top)], RULE, 0.8)
    words = signal_words(game, (name,), short=True)
    board.text(4, top + 12, shortened(words, board.width - (100 if low else 8), 12.5), size=12.5)


def _bar(frame: Frame, y: float, share: float, action: int) -> None:
    look = series(action)
    wide = frame.x(share) - frame.left
    fill = look.colour if not look.hatch else PAPER
    if wide > 0.5:
        frame.board.box(frame.left, y - 5.5, wide, 11, fill, edge=look.colour, hatch=look.hatch)
    words = number(share, 2) if share == 0 or share >= 0.005 else "<0.01"
    frame.board.text(frame.left + wide + 5, y, words, size=12)


def _ratio(frame: Frame, y: float, ratio: float, action: int) -> None:
    board, look = frame.board, series(action)
    if math.isnan(ratio):
        board.text(EDGE, y, "–", size=12, align="right", colour=MUTED)
        return
    held = min(max(ratio, frame.xs[0]), frame.xs[1])
    x = frame.x(held)
    board.line([(frame.x(1.0), y), (x, y)], look.colour, 1.6)
    if held == ratio:
        board.mark(x, y, look.marker, look.colour, 7.5)
    else:
        board.head((frame.x(1.0), y), (x, y), look.colour, 9)
    board.text(EDGE, y, ratio_words(ratio), size=12.5, align="right", bold=ratio > 1, colour=INK if ratio else GREY)


def ratio_words(ratio: float) -> str:
    """Return a likelihood ratio as text.

    >>> ratio_words(9.33), ratio_words(0.0), ratio_words(0.0002), ratio_words(math.inf)
    ('9.3', '0', '<0.01', '∞')
    >>> ratio_words(15248.4)
    '>1000'
    """
    if math.isinf(ratio):
        return "∞"
    if ratio > MANY:
        return f">{MANY}"
    if ratio < 0.01:
        return "0" if ratio == 0 else "<0.01"
    return number(ratio, 2 if ratio < 1 else 1 if ratio < 10 else 0)


def capped(ratio: float) -> CellValue:
    """Return a likelihood ratio for a table: None where neither occurs, ">1000" where it is only noise how many."""
    if math.isnan(ratio):
        return None
    return f">{MANY}" if MANY < ratio < math.inf else float(ratio)


def _alt(game: TradeGame, rows: Floats) -> str:
    pact = game.pact
    parts = [
        f"{signal_words(game, (name,), short=True)}: "
        + enumeration(
            [f"{number(float(row[index]), 2)} under {label(pact.stage.actions[1][i])}" for i, row in enumerate(rows)]
        )
        for index, name in enumerate(pact.monitoring.signals)
    ]
    return f"Probability of each signal by what {title(pact.stage.players[1])} does. {'; '.join(parts)}."


def _caption(game: TradeGame, ratios: Floats) -> str:
    pact = game.pact
    deal = pact.deal[1]
    payoffs = pact.stage.payoffs[1, pact.deal[0]].copy()
    payoffs[deal] = -math.inf
    if len(payoffs) < 2:
        return "How likely each signal is."
    worst = int(payoffs.argmax())
    name = literal(label(pact.stage.actions[1][worst]))
    known = [value for value in ratios[worst] if not math.isnan(value)]
    often = game.pact.monitoring.likelihood[pact.deal[0], worst] >= RARE
    place = int(np.nanargmax(np.where(often, ratios[worst], np.nan)))
    strongest = literal(signal_words(game, (pact.monitoring.signals[place],)))
    steps = np.sign(np.diff(np.minimum(known, 1e300)))
    turns = bool((steps > 0).any() and (steps < 0).any())
    text = f"The strongest mark of **{name}** is the month in which {strongest}: "
    text += f"{ratio_words(float(ratios[worst, place])).replace('>', 'more than ')} times as likely as under the deal."
    if turns and game.figures is not None and not game.figures.both:
        text += " The ratio is not monotone: a deeper fall is not stronger evidence."
    return text + " Shaded: signals that count as low under the threshold trigger."


def _table(game: TradeGame, rows: Floats, ratios: Floats) -> Table:
    pact = game.pact
    actions = [literal(label(name)) for name in pact.stage.actions[1]]
    others = [index for index in range(len(actions)) if index != pact.deal[1]]
    columns = (
        Column("signal"),
        Column("counts as low", kind="mark"),
        *(Column(name, kind="number", digits=4, group="probability under") for name in actions),
        *(Column(actions[i], kind="number", digits=2, group="ratio to the deal") for i in others),
    )
    lines: tuple[tuple[CellValue, ...], ...] = tuple(
        (
            literal(signal_words(game, (name,), short=True)),
            name in pact.trigger,
            *(float(row[index]) for row in rows),
            *(capped(ratios[i, index]) for i in others),
        )
        for index, name in enumerate(pact.monitoring.signals)
    )
    return Table(columns, lines, "Likelihood of signals and likelihood ratios", sortable=False)
