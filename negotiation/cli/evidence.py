"""`negotiation evidence`: defiance or delay, as of a date, under several priors; `evidence score` scores new months."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

PANEL = "Answers"
Day = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Use only what was published by then: 2025-06-01.")
]
Prior = Annotated[
    list[str] | None,
    typer.Option("--prior", metavar="NAME", help="sceptical, neutral or suspicious; all three by default."),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="CSV", help="Rows that add to the shipped ones, or replace the same months."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]


def register(app: typer.Typer) -> None:
    """Add the verb with its sub-command to the application."""
    group = typer.Typer(invoke_without_command=True, rich_markup_mode="rich")
    group.callback()(evidence)
    group.command("score")(score)
    app.add_typer(group, name="evidence", rich_help_panel=PANEL)


def evidence(
    ctx: typer.Context,
    as_of: Day = None,
    prior: Prior = None,
    data: Data = None,
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
    from negotiation.api.records import assessment
    from negotiation.cli.evidence_text import assessment_text
    from negotiation.cli.messages import say
    from negotiation.cli.progress import progress
    from negotiation.cli.warm import compiling
    from negotiation.report.runs.results_evidence import assessment_data

    with compiling(("evidence",)), progress(quiet=as_json) as step:
        found = assessment(as_of, data, prior, step)
        shares = _headline(found, step) if headline else None
    if fragment is not None:
        _write_fragment(found, fragment)
    if as_json:
        say(json.dumps(assessment_data(found, shares), indent=2))
    else:
        say(assessment_text(found, shares, fragment))


def score(
    new: Annotated[Path, typer.Argument(metavar="NEW.csv", help="Months later than the shipped ones, same form.")],
    as_json: AsJson = False,
) -> None:
    """Score later months without refitting: log score and CRPS of the model and of four baselines."""
    from negotiation.cli.evidence_text import scores_text
    from negotiation.cli.messages import say
    from negotiation.cli.progress import progress
    from negotiation.cli.warm import compiling
    from negotiation.evidence.data.shipments import load_shipments
    from negotiation.evidence.forecasts.backtest import score_new
    from negotiation.report.runs.results_evidence import scores_data

    with compiling(("evidence",)), progress(quiet=as_json) as step:
        found = score_new(load_shipments(), load_shipments(new), step=step)
    say(json.dumps(scores_data(found), indent=2) if as_json else scores_text(found))


def _write_fragment(found: Assessment, path: Path) -> None:
    from negotiation._files import replace_file
    from negotiation.errors import MachineError
    from negotiation.evidence.answers.scenario_fragment import fragment_text

    text = fragment_text(found)
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")  # a device or a pipe is written to, not replaced
        else:
            replace_file(path, text.encode())
    except OSError as error:
        raise MachineError.unwritable(path, error) from None


def _headline(found: Assessment, step: Step) -> HeadlineShares:
    from negotiation.evidence.answers.headline_over_posterior import headline_shares
    from negotiation.trade.files.load import load_scenario

    return headline_shares(load_scenario("rollback-2025"), found.posteriors[found.middle], step=step)


if TYPE_CHECKING:
    from negotiation.cli.progress import Step
    from negotiation.evidence.answers.assessment import Assessment
    from negotiation.evidence.answers.headline_over_posterior import HeadlineShares
