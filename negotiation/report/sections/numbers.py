"""Every number used, with its range and source, and what the model leaves out."""

from __future__ import annotations

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.notices import notices
from negotiation.report.document import Bullets, Cell, Note, Paragraph, Section, literal
from negotiation.report.render.inline import link
from negotiation.report.tables import table
from negotiation.report.words import percent
from negotiation.trade.parameters.parameter import number_text


def numbers_section(analysis: Analysis) -> Section:
    """Return the table of all parameters, judgement in italics, sources linked."""
    scenario = analysis.scenario
    rows = []
    for path, parameter in scenario.parameters.items():
        source = scenario.sources.get(parameter.source)
        where = literal(parameter.source if source is None else source.title)
        if source is not None and source.url.startswith(("http://", "https://")):
            where = link(where, source.url)
        value = Cell(number_text(parameter.value), judgement=parameter.is_judgement)
        words = (parameter.range_text, literal(parameter.unit), literal(parameter.meaning), where, parameter.dated)
        rows.append((f"`{path}`", value, *words))
    columns = ("parameter", "value", "plausible range", "unit", "meaning", "source", "known by")
    texts = list(map(literal, notices(scenario)))
    if scenario.notices:
        texts.insert(0, f"Outside their plausible range: {'; '.join(map(literal, scenario.notices))}")
    return Section(
        "numbers",
        "Numbers used",
        (
            *(Note(f"{text}.", "warning") for text in texts),
            Paragraph("Values in italics are judgement: no published source fixes them."),
            table("Numbers used", "numbers-table", columns, rows),
        ),
    )


def limits_section(analysis: Analysis) -> Section:
    """Return the limits of the model, stated plainly."""
    scenario = analysis.scenario
    limits = [
        "“Self-enforcing” is said of a regime, never of the dispute as such: richer strategies can hold the deal with less "
        "patience or less loss, and the simple regimes shown here are not the best equilibrium.",
        "Call outcomes differ by assumption. The ranking follows from what is assumed about delays, pledges, patience and "
        "selection; the split above says how much of each gain is assumed and how much computed.",
        "Genuine delays are drawn independently month by month. Persistent delays would give the delaying side private "
        "information about its own deviations, which this analysis does not treat.",
        "The prior in the table of wrong accusations is the probability that withholding is being played, a reduced form.",
        "A regime after which one side gains from an alarm gives that side a reason to raise one: the signal must come "
        "from a source that neither controls.",
        "Third parties are passive: they do not retaliate, stockpile or join in.",
    ]
    if scenario.kind == "economy":
        limits += [
            "The dilemma is calibrated: the preferred tariff is set inside the window in which both sides are tempted. The "
            "leverage Λ is not identified by any data; see how far it is from flipping the answer.",
            "One tariff, one mineral, monthly decisions, constant elasticities, no inventories, no diversification over time.",
            f"The probability of a genuine delay is barely identified (one low month of six, July to December 2025): read "
            f"every result over a range of `monitoring.delay_probability`, not only at "
            f"{percent(scenario.value('monitoring.delay_probability'))}.",
            "Economic values leave out leverage and mineral sales forgone; political values leave out third parties.",
        ]
    return Section("limits", "Limits", (Bullets(tuple(limits)),), "What this cannot tell you.")
