"""More of the evidence for its own experiments: next figures, licensing facts, the way round, base rates, contacts."""

from __future__ import annotations

from negotiation.evidence.answers.assessment import Assessment, chance_text
from negotiation.evidence.answers.base_rates import BaseRates
from negotiation.evidence.answers.deliberate_share import FACT_WEIGHT
from negotiation.evidence.answers.headline_over_posterior import HeadlineShares
from negotiation.evidence.answers.public_figure import PublicFigure
from negotiation.evidence.data.months import month_name
from negotiation.evidence.forecasts.event_study import CAVEAT, EventStudy
from negotiation.report.document import Block, Cell, CellValue, Column, Paragraph, Section, Table, literal
from negotiation.report.words import label, number, percent, significant
from negotiation.trade.parameters.labels import signals_text


def next_section(found: Assessment) -> Section:
    """Return which next figure would change the answer, and how, under each prior."""
    blocks: list[Block] = []
    for item in found.next_figures:
        rows: list[tuple[CellValue, ...]] = [
            (f"{row.rest_name} ({row.rest:.0f} t)", f"{row.us_name} ({row.us:.0f} t)", row.targeted, row.common)
            for row in item.rows
        ]
        columns = (
            Column("to the others"),
            Column("to the US, share of the others' figure"),
            Column("P(targeted)", kind="number", digits=2),
            Column("P(common)", kind="number", digits=2),
        )
        even = "at no tonnage is targeted conduct as likely as not" if item.even is None else (
            f"targeted conduct is as likely as not at {item.even:.0f} t to the US"
        )  # fmt: skip
        note = f"Low, middle and high are the forecast's own 10, 50 and 90 %. With the others in the middle, {even}."
        caption = f"If {month_name(item.month)} shows … ({literal(item.prior)} prior)"
        blocks.append(Table(columns, tuple(rows), caption, key=f"next-{item.prior}", sortable=False, notes=(note,)))
    return Section("next-figures", "Which next figure would change it, and how", tuple(blocks))


def split_section(found: Assessment) -> Section:
    """Return how a common disturbance is split by a stated prior and facts about licensing."""
    columns = (Column("prior"), Column("before the facts"), Column("after"))
    rows: list[tuple[CellValue, ...]] = [
        (item.prior, Cell(chance_text(item.before), judgement=True), Cell(chance_text(item.after), judgement=True))
        for item in found.splits
    ]
    facts: list[tuple[CellValue, ...]] = [
        (literal(fact.meaning), fact.value, fact.published, Cell(ratio, judgement=True), literal(fact.source))
        for fact, ratio in found.splits[found.middle].ratios
    ]
    names = (
        Column("fact"),
        Column("share approved", kind="number", digits=2),
        Column("published"),
        Column("likelihood ratio", kind="number", digits=2, title="deliberate over slow"),
        Column("source"),
    )
    text = (
        "Customs figures cannot tell a slow desk from a decision. Approval shares can, a little, once the statutory wait "
        f"of 45 working days was over (11 June 2025); the facts overlap and count at {FACT_WEIGHT:g} of their weight."
    )
    shares = Table(columns, tuple(rows), "P(deliberate), if the disturbance is common", key="split", sortable=False)
    known = Table(names, tuple(facts), "Facts published by then", key="facts")
    return Section("deliberate", "A slow desk or a decision?", (Paragraph(text), shares, known))


def public_section(found: PublicFigure) -> Section:
    """Return what the rest-of-world figure is worth as a public signal, and the way round it."""
    columns = (
        Column("monitoring"),
        Column("least δ", kind="number", digits=3),
        Column("joint loss", "USD bn/month", kind="number", digits=3),
        Column("false alarm, a month", kind="number", digits=3),
        Column("trigger"),
    )
    rows: list[tuple[CellValue, ...]] = [
        (
            literal(item.name),
            item.least_discount,
            item.loss,
            item.regime.low_if_deal,
            literal(signals_text(item.regime.trigger)),
        )
        for item in found.options
    ]
    text = (
        "A genuine delay holds up everyone, so the figure for the others tells intent from delay, as long as China does "
        f"not slow-walk everyone. That costs it {number(found.extra, 2)} a month more than a slow-walk of the US alone; "
        f"below {number(found.enough, 2)} it pays, and the trigger has to count common lows again."
    )
    table = Table(
        columns, tuple(rows), "Mutual reversion with the best trigger set", key="public-figure", sortable=False
    )
    return Section("public-figure", "The others' figure as a signal, and the way round it", (Paragraph(text), table))


def headline_section(found: HeadlineShares) -> Section:
    """Return in how many draws of the posterior each outcome's deal holds."""
    rows: list[tuple[CellValue, ...]] = [
        (literal(row.label), literal(row.regime), percent(row.share)) for row in found.rows
    ]
    columns = (Column("call outcome"), Column("regime"), Column("holds in"))
    caption = f"Delay, severity and noise drawn {found.draws} times from the posterior ({literal(found.prior)} prior)"
    return Section("headline", "Does the deal hold, over the posterior?",
                   (Table(columns, tuple(rows), caption, key="headline-shares", sortable=False),))  # fmt: skip


def rates_section(found: BaseRates) -> Section:
    """Return the base rates of leaders' contacts and the contacts they come from."""
    columns = (
        Column("outcome"),
        Column("count", kind="number", digits=0),
        Column("of", kind="number", digits=0),
        Column("90 % Jeffreys interval"),
        Column("probability", kind="number", digits=2),
    )
    rows: list[tuple[CellValue, ...]] = [
        (label(item.outcome), item.count, item.n, f"{item.low:.2f} to {item.high:.2f}", item.probability)
        for item in found.rates
    ]
    listed: list[tuple[CellValue, ...]] = [
        (item.event.dated, literal(item.event.text), label(item.outcome),
         literal("; ".join(f"{row.dated} {row.text}" for row in item.because)) or "nothing within 30 days")
        for item in found.contacts
    ]  # fmt: skip
    names = (Column("date"), Column("contact"), Column("class"), Column("because of"))
    note = "“No call” counts spells of 90 days; the other classes are by the 30 days after a contact. See docs/evidence.md."
    return Section(
        "base-rates",
        "How leaders' contacts have ended",
        (
            Table(
                columns, tuple(rows), f"Base rates known on {found.as_of}", key="rates", sortable=False, notes=(note,)
            ),
            Table(names, tuple(listed), "The contacts", key="contacts"),
        ),
    )


def contacts_section(found: EventStudy) -> Section:
    """Return shipments around the contacts beside forecasts that knew of none."""
    columns = (
        Column("contact"),
        Column("month before", "t", kind="number", digits=0),
        Column("month after", "t", kind="number", digits=0),
        Column("forecast of it", "t", kind="number", digits=0),
        Column("80 % interval"),
        Column("log surprise", kind="number", digits=2, signed=True),
    )
    rows: list[tuple[CellValue, ...]] = [
        (
            f"{row.date} {literal(row.text)}",
            row.before,
            row.after,
            row.forecast,
            f"{row.low:.0f} to {row.high:.0f}",
            row.surprise,
        )
        for row in found.rows
    ]
    text = (
        f"The month before stood at a mean of {significant(found.mean_before)} in logs against the mean of all months, the month "
        f"after rose by {significant(found.mean_change)}; forecasts that knew of no contact left {significant(found.mean_surprise)} "
        f"of that open, and {found.inside} of {len(found.rows)} figures lay inside their 80 % interval. {CAVEAT}"
    )
    return Section("contacts-study", "Shipments around the contacts", (
        Paragraph(text), Table(columns, tuple(rows), "Before and after, beside the forecast", key="contacts-table"),
    ))  # fmt: skip
