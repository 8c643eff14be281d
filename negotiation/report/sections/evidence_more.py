"""More of the evidence for its own experiments: next figures, licensing facts, the way round, base rates, contacts."""

from collections.abc import Sequence

from negotiation.evidence.answers.assessment import Assessment, chance_text
from negotiation.evidence.answers.base_rates import BaseRates, Contact
from negotiation.evidence.answers.deliberate_share import FACT_WEIGHT
from negotiation.evidence.answers.posterior_to_game import HeadlineShares
from negotiation.evidence.answers.public_figure import PublicFigure
from negotiation.evidence.data.months import month_name
from negotiation.evidence.forecasts.event_study import CAVEAT, EventStudy
from negotiation.evidence.forecasts.next_figures import NextFigures
from negotiation.report.document import Cell, Paragraph, Section, Table, literal
from negotiation.report.tables import numbers, table
from negotiation.report.words import label, number, percent, significant
from negotiation.trade.parameters.labels import signals_text


def next_section(assessment: Assessment) -> Section:
    """Return which next figure would change the answer, and how, under each prior."""
    tables = tuple(map(_next_table, assessment.next_figures))
    return Section("next-figures", "Which next figure would change it, and how", tables)


def _next_table(figures: NextFigures) -> Table:
    rows = [
        (f"{row.rest_name} ({row.rest:.0f} t)", f"{row.us_name} ({row.us:.0f} t)", row.targeted, row.common)
        for row in figures.rows
    ]
    columns = ("to the others", "to the US, share of the others' figure", *numbers(2, "P(targeted)", "P(common)"))
    even = "at no tonnage is targeted conduct as likely as not"
    if figures.even is not None:
        even = f"targeted conduct is as likely as not at {figures.even:.0f} t to the US"
    note = f"Low, middle and high are the forecast's own 10, 50 and 90 %. With the others in the middle, {even}."
    caption = f"If {month_name(figures.month)} shows … ({literal(figures.prior)} prior)"
    return table(caption, f"next-{figures.prior}", columns, rows, note, sortable=False)


def split_section(assessment: Assessment) -> Section:
    """Return how a common disturbance is split by a stated prior and facts about licensing."""
    rows = [
        (split.prior, *(Cell(chance_text(chance), judgement=True) for chance in (split.before, split.after)))
        for split in assessment.splits
    ]
    facts = [
        (literal(fact.meaning), fact.value, fact.published, Cell(ratio, judgement=True), literal(fact.source))
        for fact, ratio in assessment.splits[assessment.middle].ratios
    ]
    ratio_column = numbers(2, "likelihood ratio", title="deliberate over slow")
    head = ("fact", *numbers(2, "share approved"), "published", *ratio_column, "source")
    text = (
        "Customs figures cannot tell a slow desk from a decision. Approval shares can, a little, once the statutory wait "
        f"of 45 working days was over (11 June 2025); the facts overlap and count at {FACT_WEIGHT:g} of their weight."
    )
    columns, caption = ("prior", "before the facts", "after"), "P(deliberate), if the disturbance is common"
    return Section(
        "deliberate",
        "A slow desk or a decision?",
        (
            Paragraph(text),
            table(caption, "split", columns, rows, sortable=False),
            table("Facts published by then", "facts", head, facts),
        ),
    )


def public_section(figure: PublicFigure) -> Section:
    """Return what the rest-of-world figure is worth as a public signal, and the way round it."""
    joint = numbers(3, "joint loss", unit="USD bn/month")
    columns = ("monitoring", *numbers(3, "least δ"), *joint, *numbers(3, "false alarm, a month"), "trigger")
    rows = []
    for option in figure.options:
        numbers_shown = (option.least_discount, option.loss, option.regime.low_if_deal)
        rows.append((literal(option.name), *numbers_shown, literal(signals_text(option.regime.trigger))))
    text = (
        "A genuine delay holds up everyone, so the figure for the others tells intent from delay, as long as China does "
        f"not slow-walk everyone. That costs it {number(figure.extra, 2)} a month more than a slow-walk of the US alone; "
        f"below {number(figure.gain, 2)} it pays, and the trigger has to count common lows again."
    )
    caption = "Mutual reversion with the best trigger set"
    options = table(caption, "public-figure", columns, rows, sortable=False)
    return Section("public-figure", "The others' figure as a signal, and the way round it", (Paragraph(text), options))


def headline_section(shares: HeadlineShares) -> Section:
    """Return in how many draws of the posterior each outcome's deal holds."""
    rows = [(literal(row.label), literal(row.regime), percent(row.share)) for row in shares.rows]
    caption = f"Delay, severity and noise drawn {shares.draws} times from the posterior ({literal(shares.prior)} prior)"
    outcomes = table(caption, "headline-shares", ("call outcome", "regime", "holds in"), rows, sortable=False)
    return Section("headline", "Does the deal hold, over the posterior?", (outcomes,))


def rates_section(base_rates: BaseRates, without: Sequence[tuple[Contact, BaseRates]]) -> Section:
    """Return the base rates of leaders' contacts, the contacts they come from, and what is left `without` each."""
    columns = ("outcome", *numbers(0, "count", "of"), "90 % Jeffreys interval", *numbers(2, "probability"))
    rows = [
        (label(rate.outcome), rate.count, rate.n, f"{rate.low:.2f} to {rate.high:.2f}", rate.probability)
        for rate in base_rates.rates
    ]
    contacts = []
    for contact, rest in without:
        because = literal("; ".join(f"{row.dated} {row.text}" for row in contact.because)) or "nothing within 30 days"
        left = rest.given_call("breakdown")
        contacts.append((contact.event.dated, literal(contact.event.text), label(contact.outcome), because, left))
    note = "“No call” counts spells of 90 days; the other classes are by the 30 days after a contact. See docs/evidence.md."
    chance = base_rates.given_call("breakdown")
    sentence = f"Given that there is a call, it ends in a breakdown with a chance of {number(chance, 2)} by this count; the last column says what would be left of that had one contact not taken place."
    columns = ("date", "contact", "class", "because of", *numbers(2, "breakdown without it"))
    return Section(
        "base-rates",
        "How leaders' contacts have ended",
        (
            table(f"Base rates known on {base_rates.as_of}", "rates", columns, rows, note, sortable=False),
            Paragraph(sentence),
            table("The contacts", "contacts", columns, contacts),
        ),
    )


def contacts_section(study: EventStudy) -> Section:
    """Return shipments around the contacts beside forecasts that knew of none."""
    tonnes = numbers(0, "month before", "month after", "forecast of it", unit="t")
    columns = ("contact", *tonnes, "80 % interval", *numbers(2, "log surprise", signed=True))
    rows = []
    for row in study.rows:
        interval = f"{row.low:.0f} to {row.high:.0f}"
        rows.append((f"{row.date} {literal(row.text)}", row.before, row.after, row.forecast, interval, row.surprise))
    text = (
        f"The month before stood at a mean of {significant(study.mean_before)} in logs against the mean of all months, the month "
        f"after rose by {significant(study.mean_change)}; forecasts that knew of no contact left {significant(study.mean_surprise)} "
        f"of that open, and {study.inside} of {len(study.rows)} figures lay inside their 80 % interval. {CAVEAT}"
    )
    around = table("Before and after, beside the forecast", "contacts-table", columns, rows)
    return Section("contacts-study", "Shipments around the contacts", (Paragraph(text), around))
