"""`negotiation evidence`: defiance or delay, as of a date, under several priors; `evidence score` scores new months."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from negotiation._files import replace_file
from negotiation.api.records import assessment
from negotiation.cli.blocks import block_text
from negotiation.cli.messages import next_command, say
from negotiation.cli.options import DEFAULT, AsJson
from negotiation.cli.waiting import compiling, progress
from negotiation.errors import MachineError, count_text
from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.answers.posterior_to_game import HeadlineShares, fragment_text, headline_shares
from negotiation.evidence.data.months import month_name, month_text
from negotiation.evidence.data.shipments import load_shipments
from negotiation.evidence.forecasts.backtest import ScoredMonth, score_new
from negotiation.evidence.model.posterior import ENOUGH_EFFECTIVE
from negotiation.evidence.model.priors import MEANING
from negotiation.report.document import Block, Paragraph, literal
from negotiation.report.figures.evidence import month_table, telling_events
from negotiation.report.runs.results_evidence import assessment_data, scores_data
from negotiation.report.sections.evidence import REDUCED, causes_table, informed_table
from negotiation.report.sections.evidence_more import headline_section, next_section, split_section
from negotiation.report.tables import numbers, table
from negotiation.trade.files.load import load_scenario

SHOWN = 12  # months, the last ones
group = typer.Typer(invoke_without_command=True, add_completion=False, rich_markup_mode="rich")


@group.callback()
def evidence(
    ctx: typer.Context,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Use only what was published by then: 2025-06-01.")
    ] = None,
    prior: Annotated[
        list[str] | None,
        typer.Option("--prior", metavar="NAME", help="sceptical, neutral or suspicious; all three by default."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="CSV", help="Rows that add to the shipped ones, or replace the same months."),
    ] = None,
    fragment: Annotated[
        Path | None,
        typer.Option("--fragment", metavar="FILE", help="Write the estimates as a scenario that extends the default."),
    ] = None,
    headline: Annotated[
        bool, typer.Option("--headline", help="Solve the game for 200 draws of the posterior (half a minute).")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Defiance or delay: what the shipments say. Example: negotiation evidence --as-of 2025-06-01."""
    if ctx.invoked_subcommand is not None:
        return
    shares = None
    with compiling(("evidence",)), progress(quiet=as_json) as step:
        assessed = assessment(as_of, data, prior, step)
        if headline:
            shares = headline_shares(load_scenario(DEFAULT), assessed.posteriors[assessed.middle], step=step)
    if fragment is not None:
        _write_fragment(assessed, fragment)
    if as_json:
        say(json.dumps(assessment_data(assessed, shares), indent=2))
        return
    say(block_text(_answer(assessed, shares)))
    if fragment is None:
        say("\n" + next_command("evidence", "--as-of", assessed.as_of, "--fragment", "estimated.toml"))
    else:
        say(f"\nwrote    {fragment}\n{next_command('run', str(fragment))}")


@group.command()
def score(
    new: Annotated[Path, typer.Argument(metavar="NEW.csv", help="Months later than the shipped ones, same form.")],
    as_json: AsJson = False,
) -> None:
    """Score later months without refitting: log score and CRPS of the model and of four baselines."""
    with compiling(("evidence",)), progress(quiet=as_json) as step:
        months = score_new(load_shipments(), load_shipments(new), step=step)
    say(json.dumps(scores_data(months), indent=2) if as_json else block_text(_scores(months)))


def _answer(assessed: Assessment, shares: HeadlineShares | None) -> Iterator[Block]:
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
    yield causes_table(assessed).replace(notes=tuple(f"{name}: {MEANING[name]}" for name in assessed.priors))
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


def _scores(months: tuple[ScoredMonth, ...]) -> tuple[Block, ...]:
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


def _write_fragment(assessed: Assessment, path: Path) -> None:
    text = fragment_text(assessed)
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")  # a device or a pipe is written to, not replaced
        else:
            replace_file(path, text.encode())
    except OSError as error:
        raise MachineError.unwritable(path, error) from None
