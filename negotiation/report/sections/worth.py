"""What the call is worth to each side and to those who watch, and what information is worth, with its sign."""

from __future__ import annotations

from negotiation.calls.value.call_value import CallValue
from negotiation.calls.value.information_value import InformationValue
from negotiation.report.document import Block, CellValue, Column, Note, Paragraph, Section, Table, literal
from negotiation.report.figures.heat import heat_map
from negotiation.report.words import enumeration, number, title, with_article
from negotiation.solve.regimes.review_strategies import ReviewBlock


def worth_section(found: CallValue) -> Section:
    """Return the section on the worth of a call."""
    labels = {call.name: call.label for call in found.scenario.calls}
    names = [title(party) for party in found.parties]
    picture = heat_map(
        "call-worth",
        names,
        [labels[name] for name, _ in found.chances],
        [[float(x) for x in row] for row in found.by_outcome],
        x_title="party",
        y_title="outcome",
        value_title=f"present value over no call, {found.unit}",
        caption="What each outcome is worth to each party, against no call at all.",
        digits=2,
    )
    blocks: tuple[Block, ...] = (Paragraph(worth_sentence(found)), _parties(found), picture)
    intro = (
        "Present values at the common discount, war after the truce; players' values are political ones, third parties' "
        "economic. A call does not wipe out a response that is due."
    )
    return Section("worth", "What the call is worth", blocks, intro)


def worth_sentence(found: CallValue) -> str:
    """Return who wants the call, and at which price a side would refuse it (inline text)."""
    parts = [f"{literal(title(party))} {found.wants(at)}" for at, party in enumerate(found.parties)]
    prices = [
        f"{literal(title(party))} {_price(found.price(at), found.unit)}" for at, party in enumerate(found.parties[:2])
    ]
    return f"{enumeration(parts)}. {enumeration(prices)}."


def _price(price: float, unit: str) -> str:
    if price >= 0:
        return f"would refuse a call that costs it more than {number(price, 2)} {literal(unit)} at once"
    return f"would have to be paid {number(-price, 2)} {literal(unit)} to take the call"


def _parties(found: CallValue) -> Table:
    columns = (
        Column("party"),
        Column("call rather than none", found.unit, "number", 2, signed=True),
        Column("now rather than in a month", found.unit, "number", 3, signed=True),
        Column("so it"),
    )
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (literal(title(party)), float(found.ever[at]), float(found.now[at]), found.wants(at))
        for at, party in enumerate(found.parties)
    )
    return Table(columns, rows, "Expected gains, present values", key="call-worth-parties")


def information_section(
    found: tuple[InformationValue, ...],
    blocks_less_often: tuple[ReviewBlock, ...],
    players: tuple[str, ...] = ("us", "china"),
) -> Section:
    """Return the section on the value of information to these players."""
    first, second = (literal(title(name)) for name in players[:2])
    columns = (
        Column("source of information"),
        Column("regime"),
        Column(first, kind="number", digits=3, signed=True, group="terms chosen anew"),
        Column(second, kind="number", digits=3, signed=True, group="terms chosen anew"),
        Column("joint", kind="number", digits=3, signed=True, group="terms chosen anew"),
        Column("joint", kind="number", digits=3, signed=True, group="old terms kept"),
        Column("holds after", kind="mark"),
    )
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (
            literal(item.source),
            literal(item.label),
            item.gain[0],
            item.gain[1],
            item.joint,
            None if item.kept is None else sum(item.kept),
            item.holds[1],
        )
        for item in found
    )
    table = Table(columns, rows, "Worth of information, per month", key="information-worth")
    losers = sorted({item.label for item in found if item.gain[0] < -1e-9 and item.joint > 0})
    text = "Better information raises what the two have together"
    if losers:
        text += f", but {literal(with_article(players[0]))} loses by it under {enumeration([literal(name) for name in losers])}: it lives on false alarms there"
    text += "."
    often = tuple((float(item.periods), item.burn, item.stake) for item in blocks_less_often)
    blocks: list[Block] = [Paragraph(text), table]
    if often:
        head = (
            Column("months judged together", kind="number", digits=0),
            Column("burnt a month", kind="number", digits=3),
            Column("stake it needs", kind="number", digits=2),
        )
        caption = "Seeing less often (Abreu, Milgrom and Pearce 1991)"
        blocks.append(Table(head, often, caption, key="less-often"))
    blocks.append(Note("The quality of world figures and of a licence register is judgement.", "limit"))
    return Section(
        "information",
        "What information is worth",
        tuple(blocks),
        "The same game with more to be seen, everything chosen anew.",
    )
