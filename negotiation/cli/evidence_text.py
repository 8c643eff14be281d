"""What `negotiation evidence` says: the blocks of the page about the shipments, and the scores of new months."""

from collections.abc import Iterator

import numpy as np

from negotiation.errors import count_text
from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.answers.posterior_to_game import HeadlineShares
from negotiation.evidence.data.months import month_name, month_text
from negotiation.evidence.forecasts.backtest import ScoredMonth
from negotiation.evidence.model.posterior import ENOUGH_EFFECTIVE
from negotiation.evidence.model.priors import PRIOR_MEANING
from negotiation.report.document import Block, Paragraph, literal
from negotiation.report.figures.evidence import month_table, telling_events
from negotiation.report.sections.evidence import REDUCED, causes_table, informed_table
from negotiation.report.sections.evidence_more import headline_section, next_section, split_section
from negotiation.report.tables import numbers, table

SHOWN = 12  # months, the last ones


def assessment_blocks(assessed: Assessment, shares: HeadlineShares | None) -> Iterator[Block]:
    """Yield the blocks of the page about the shipments, and those of its experiment."""
    history = assessed.history
    singles = f"{history.us_singles} single months to the US, the last one {month_name(assessed.last)}"
    yield Paragraph(f"as of {assessed.as_of}: {singles}")
    least = min(post.effective for post in assessed.posteriors)
    remarks = [f"note: {notice}" for notice in history.notices]
    if least < ENOUGH_EFFECTIVE:
        remarks.append(f"caution: only {least:.0f} effective draws, read probabilities to one digit")
    if history.few:
        remarks.append("too few months: what follows is mostly the prior")
    months = range(assessed.last, history.months[-1] + 1)
    yield from (Paragraph(literal(text)) for text in [*remarks, *map(assessed.sentence, months)])
    yield causes_table(assessed).replace(notes=tuple(f"{name}: {PRIOR_MEANING[name]}" for name in assessed.priors))
    path = month_table(assessed)
    earlier = count_text(len(path.rows) - SHOWN, "earlier month")
    notes = (f"{earlier}: see --json",) if len(path.rows) > SHOWN else ()
    yield path.replace(rows=path.rows[-SHOWN:], notes=notes)
    events = [(month_text(event.month), literal(event.text)) for event in telling_events(assessed)]
    yield table("What happened", "events", ("month", "event"), events)
    yield from split_section(assessed).blocks
    yield from next_section(assessed).blocks
    yield informed_table(assessed)
    yield Paragraph(REDUCED)
    yield from () if shares is None else headline_section(shares).blocks


def score_tables(months: tuple[ScoredMonth, ...]) -> tuple[Block, ...]:
    """Return the scores of new months as tables."""
    names = [score.name for score in months[0].scores]
    logs = numbers(2, *(f"log score {name}" for name in names))
    heads = ("month", *numbers(0, "US t", "median"), "80 % interval", *numbers(2, "within"), *logs)
    rows = []
    for month in months:
        interval = "-".join(f"{end:.0f}" for end in month.eighty)
        scores = [score.log_score for score in month.scores]
        rows.append((month_text(month.month), month.actual, month.median, interval, month.share, *scores))
    means = np.mean([[(score.log_score, score.crps) for score in month.scores] for month in months], axis=0)
    note = f"{count_text(len(months), 'month')}, parameters not refitted; higher log scores and lower CRPS are better"
    over_all = [(name, *pair) for name, pair in zip(names, means.tolist(), strict=True)]
    columns = ("forecast", *numbers(None, "mean log score", "mean CRPS, t"))
    return table("New months", "scores", heads, rows), table("Over all of them", "means", columns, over_all, note)
