"""The call as a game: what each message would lead to, every equilibrium in a sentence, and what words can reveal."""

from __future__ import annotations

import math
from collections.abc import Mapping

from negotiation.calls.closed_forms import PledgeThresholds
from negotiation.calls.signalling.call_game import CallGame
from negotiation.calls.signalling.cheap_talk import BIASES, cheap_talk
from negotiation.calls.signalling.outcome_probabilities import (
    OutcomeProbabilities,
    ProbabilityRange,
    outcome_probabilities,
)
from negotiation.report.document import (
    Block,
    Bullets,
    Cell,
    CellValue,
    Column,
    Details,
    Heading,
    Note,
    Paragraph,
    Section,
    Table,
    literal,
)
from negotiation.report.words import count_text, enumeration, number, percent, title, with_article
from negotiation.trade.scenario.scenario import Scenario

MOST_ROWS = 14


def call_game_section(
    scenario: Scenario,
    found: PledgeThresholds,
    game: CallGame,
    fragile: tuple[str, CallGame] | None = None,
    base_rates: Mapping[str, ProbabilityRange] | None = None,
) -> Section:
    """Return the section on what can be said on the call; base_rates: from the historical record, by outcome."""
    first, second = (with_article(name) for name in scenario.players)
    blocks: list[Block] = [
        Heading("Thresholds"),
        Bullets(tuple(literal(text) for text in found.sentences(scenario.unit.split("/")[0].strip(), first, second))),
        Heading("As things stand"),
        *game_blocks(game, "now", scenario.players),
    ]
    if fragile is not None:
        blocks += [
            Heading(f"After {literal(fragile[0])}, where trust is needed"),
            *game_blocks(fragile[1], "fragile", scenario.players),
        ]
    blocks += [
        Heading("What cheap talk can reveal"),
        talk_table(),
        chances_table(outcome_probabilities(scenario, game, base_rates)),
    ]
    intro = (
        f"{literal(second[0].upper() + second[1:])} is strategic or a conditional co-operator whose low months are no "
        f"intent. On the call it stays silent, assures, or pledges to pay in a low month; {literal(first)} keeps to the "
        "deal, hedges or snaps back. What follows is valued in the repeated game, and every perfect Bayesian equilibrium is listed, in exact arithmetic."
    )
    return Section("call-game", "What can be said on the call", tuple(blocks), intro)


def game_blocks(game: CallGame, key: str, players: tuple[str, ...] = ("us", "china")) -> list[Block]:
    """Return the tables of one call game: values after each message, and its equilibria."""
    prior = percent(game.assumptions.prior)
    first, second = (literal(with_article(name)) for name in players[:2])
    threats = enumeration([f"'{literal(name)}'" for name in game.empty_threats])
    lead = f"P(strategic) is taken to be {prior} before the call ({literal(game.assumptions.prior_source)})."
    if game.empty_threats:
        lead += f" Never a best reply, whatever is believed, so no threat at all: {threats}."
    if not game.trust_is_needed:
        lead += (
            f" The strategic type would keep the deal after every message: **the call need not tell who {second} is**."
        )
    blocks: list[Block] = [Paragraph(lead), _values(game, key, players)]
    table = _equilibria(game, key, players)
    blocks.append(
        Details(f"All {count_text(len(game.readings), 'component')} of equilibria", (table,))
        if len(game.readings) > 2
        else table
    )
    if any(not reading.valid for reading in game.readings):
        text = (
            "Where a component is marked approximate, both types send a message after which the strategic one would break "
            f"the deal: {first} would go on learning from what is seen, which these continuation values leave out."
        )
        blocks.append(Note(text, "limit"))
    return blocks


def _values(game: CallGame, key: str, players: tuple[str, ...]) -> Table:
    first, second = (literal(title(name)) for name in players[:2])
    columns = (
        Column("message"),
        Column("strategic, kept", kind="number", digits=3, group=second),
        Column("strategic, hedged", kind="number", digits=3, group=second),
        Column("co-operator, kept", kind="number", digits=3, group=second),
        Column("co-operator, hedged", kind="number", digits=3, group=second),
        Column("keep if strategic", kind="number", digits=3, group=first),
        Column("keep if co-operator", kind="number", digits=3, group=first),
        Column("hedge", kind="number", digits=3, group=first),
        Column("strategic type complies", kind="mark"),
        Column("keep is best up to P(strategic)", kind="number", digits=3),
    )
    rows: list[tuple[CellValue, ...]] = []
    for name, after, trust in zip(game.game.messages, game.after, game.trust, strict=True):
        china, us = after.sender, after.receiver
        rows.append(
            (
                literal(name),
                *(float(x) for x in (china[0, 0], china[0, 1], china[1, 0], china[1, 1], us[0, 0], us[1, 0], us[0, 1])),
                after.complies,
                None if trust < 0 else trust,
            )
        )
    return Table(columns, tuple(rows), "Values after each message, per month", key=f"call-values-{key}")


def _equilibria(game: CallGame, key: str, players: tuple[str, ...]) -> Table:
    columns = (
        Column("equilibria"),
        Column("intuitive criterion"),
        Column(f"{literal(title(players[0]))} keeps"),
        Column(f"value to {literal(with_article(players[0]))}"),
        Column("continuation values"),
        Column("what is said, done and believed"),
    )
    rows = tuple(
        (
            reading.component.kind,
            Cell(
                reading.intuitive.verdict,
                title="" if reading.intuitive.objection is None else reading.intuitive.objection.sentence(),
            ),
            _span(reading.kept, 0),
            _span(reading.receiver, 3),
            "right" if reading.valid else "approximate",
            literal(reading.sentence),
        )
        for reading in game.readings[:MOST_ROWS]
    )
    left = len(game.readings) - len(rows)
    notes = (
        (f"{count_text(left, 'more component')} {'is' if left == 1 else 'are'} in the experiment `value_of_the_call`.",)
        if left > 0
        else ()
    )
    return Table(columns, rows, "Perfect Bayesian equilibria", key=f"call-equilibria-{key}", notes=notes)


def _span(span: tuple[float, float], digits: int) -> str:
    low, high = span
    if math.isnan(low):
        return "n/a"
    shown = [number(100 * end, 0) if digits == 0 else number(end, digits) for end in (low, high)]
    words = shown[0] if shown[0] == shown[1] else f"{shown[0]} to {shown[1]}"
    return f"{words} %" if digits == 0 else words


def talk_table() -> Table:
    """Return what the most informative cheap talk reveals by bias (Crawford, Sobel 1982)."""
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (talk.bias, float(talk.intervals), talk.revealed) for talk in (cheap_talk(bias) for bias in BIASES)
    )
    columns = (
        Column("bias (how much more leniency is wanted)", kind="number", digits=2),
        Column("intervals told apart", kind="number", digits=0),
        Column("share of the uncertainty removed", kind="number", digits=2),
    )
    caption = "Costless words about the severity of a delay (Crawford and Sobel 1982)"
    note = "Both types want the other side to keep to the deal, so words about the type reveal nothing; from a bias of 1/4 on nothing is said."
    return Table(columns, rows, caption, key="cheap-talk", notes=(note,))


def chances_table(found: tuple[OutcomeProbabilities, ...]) -> Table:
    """Return the probabilities of the outcomes side by side."""
    columns = (
        Column("outcome"),
        Column("in equilibrium of the call game"),
        Column("base rate"),
        Column("your own", kind="number", digits=2),
    )
    rows = tuple(
        (literal(item.label), _chance(item.equilibrium), _chance(item.base_rate), Cell(item.own, judgement=True))
        for item in found
    )
    note = (
        "The equilibrium that both like best, and the range over all of them; “no call” there means that nothing was said and "
        "the deal goes on. Your own are those of the scenario file."
    )
    return Table(columns, rows, "How likely is each outcome?", key="outcome-chances", notes=(note,))


def _chance(chance: ProbabilityRange | None) -> str:
    if chance is None:
        return "n/a"
    if chance.low == chance.high:
        return number(chance.value, 2)
    return f"{number(chance.value, 2)} ({number(chance.low, 2)} to {number(chance.high, 2)})"
