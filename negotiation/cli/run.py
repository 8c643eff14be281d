"""`negotiation run`: solve every call outcome of a scenario, write the report, and say the answer on one screen."""

from pathlib import Path
from typing import Annotated

import typer

from negotiation._cores import cores
from negotiation.cli.messages import printable, say
from negotiation.cli.options import AsJson, Changes, Jobs, Named, Out
from negotiation.trade import MAIN_SCENARIO


def run(
    scenario: Named = MAIN_SCENARIO,
    changes: Changes = None,
    calls: Annotated[
        list[str] | None,
        typer.Option("--call", metavar="NAME", help="Only this call outcome. Give it as often as needed."),
    ] = None,
    out: Out = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the simulated paths.")] = 7,
    jobs: Jobs = 0,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer paths, and no payoff sets.")] = False,
    certify: Annotated[
        bool, typer.Option("--certify", help="Check payoff sets exactly, and prove which patience the deal needs.")
    ] = False,
    require: Annotated[
        list[str] | None,
        typer.Option(
            "--require",
            metavar="CLAIM",
            help="Exit with 1 unless the deal holds after this outcome, against every share that could be withheld; "
            "OUTCOME:REGIME asks about one regime.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Solve, write the report, and print the answer. Example: negotiation run --set minerals.leverage=0.85."""
    from negotiation.analysis.scenario_analysis import AnalysisOptions
    from negotiation.cli.answer_text import answer_text, failed_claims, json_answer
    from negotiation.cli.waiting import compiling, progress
    from negotiation.report.pages.main import run_main
    from negotiation.trade.files.load import load_scenario

    wanted = load_scenario(scenario).after(changes or ())
    claims = require or []
    failed_claims(wanted, claims)
    options = AnalysisOptions(calls=tuple(calls or ()), seed=seed, quick=quick, certify=certify, jobs=jobs or cores())
    with compiling(() if quick else ("evidence", "noisy")), progress(quiet=as_json) as step:
        done = run_main(wanted, options, out, scenario, step)
    broken = failed_claims(wanted, claims, done.analysis)
    say(json_answer(done, broken) if as_json else answer_text(done, broken))
    if broken:
        raise typer.Exit(1)


def brief(
    scenario: Named = MAIN_SCENARIO,
    changes: Changes = None,
    out: Out = None,
    jobs: Jobs = 0,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also print the page to report.pdf, through an installed Chromium.")
    ] = False,
) -> None:
    """Write one page for the telephone, and print its answer. Example: negotiation brief june-2025 --pdf."""
    from negotiation.cli.waiting import compiling, progress
    from negotiation.report.brief.page import brief_text, run_brief
    from negotiation.report.render.pdf import print_pdf
    from negotiation.trade.files.load import load_scenario

    wanted = load_scenario(scenario).after(changes or ())
    with compiling(()), progress(quiet=False) as step:
        done, analysis = run_brief(wanted, jobs or cores(), out, scenario, step)
    say(printable(brief_text(analysis)))
    say(f"\n  brief    {done.page}")
    if pdf:
        say(f"  printed  {print_pdf(done.page, done.page.parent / 'report.pdf')}")


def report(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="A result folder.")],
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also print the page to report.pdf, through an installed Chromium.")
    ] = False,
) -> None:
    """Render the report of a run again, without solving again."""
    from negotiation.report.runs.write import render_again

    for path in render_again(run_folder, pdf):
        say(f"wrote    {path}")
