"""`negotiation evidence`: defiance or delay, as of a date, under several priors; `evidence score` scores new months."""

import json
from pathlib import Path
from typing import Annotated

import typer

from negotiation._files import replace_file
from negotiation.cli.blocks import block_text
from negotiation.cli.messages import next_command, say
from negotiation.cli.options import AsJson
from negotiation.errors import MachineError
from negotiation.trade import MAIN_SCENARIO

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
        bool, typer.Option("--headline", help="Solve the game for 200 draws of the posterior.")
    ] = False,
    trend: Annotated[
        bool, typer.Option("--trend", help="Let US demand have a trend: diversion. Off by default.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Defiance or delay: what the shipments say. Example: negotiation evidence --as-of 2025-06-01."""
    if ctx.invoked_subcommand is not None:
        return
    from negotiation.api.records import assessment
    from negotiation.cli.evidence_text import assessment_blocks
    from negotiation.cli.waiting import compiling, progress
    from negotiation.evidence.answers.posterior_to_game import fragment_text, headline_shares
    from negotiation.report.runs.results_evidence import assessment_data
    from negotiation.trade.files.load import load_scenario

    shares = None
    with compiling(("evidence",)), progress(quiet=as_json) as step:
        assessed = assessment(as_of, data, prior, step, trend)
        if headline:
            shares = headline_shares(load_scenario(MAIN_SCENARIO), assessed.posteriors[assessed.middle], step=step)
    if fragment is not None:
        _write_fragment(fragment_text(assessed), fragment)
    if as_json:
        say(json.dumps(assessment_data(assessed, shares), indent=2))
        return
    say(block_text(assessment_blocks(assessed, shares)))
    if fragment is None:
        say("\n" + next_command("evidence", "--as-of", assessed.as_of, "--fragment", "estimated.toml"))
    else:
        say(f"\nwrote    {fragment}\n{next_command('run', str(fragment))}")


@group.command()
def score(
    new: Annotated[Path, typer.Argument(metavar="NEW.csv", help="Months later than the shipped ones, same form.")],
    as_json: AsJson = False,
) -> None:
    """Score later months without refitting: log score and CRPS of the model, intervals, coverage, and a verdict."""
    from negotiation.cli.evidence_text import score_text_blocks
    from negotiation.cli.waiting import compiling, progress
    from negotiation.evidence.data.shipments import load_shipments
    from negotiation.evidence.forecasts.new_months import score_new
    from negotiation.report.runs.results_evidence import scores_data

    with compiling(("evidence",)), progress(quiet=as_json) as step:
        scored = score_new(load_shipments(), load_shipments(new), step=step)
    say(json.dumps(scores_data(scored), indent=2) if as_json else block_text(score_text_blocks(scored)))


def _write_fragment(text: str, path: Path) -> None:
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")  # a device or a pipe is written to, not replaced
        else:
            replace_file(path, text.encode())
    except OSError as error:
        raise MachineError.unwritable(path, error) from None
