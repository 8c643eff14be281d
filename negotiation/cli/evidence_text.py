"""What `negotiation evidence` says: the blocks of the page about the shipments, and the scores of new months."""

from collections.abc import Iterator

from negotiation.errors import count_text
from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.answers.posterior_to_game import HeadlineShares
from negotiation.evidence.data.months import month_name, month_text
from negotiation.evidence.forecasts.backtest import Backtest
from negotiation.evidence.model.posterior import ENOUGH_EFFECTIVE
from negotiation.evidence.model.priors import PRIOR_MEANING
from negotiation.report.document import Block, Paragraph, literal
from negotiation.report.figures.evidence import month_table, telling_events
from negotiation.report.sections.evidence import REDUCED, causes_table, informed_table
from negotiation.report.sections.evidence_backtest import HINDSIGHT, score_blocks
from negotiation.report.sections.evidence_more import headline_section, next_section, split_section
from negotiation.report.tables import table

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
    yield Paragraph(literal(assessed.trend_sentence()))
    yield from split_section(assessed).blocks
    yield from next_section(assessed).blocks
    yield informed_table(assessed)
    yield Paragraph(REDUCED)
    yield from () if shares is None else headline_section(shares).blocks


def score_text_blocks(scored: Backtest) -> tuple[Block, ...]:
    """Return the scores of new months: the backtest's own blocks below what was done."""
    months = count_text(len(scored.rows), "new month")
    text = f"{months}, each forecast from the last figure before it; parameters not refitted. {HINDSIGHT}"
    return Paragraph(text), *score_blocks(scored)
