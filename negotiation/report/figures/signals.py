"""What a month of the public signal proves: how likely each signal is under each action of the column player.

A group for each signal, a lane for each action: a bar for its probability and, on a logarithmic strip, how many times
as likely the signal is as under the deal. The ratio need not rise or fall from one signal to the next.
"""

import math

import numpy as np

from negotiation._values import Floats
from negotiation.calls.outcomes.false_accusations import ratios_to_deal
from negotiation.calls.outcomes.trigger_clause import trigger_words
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import SMALL, Axes, Canvas, beside, lanes, marker, next_to, rules, shorten
from negotiation.report.render import svg
from negotiation.report.render.palette import GREY, INK, MUTED, WARNING, WASH, series
from negotiation.report.words import enumeration, label, number, title
from negotiation.trade.game.build import TradeGame
from negotiation.trade.parameters.labels import VERIFIED

LANE, FRAME = 16.0, 84.0  # pixels of an action, and of the headings and the axis
GAP = 2.2  # lanes between the actions of two signals, with the second signal's name
NAME = 130.0  # pixels of the name of an action
BEYOND = 100.0  # a ratio above it, or below one over it, is an arrow
RARE = 0.005  # a signal that an action gives less often is no mark of it, whatever its ratio
MANY = 1000  # ratios above are not told apart in words


def signal_picture(game: TradeGame) -> Figure:
    """Return the likelihood of each signal under each action of player 1, and its ratio to the deal's."""
    pact = game.pact
    rows = np.asarray(pact.monitoring.likelihood[pact.deal[0]])
    ratios = ratios_to_deal(rows, pact.deal[1])
    shown = [index for index in range(pact.monitoring.n_signals) if rows[:, index].any()]
    tops = [GAP + place * (len(rows) + GAP) for place in range(len(shown))]
    names = [label(name) for name in pact.stage.actions[1]]

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots(1, 2, sharey=True, width_ratios=(1, 1.5))
        for top, index in zip(tops, shown, strict=True):
            _signal(list(axes), game, index, top)
            for action in range(len(rows)):
                _bar(axes[0], top + action, float(rows[action, index]), action)
                if action != pact.deal[1]:
                    _ratio(axes[1], top + action, float(ratios[action, index]), action)
        lanes(axes[0], names * len(shown), [top + action for top in tops for action in range(len(rows))], NAME)
        lanes(axes[1], names * len(shown), [top + action for top in tops for action in range(len(rows))])
        axes[1].tick_params(labelleft=False)
        ends = [min(max(ratio, 1 / BEYOND), BEYOND) for ratio in (0.1, 10.0, *ratios[~np.isnan(ratios)].tolist())]
        axes[1].set(xscale="log", xlim=(min(ends) / 1.6, max(ends) * 12))
        powers = [power for power in (0.01, 0.1, 1.0, 10.0, 100.0) if min(ends) <= power <= max(ends)]
        axes[1].set_xticks(powers, labels=[f"{power:g}" for power in powers])
        axes[1].set_xticks([], minor=True)
        axes[0].set(xlim=(0, 1.5), xticks=(0, 0.5, 1), ylim=(tops[-1] + len(rows), 0))
        axes[1].axvline(1, color=GREY, linewidth=1.0)
        who, deal = shorten(title(pact.stage.players[1]), 90), shorten(names[pact.deal[1]], 110)
        for one, head, more in zip(
            axes, ("How likely", "How many times as likely"), (f"by what {who} does", f"as under {deal}"), strict=True
        ):
            one.set_title(f"{head}\n", fontsize=13)
            one.text(0, 1.02, more, transform=one.transAxes, color=MUTED)

    return svg.figure(
        "signals", draw, alt=_alt(game, rows), caption=_caption(game, ratios), data=_table(game, rows, ratios),
        height=LANE * (tops[-1] + len(rows)) + FRAME,
    )  # fmt: skip


def signal_words(game: TradeGame, signals: tuple[str, ...], short: bool = False) -> str:
    """Return what is seen in words: "shipments fall below 80 % of normal", "the signal is 'low'"; `short`: a label."""
    if game.shipments is None:
        return f"the signal {trigger_words(game, signals)}"
    bins = tuple(name for name in signals if name != VERIFIED)
    words = [f"shipments {trigger_words(game, bins, short)}"] if bins else []
    return " or ".join([*words, "a delay is verified"] if VERIFIED in signals else words)


def _signal(axes: list[Axes], game: TradeGame, index: int, top: float) -> None:
    """Name a signal above its lanes, shaded where it counts as low."""
    name = game.pact.monitoring.signals[index]
    low = name in game.pact.trigger
    start, words = top - GAP + 0.4, signal_words(game, (name,), short=True)
    rules(axes, [start])
    beside(axes[1], 0.01, top - 1, shorten(words, 345 if low else 430, 12.5), "figure fraction", fontsize=12.5)
    if low:
        for one in axes:
            one.axhspan(start, top + game.pact.stage.shape[1] - 0.4, color=WASH, linewidth=0)
        beside(axes[1], 1.0, top - 1, "counts as low", ha="right", fontsize=SMALL, color=WARNING, fontstyle="italic")


def _bar(axes: Axes, y: float, share: float, action: int) -> None:
    axes.barh(y, share, 0.68, **series(action).fill)
    next_to(axes, share, y, number(share, 2) if share == 0 or share >= 0.005 else "<0.01", 5)


def _ratio(axes: Axes, y: float, ratio: float, action: int) -> None:
    """Draw a ratio from 1, an arrow where it lies beyond the scale, with its number on the right."""
    if math.isnan(ratio):
        beside(axes, 1.0, y, "–", ha="right", color=MUTED)
        return
    look, shown = series(action), min(max(ratio, 1 / BEYOND), BEYOND)
    axes.plot([1, shown], [y, y], color=look.colour, linewidth=1.6)
    shape = look.marker if shown == ratio else ">" if ratio > 1 else "<"
    axes.plot(shown, y, zorder=3, **marker(shape, look.colour, 7.5))
    weight = "bold" if ratio > 1 else "normal"
    words = ratio_words(ratio)
    beside(axes, 1.0, y, words, ha="right", fontsize=12.5, fontweight=weight, color=INK if ratio else GREY)


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
    often = game.pact.monitoring.likelihood[pact.deal[0], worst] >= RARE
    place = int(np.nanargmax(np.where(often, ratios[worst], np.nan)))
    strongest = literal(signal_words(game, (pact.monitoring.signals[place],)))
    steps = np.diff(np.minimum(ratios[worst][~np.isnan(ratios[worst])], 1e300))
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
