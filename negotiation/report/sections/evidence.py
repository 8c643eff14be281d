"""Defiance or delay: the report's section on what the shipments say, and the blocks that the experiments share."""

from __future__ import annotations

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.evidence.answers.assessment import Assessment, chance_text
from negotiation.evidence.answers.game_fit import GameFit, can_fit, game_fit, us_only_actions
from negotiation.evidence.answers.scenario_fragment import estimates
from negotiation.evidence.data.months import month_name, month_text
from negotiation.evidence.model.prior_overlap import PriorOverlap
from negotiation.report.document import (
    Block,
    Cell,
    CellValue,
    Column,
    Details,
    Note,
    Paragraph,
    Section,
    Table,
    literal,
)
from negotiation.report.figures.evidence import shipments_and_causes
from negotiation.report.words import count_text, label, percent, significant
from negotiation.trade.scenario.scenario import Scenario

REDUCED = (
    "The action chain is a **reduced form**: what is probably being played, not an equilibrium belief. A disturbance "
    "that is common to all destinations may be a slow desk or a decision; shipments cannot tell which."
)


def evidence_section(analysis: Analysis) -> Section | None:
    """Return the section on the shipments; None where they say nothing of the scenario."""
    found = analysis.shipments
    return None if found is None else section(found, analysis.scenario)


def section(found: Assessment, scenario: Scenario) -> Section:
    """Return the section of an assessment beside a scenario's own numbers."""
    blocks: list[Block] = [shipments_and_causes("evidence-path", found)]
    if found.history.few:
        blocks.append(Note("Fewer than six single months are known: what follows is mostly the prior.", "warning"))
    blocks += [
        *(Paragraph(literal(found.sentence(month))) for month in _told(found)),
        causes_table(found),
        Paragraph(REDUCED),
        estimates_table(found, scenario),
        Details("What the data inform, parameter by parameter", (learned_table(found.prior_overlaps),)),
    ]
    if can_fit(scenario):
        fit = game_fit(scenario, found)
        blocks.append(
            Details("Does the game describe these months?", (Paragraph(_fit_words(fit)), fit_table(fit, scenario)))
        )
    return Section(
        "evidence",
        "Defiance or delay: what the shipments say",
        tuple(blocks),
        f"From {count_text(found.history.us_singles, 'single month')} of magnets shipped to the US, known on {found.as_of}; "
        "`negotiation evidence` says more.",
    )


def _told(found: Assessment) -> list[int]:
    """Return the months that get a sentence: the last with a figure, the one after it, and the least clear one."""
    middle, months = found.causes[found.middle], list(found.history.months)
    known = [month for month in months if month <= found.last]
    doubtful = max(known, key=lambda month: middle.probability("targeted", month)[0])
    return sorted({doubtful, found.last, min(found.last + 1, months[-1])})


def causes_table(found: Assessment) -> Table:
    """Return the probability of each cause in the last month, by prior, with intervals."""
    columns = (
        Column("prior"),
        *(Column(name) for name in ("common", "slow-walk", "withhold", "targeted in all")),
        Column("deliberate, if common"),
        Column("effective draws", kind="number", digits=0),
    )
    rows: list[tuple[CellValue, ...]] = []
    for name, cause, post, item in zip(found.priors, found.causes, found.posteriors, found.splits, strict=True):
        cells = [
            _interval(*cause.probability(key, found.last)) for key in ("common", "slow_walk", "withhold", "targeted")
        ]
        rows.append((name, *cells, Cell(chance_text(item.after), judgement=True), post.effective))
    caption = f"Probability of each cause in {month_name(found.last)}, with 90 % intervals over the parameters"
    return Table(columns, tuple(rows), caption, key="evidence-causes", sortable=False)


def _interval(mean: float, low: float, high: float) -> str:
    return f"{mean:.2f} ({low:.2f} to {high:.2f})"


def estimates_table(found: Assessment, scenario: Scenario) -> Table:
    """Return the estimated monitoring parameters beside the scenario's."""
    columns = (
        Column("parameter"),
        Column("scenario", kind="number", digits=2),
        Column("estimate", kind="number", digits=2),
        Column("5 %", kind="number", digits=2, group="interval"),
        Column("95 %", kind="number", digits=2, group="interval"),
    )
    rows: list[tuple[CellValue, ...]] = [
        (f"`{path}`", Cell(scenario.value(path), judgement=scenario.parameter(path).is_judgement), middle, low, high)
        for path, (low, middle, high) in estimates(found).items()
    ]
    note = (
        "The delay probability assumes that the months of a common disturbance were licensed and only late. "
        "`negotiation evidence --fragment FILE` writes these numbers as a scenario; `--headline` solves the game over them."
    )
    return Table(columns, tuple(rows), "Monitoring as estimated", key="evidence-estimates", notes=(note,))


def learned_table(rows: tuple[PriorOverlap, ...]) -> Table:
    """Return prior against posterior; little is learned where they overlap by more than 80 %."""
    columns = (
        Column("parameter"),
        Column("prior 5 / 50 / 95 %"),
        Column("posterior 5 / 50 / 95 %"),
        Column("overlap"),
        Column("informed"),
        Column("meaning"),
    )
    cells: list[tuple[CellValue, ...]] = [
        (
            literal(row.parameter.name),
            " / ".join(significant(float(value)) for value in row.before),
            " / ".join(significant(float(value)) for value in row.after),
            percent(row.overlap),
            "yes" if row.informed else "**not informed by data**",
            literal(row.parameter.meaning),
        )
        for row in rows
    ]
    return Table(columns, tuple(cells), "What the data inform", key="evidence-informed")


def _fit_words(fit: GameFit) -> str:
    parts = [
        f"{literal(rule.rule)} {rule.right} of {count_text(rule.months, 'month')} ({rule.grade})" for rule in fit.rules
    ]
    return f"China's predicted action against what shipments look like: {'; '.join(parts)}."


def fit_table(fit: GameFit, scenario: Scenario) -> Table:
    """Return the game's predicted action by month against what was seen."""
    columns = (
        Column("month"),
        Column("US tariff like"),
        Column("arrived"),
        Column("looks like"),
        *(Column(literal(label(name)), kind="number", digits=2, group="filter") for name in us_only_actions(scenario)),
        *(Column(literal(rule.rule), group="predicted") for rule in fit.rules),
    )
    rows: list[tuple[CellValue, ...]] = []
    for row in fit.rows:
        seen = "n/a" if row.share is None else percent(row.share)
        words = [
            Cell(literal(label(name)), bold=name == row.looks_like) if row.looks_like else literal(label(name))
            for name in row.predicted
        ]
        looks = literal(label(row.looks_like)) if row.looks_like else "n/a"
        rows.append((month_text(row.month), literal(label(row.us_action)), seen, looks, *row.filtered, *words))
    caption = f"Predicted and seen, bold where they agree; normal is {fit.normal:.0f} t a month"
    return Table(columns, tuple(rows), caption, key="evidence-fit", sortable=False)
