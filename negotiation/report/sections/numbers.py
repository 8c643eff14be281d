"""The numbers: what was changed, what every call changes, all that are used, and what the model leaves out."""

from collections.abc import Iterable, Iterator, Sequence

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.notices import notices
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.report.document import Block, Bullets, Cell, CellValue, Note, Paragraph, Section, literal
from negotiation.report.render.inline import link
from negotiation.report.tables import numbers, table
from negotiation.report.words import call_label, number, percent
from negotiation.trade.parameters.changes import AppliedChange
from negotiation.trade.parameters.derived import REVENUE_WEIGHT
from negotiation.trade.parameters.parameter import number_text


def changed_section(analysis: Analysis) -> Section | None:
    """Return the table of every headline number before and after the changes; None without changes."""
    if not analysis.before:
        return None
    heads = ("parameter", "before", "after", "unit", "notice")
    columns = ("outcome", "number", "before", "after", *numbers(3, "change", signed=True))
    new = {outcome.call.name: outcome for outcome in analysis.comparison.outcomes}
    rows = [line for old in analysis.before if old.call.name in new for line in _lines(old, new[old.call.name])]
    return Section(
        "changes",
        "What the changes do",
        (
            table("Changes to the scenario file", "changes-applied", heads, _change_rows(analysis.scenario.changes)),
            table("Headline numbers before → after", "before-after", columns, rows),
        ),
        "Every headline number without the changes and with them.",
    )


def _change_rows(changes: Iterable[AppliedChange]) -> Sequence[tuple[str, ...]]:
    rows = [(f"`{change.path}`", *change.ends, literal(change.unit), literal(change.notice)) for change in changes]
    return rows or [("nothing", "", "", "", "")]


def _lines(old: Outcome, new: Outcome) -> Iterator[tuple[CellValue, ...]]:
    """Yield the headline numbers of an outcome in two runs, changed ones in bold."""
    for (name, first), second in zip(_fields(old).items(), _fields(new).values(), strict=True):
        shown = [_number_text(value, name) for value in (first, second)]
        change = second - first if isinstance(first, float) and isinstance(second, float) else None
        yield literal(new.call.label), name, shown[0], Cell(shown[1], bold=shown[0] != shown[1]), change


def _fields(outcome: Outcome) -> dict[str, float | str | None]:
    return {
        "holds": "yes" if outcome.holds else "no",
        "least δ": outcome.least_discount,
        "δ": outcome.discount,
        "regime": f"{outcome.selected.label}, {outcome.terms}",
        "value to the first player": outcome.values[0],
        "value to the second player": outcome.values[1],
        "joint value": outcome.joint,
        "months punished": outcome.punished_share,
    }


def _number_text(value: float | str | None, name: str) -> str:
    if isinstance(value, str):
        return literal(value)
    return percent(value, 1) if name == "months punished" and value is not None else number(value)


def calls_section(analysis: Analysis) -> Section:
    """Return what each call changes, which regime it selects, how likely it is, and why."""
    outcomes = [row.outcome for row in analysis.comparison.calls]
    earlier = len(analysis.scenario.changes)
    changes = [
        (call_label(outcome), *cells)
        for outcome in outcomes
        for cells in _change_rows(outcome.game.scenario.changes[earlier:])
    ]
    reasons = [
        (
            call_label(outcome),
            Cell(outcome.call.probability, judgement=True, title=outcome.call.basis),
            literal(outcome.selected.label),
            literal(outcome.call.rationale),
            literal("; ".join(outcome.call.literature)),
        )
        for outcome in outcomes
    ]
    bases = sorted({literal(outcome.call.basis) for outcome in outcomes})
    head = ("outcome", "what changes", "before", "after", "unit", "notice")
    columns = ("outcome", *numbers(2, "probability"), "then selects", "why", "literature")
    blocks: tuple[Block, ...] = (
        table("What each call outcome changes", "call-changes", head, changes),
        table("Why, and how likely", "call-reasons", columns, reasons, *bases),
        Paragraph(
            "A call outcome is assumed, not predicted: what it changes, and which regime the two then agree on, are inputs. "
            "The tables below keep the two apart by showing every outcome under every regime."
        ),
    )
    if len(outcomes) < len(analysis.scenario.calls):
        blocks = (Note("Only the outcomes that were asked for are shown."), *blocks)
    return Section("calls", "What each call changes", blocks)


def numbers_section(analysis: Analysis) -> Section:
    """Return the table of all parameters, judgement in italics, sources linked."""
    scenario = analysis.scenario
    rows = []
    for path, parameter in scenario.listed.items():
        source = scenario.sources.get(scenario.origin_of(path))
        where = literal(scenario.origin_of(path) if source is None else source.title)
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
        set_by = (
            "the weight on revenue is set so that the preferred tariff lies"
            if REVENUE_WEIGHT in scenario.parameters
            else "the preferred tariff is set"
        )
        limits += [
            f"The dilemma is calibrated: {set_by} inside the window in which both sides are "
            "tempted. The leverage Λ is not identified by any data; see how far it is from flipping the answer.",
            "One tariff, one mineral, monthly decisions, constant elasticities, no inventories, no diversification over time.",
            f"The probability of a genuine delay is barely identified (one low month of six, July to December 2025): read "
            f"every result over a range of `monitoring.delay_probability`, not only at "
            f"{percent(scenario.value('monitoring.delay_probability'))}.",
            "The truce ends at a time that nobody knows. With a last month that is known, a single stage equilibrium leaves "
            "nothing to lose in it, and so in the month before: nothing but the punishment would be left.",
            "Economic values leave out leverage and mineral sales forgone; political values leave out third parties.",
        ]
    if scenario.any_pair_of_shares:
        limits.append(
            "Where any pair of shares is to be deterred, from the US and from all others, only the threshold trigger is judged: "
            "the best set of signals is not sought, and break-evens are those of the key numbers."
        )
    elif scenario.delays_last:
        limits.append(
            "Delays last here: payoff sets, what the call must deliver and what information is worth are left out, the game on "
            "the call counts months as if drawn anew, and break-evens are those of the key numbers. No share is proven not to "
            "pay: shares were searched."
        )
    return Section("limits", "Limits", (Bullets(tuple(limits)),), "What this cannot tell you.")
