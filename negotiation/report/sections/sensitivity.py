"""What moves the answer: one parameter at a time, all at once, and two over a plane."""

from negotiation.report.document import Block, Details, Note, Section, Table, literal
from negotiation.report.figures.phase import phase_figure
from negotiation.report.figures.study_bars import sobol_bars, tornado_bars
from negotiation.report.tables import marks, numbers, table
from negotiation.report.words import count_text, enumeration
from negotiation.studies.phase import PhaseDiagram
from negotiation.studies.sensitivity import SobolIndices, Swing, Tornado
from negotiation.trade.scenario.scenario import Scenario

MEASURE_LABELS = {"joint": "joint value", "holds": "verdict (holds or not)"}


def tornado_section(scenario: Scenario, tornado: Tornado, first: str) -> Section:
    """Return the tornado of one outcome, the others behind a summary, and the table of what flips the headline."""
    figures = {
        name: tornado_bars(f"tornado-{name.replace('_', '-')}", tornado, name, scenario.call(name).label, scenario.unit)
        for name in tornado.outcomes
    }
    leading = figures.pop(first)
    return Section(
        "tornado",
        "One number at a time",
        (
            leading,
            Details("The same after the other call outcomes", tuple(figures.values())),
            _flips(scenario, tornado),
        ),
        "Each parameter goes from the low to the high end of its range, the others stay as they are; length or payment "
        "of every regime is chosen anew.",
    )


def flipping_swings(tornado: Tornado) -> tuple[Swing, ...]:
    """Return the swings that flip a verdict or the best outcome."""
    return tuple(swing for swing in tornado.swings if swing.flips or swing.best_flips)


def _flips(scenario: Scenario, tornado: Tornado) -> Table:
    rows = []
    for swing in flipping_swings(tornado):
        after = enumeration([literal(scenario.call(name).label) for name in swing.flips]) or "none"
        rows.append((f"`{swing.path}`", scenario.value(swing.path), swing.low, swing.high, after, swing.best_flips))
    ends = numbers(None, "now", "low end", "high end")
    columns = ("parameter", *ends, "verdict flips after", *marks("another outcome is best"))
    refused = sum(swing.refused for swing in tornado.swings if not (swing.flips or swing.best_flips))
    rest = len(tornado.swings) - len(rows) - refused
    note = f"Without a flip at either end: {count_text(rest, 'further parameter')}."
    if refused:
        note += f" Without one as far as known, since an end could not be computed: {count_text(refused, 'parameter')}."
    return table("Which parameters flip the headline", "headline-flips", columns, rows, note)


def sobol_section(scenario: Scenario, indices: dict[tuple[str, str], SobolIndices | str]) -> Section:
    """Return the indices of each (outcome, measure), the first in full, the others behind a summary.

    A text in place of indices says why there are none.
    """
    figures, notes, computed = [], [], []
    for (name, measure), entry in indices.items():
        label, words = scenario.call(name).label, MEASURE_LABELS[measure]
        if isinstance(entry, str):
            notes.append(Note(f"The {words} after {literal(label)} has no indices: {entry}."))
        else:
            computed.append(entry)
            figures.append(sobol_bars(f"sobol-{name.replace('_', '-')}-{measure}", entry, label, words))
    rest = Details("The verdict, and the other call outcomes", tuple(figures[1:]))
    blocks: list[Block] = [*figures[:1], rest, *notes]
    worst = max(computed, key=lambda entry: entry.dropped, default=None)
    if worst is not None and worst.dropped:
        text = f"{worst.dropped:,} of {worst.rows + worst.dropped:,} rows hold a point that could not be computed and are left out: the indices are those of the part of the ranges that could be, approximately."
        blocks.append(Note(text, "limit"))
    return Section(
        "sobol",
        "All numbers at once",
        tuple(blocks),
        "The variance over all ranges together, split by parameter (Sobol 2001; Saltelli et al. 2010). Where the total is "
        "far above the first order, the parameter matters through the company it keeps.",
    )


def phase_section(scenario: Scenario, diagram: PhaseDiagram, key: str = "phase") -> Section:
    """Return the section with the diagram of which call makes the deal self-enforcing, over two parameters."""
    first, second = (literal(path.rpartition(".")[2].replace("_", " ")) for path in diagram.paths)
    return Section(
        key,
        f"Which call makes the deal hold, over {first} and {second}",
        (phase_figure(f"{key}-diagram", diagram, scenario),),
        "The boundary is refined where neighbouring points disagree; a feature smaller than the coarse grid can be "
        "missed. An axis that a call would set shows the number that counts after the call.",
    )
