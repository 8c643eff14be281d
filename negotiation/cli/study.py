"""`negotiation study`: run a study, which resumes by itself, and see how far one is."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

PANEL = "Answers"


def register(app: typer.Typer) -> None:
    """Add the verbs to the application."""
    study = typer.Typer(no_args_is_help=True, help="Thousands of what-ifs: sweeps, sensitivity, scenario discovery.")
    study.command("run")(run)
    study.command("status")(status)
    app.add_typer(study, name="study", rich_help_panel=PANEL)


def run(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A study file, or with --vary any scenario.")],
    vary: Annotated[
        list[str] | None,
        typer.Option("--vary", metavar="PATH=LO:HI:N", help="A grid; PATH=A,B,C is a list. As often as needed."),
    ] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Change a number: =, += or *=.")
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", metavar="NAME", help="embedded, serial, or dask:ADDRESS of a running scheduler.")
    ] = "embedded",
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="Processes of this machine; 0 means all cores.")] = 0,
    table: Annotated[
        str, typer.Option("--table", metavar="KIND", help="csv, parquet or none; by default csv where it is small.")
    ] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what was computed of this study before.")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Keep it in this folder itself.")] = None,
    report: Annotated[bool, typer.Option("--report/--no-report", help="Write a page about it.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")] = False,
) -> None:
    """Run a study to its end; run it again after an interruption, and only what is missing is computed.

    Example: negotiation study run rollback-2025 --vary minerals.leverage=0.2:0.9:21
    """
    from negotiation.cli.messages import say
    from negotiation.cli.study_progress import study_progress
    from negotiation.cli.study_text import finished_json, finished_text
    from negotiation.report.pages.study import judged, write_study_report
    from negotiation.studies.file import load_study
    from negotiation.studies.results import results_of
    from negotiation.studies.run import run_study

    wanted = load_study(file, vary or (), changes or ())
    with study_progress(wanted.size, quiet=as_json) as progress:
        try:
            done = run_study(wanted, out, engine, jobs=jobs, fresh=fresh, table=table, progress=progress)
        except KeyboardInterrupt:
            sys.stderr.write("finished chunks are kept; the same command goes on from there\n")
            raise
    found = results_of(done.store, wanted)
    page = write_study_report(wanted, done.store, found, _command(file, vary, changes)) if report else None
    items = judged(wanted, found)
    say(finished_json(wanted, done, items, page) if as_json else finished_text(wanted, done, found, items, page))


def _command(file: str, vary: list[str] | None, changes: list[str] | None) -> str:
    """Return the command that reproduces a study."""
    words = ["negotiation", "study", "run", file]
    for option, values in (("--vary", vary), ("--set", changes)):
        for value in values or ():
            words += [option, value]
    return shlex.join(words)


def status(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A study's folder, or one that holds some.")] = Path(
        "results"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")] = False,
) -> None:
    """Say how far studies are, and whether anything in their folders is damaged."""
    from negotiation.cli.messages import say
    from negotiation.cli.study_text import status_of, status_text

    found = status_of(folder)
    say(json.dumps(found, indent=1) if as_json else status_text(folder, found))
