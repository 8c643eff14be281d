"""Defiance or delay: the report's section on what the shipments say, and the blocks that the experiments share."""

from negotiation.evidence.answers.assessment import Assessment, chance_text
from negotiation.evidence.answers.game_fit import GameFit, can_fit, game_fit, us_only_actions
from negotiation.evidence.answers.posterior_to_game import estimates
from negotiation.evidence.data.months import month_name, month_text
from negotiation.report.document import Block, Cell, Column, Details, Note, Paragraph, Section, Table, literal
from negotiation.report.figures.evidence import shipments_and_causes
from negotiation.report.tables import numbers, table
from negotiation.report.words import count_text, label, percent, significant
from negotiation.trade.scenario.scenario import Scenario

REDUCED = (
    "The action chain is a **reduced form**: what is probably being played, not an equilibrium belief. A disturbance "
    "that is common to all destinations may be a slow desk or a decision; shipments cannot tell which."
)


def evidence_section(assessment: Assessment, scenario: Scenario) -> Section:
    """Return the section on the shipments, an assessment beside a scenario's own numbers."""
    blocks: list[Block] = [shipments_and_causes("evidence-path", assessment)]
    if assessment.history.few:
        blocks.append(Note("Fewer than six single months are known: what follows is mostly the prior.", "warning"))
    blocks += [
        *(Paragraph(literal(assessment.sentence(month))) for month in _months_told(assessment)),
        causes_table(assessment),
        Paragraph(literal(assessment.trend_sentence())),
        Paragraph(REDUCED),
        _estimates_table(assessment, scenario),
        Details("What the data inform, parameter by parameter", (informed_table(assessment),)),
    ]
    if can_fit(scenario):
        fit = game_fit(scenario, assessment)
        blocks.append(Details("Does the game describe these months?", _fit_blocks(fit, scenario)))
    count = count_text(assessment.history.us_singles, "single month")
    return Section(
        "evidence",
        "Defiance or delay: what the shipments say",
        tuple(blocks),
        f"From {count} of magnets shipped to the US, known on {assessment.as_of}; `negotiation evidence` says more.",
    )


def _months_told(assessment: Assessment) -> list[int]:
    """Return the months that get a sentence: the last with a figure, the one after it, and the least clear one."""
    middle, months = assessment.causes[assessment.middle], list(assessment.history.months)
    with_figure = [month for month in months if month <= assessment.last]
    doubtful = max(with_figure, key=lambda month: middle.probability("targeted", month)[0])
    return sorted({doubtful, assessment.last, min(assessment.last + 1, months[-1])})


def causes_table(assessment: Assessment) -> Table:
    """Return the probability of each cause in the last month, by prior, with intervals."""
    names = ("common", "slow-walk", "withhold", "targeted in all")
    columns = ("prior", *names, "deliberate, if common", *numbers(0, "effective draws"))
    rows = []
    for name, cause, posterior, split in zip(
        assessment.priors, assessment.causes, assessment.posteriors, assessment.splits, strict=True
    ):
        chances = (cause.probability(key, assessment.last) for key in ("common", "slow_walk", "withhold", "targeted"))
        cells = (f"{mean:.2f} ({low:.2f} to {high:.2f})" for mean, low, high in chances)
        rows.append((name, *cells, Cell(chance_text(split.after), judgement=True), posterior.effective))
    caption = f"Probability of each cause in {month_name(assessment.last)}, with 90 % intervals over the parameters"
    return table(caption, "evidence-causes", columns, rows, sortable=False)


def _estimates_table(assessment: Assessment, scenario: Scenario) -> Table:
    columns = ("parameter", *numbers(2, "scenario", "estimate"), *numbers(2, "5 %", "95 %", group="interval"))
    rows = [
        (f"`{path}`", Cell(scenario.value(path), judgement=scenario.parameter(path).is_judgement), middle, low, high)
        for path, (low, middle, high) in estimates(assessment).items()
    ]
    note = (
        "The delay probability assumes that the months of a common disturbance were licensed and only late. "
        "`negotiation evidence --fragment FILE` writes these numbers as a scenario; `--headline` solves the game over them."
    )
    return table("Monitoring as estimated", "evidence-estimates", columns, rows, note)


def informed_table(assessment: Assessment) -> Table:
    """Return prior against posterior; little is learned where they overlap by more than 80 %."""
    spans = ("prior 5 / 50 / 95 %", "posterior 5 / 50 / 95 %")
    rows = []
    for row in assessment.prior_overlaps:
        before, after = (" / ".join(significant(float(end)) for end in ends) for ends in (row.before, row.after))
        informed = "yes" if row.informed else "**not informed by data**"
        name, meaning = literal(row.parameter.name), literal(row.parameter.meaning)
        rows.append((name, before, after, percent(row.overlap), informed, meaning))
    columns = ("parameter", *spans, "overlap", "informed", "meaning")
    return table("What the data inform", "evidence-informed", columns, rows)


def _fit_blocks(fit: GameFit, scenario: Scenario) -> tuple[Block, ...]:
    """Return the game's predicted action by month against what shipments look like."""
    columns = (
        *("month", "US tariff like", "arrived", "looks like"),
        *numbers(2, *(literal(label(name)) for name in us_only_actions(scenario)), group="filter"),
        *(Column(literal(rule.rule), group="predicted") for rule in fit.rules),
    )
    rows = []
    for row in fit.rows:
        arrived = "n/a" if row.share is None else percent(row.share)
        looks = literal(label(row.looks_like)) if row.looks_like else "n/a"
        predicted = (Cell(literal(label(name)), bold=name == row.looks_like) for name in row.predicted)
        tariff = literal(label(row.us_action))
        rows.append((month_text(row.month), tariff, arrived, looks, *row.filtered, *predicted))
    caption = f"Predicted and seen, bold where they agree; normal is {fit.normal:.0f} t a month"
    scores = [
        f"{literal(rule.rule)} {rule.right} of {count_text(rule.months, 'month')} ({rule.grade})" for rule in fit.rules
    ]
    return (
        Paragraph(f"China's predicted action against what shipments look like: {'; '.join(scores)}."),
        table(caption, "evidence-fit", columns, rows, sortable=False),
    )
