"""How far from a different answer: break-evens, and the window in which there is a dilemma at all."""

from collections.abc import Sequence

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.break_even import BreakEven
from negotiation.calls.outcomes.dilemma import DilemmaWindow
from negotiation.report.document import Cell, Details, Paragraph, Section, Table, literal
from negotiation.report.figures.breakeven import break_even_distances
from negotiation.report.tables import marks, numbers, table
from negotiation.report.words import call_label, enumeration, significant

SHOWN = 12  # parameters of the first table; the others are one click away


def distances_section(analysis: Analysis) -> Section:
    """Return break-evens and the dilemma windows."""
    paths = [*dict.fromkeys(flip.path for flip in analysis.break_evens)]
    first = _break_even_table(analysis, paths[:SHOWN], "Where the answer flips, nearest first", "break-evens")
    rest = _break_even_table(analysis, paths[SHOWN:], "Where the answer flips, the other numbers", "break-evens-rest")
    return Section(
        "distances",
        "How far from a different answer",
        (
            break_even_distances(analysis),
            first,
            *((Details("The other numbers", (rest,)),) if rest.rows else ()),
            Paragraph(
                "**Where it is a dilemma at all.** Both sides must be tempted to leave the deal, both must prefer it to war, "
                "and war must be a stage equilibrium. Outside these windows the question does not arise."
            ),
            _window_table(analysis),
        ),
        "The claim is that the deal enforces itself after a call outcome, under its selected regime with the threshold "
        "trigger (any simple regime where stage Nash is selected), length or payment chosen anew at every value. First come "
        "the numbers whose plausible range holds a flip, by its distance as a share of the range.",
    )


def _break_even_table(analysis: Analysis, paths: Sequence[str], caption: str, key: str) -> Table:
    """Return parameters by outcomes: every value at which the claim flips inside the searched interval."""
    calls = analysis.comparison.calls
    rows = []
    for path in paths:
        parameter = analysis.scenario.parameter(path)
        by_outcome = {flip.outcome: flip for flip in analysis.break_evens if flip.path == path}
        low, high = by_outcome[calls[0].name].searched
        now = Cell(analysis.scenario.value(path), judgement=parameter.is_judgement)
        flips = (_flips(by_outcome[row.name]) for row in calls)
        inside = any(flip.plausible for flip in by_outcome.values())
        searched = f"{significant(low)} to {significant(high)}"
        rows.append((f"`{path}`", now, literal(parameter.unit), *flips, inside, searched))
    labels = (call_label(row.outcome) for row in calls)
    columns = ("parameter", *numbers(3, "now"), "unit", *labels, *marks("in its range"), "searched")
    note = "“holds above 21” means that the claim turns true there; several boundaries are listed in order."
    return table(caption, key, columns, rows, note)


def _flips(flip: BreakEven) -> str:
    return _boundaries(flip, "holds above", "holds below") or f"no flip: {'holds' if flip.holds_now else 'fails'}"


def _boundaries(flip: BreakEven | DilemmaWindow, rising: str, falling: str) -> str:
    """Return in words where the claim turns true or false inside what was searched."""
    low, high = flip.searched
    inner = [(value, holds) for value, holds in flip.boundaries if low < value < high]
    return enumeration([f"{rising if holds else falling} {significant(value)}" for value, holds in inner])


def _window_table(analysis: Analysis) -> Table:
    rows = []
    for window in analysis.windows:
        everywhere = "everywhere searched" if window.inside else "nowhere searched"
        words = _boundaries(window, "from", "up to") or everywhere
        now = analysis.scenario.value(window.path)
        sides = (literal(window.fails_below), literal(window.fails_above))
        rows.append((f"`{window.path}`", now, window.inside, words, *sides))
    columns = ("parameter", *numbers(3, "now"), *marks("a dilemma now"), "a dilemma", "below it", "above it")
    return table(f"The window of a dilemma, {len(rows)} parameters", "dilemma-windows", columns, rows)
