"""`negotiation study`: run a study, which resumes by itself, and see how far one is."""

from __future__ import annotations

import json
import shlex
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from negotiation._files import mode_of
from negotiation.cli.messages import next_command, printable, say
from negotiation.cli.options import AsJson, Changes, Jobs, Out
from negotiation.errors import OutputError, count_text

if TYPE_CHECKING:
    from negotiation.studies.results import Conclusion
    from negotiation.studies.run import StudyRun
    from negotiation.studies.study import Study

NAMED_STUDIES = 5  # damaged chunks, or strange files, that a line names
STUDY_EXAMPLE = ("study", "run", "rollback-2025", "--vary", "minerals.leverage=0.2:0.9:21")
group = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="Thousands of what-ifs: sweeps, sensitivity, scenario discovery.",
)


@group.command()
def run(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A study file, or with --vary any scenario.")],
    vary: Annotated[
        list[str] | None,
        typer.Option("--vary", metavar="PATH=LO:HI:N", help="A grid; PATH=A,B,C is a list. As often as needed."),
    ] = None,
    changes: Changes = None,
    engine: Annotated[
        str, typer.Option("--engine", metavar="NAME", help="embedded, serial, or dask:ADDRESS of a running scheduler.")
    ] = "embedded",
    jobs: Jobs = 0,
    table: Annotated[
        str, typer.Option("--table", metavar="KIND", help="csv, parquet or none; by default csv where it is small.")
    ] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what was computed of this study before.")] = False,
    out: Out = None,
    report: Annotated[bool, typer.Option("--report/--no-report", help="Write a page about it.")] = True,
    as_json: AsJson = False,
) -> None:
    """Run a study to its end; run it again after an interruption, and only what is missing is computed.

    Example: negotiation study run rollback-2025 --vary minerals.leverage=0.2:0.9:21
    """
    from negotiation.cli.next_question import after_study
    from negotiation.cli.waiting import study_progress
    from negotiation.report.pages.study import base_case_conclusions, write_study_report
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
    results = results_of(done.store, wanted)
    given = [word for text in vary or () for word in ("--vary", text)]
    given += [word for text in changes or () for word in ("--set", text)]
    command = shlex.join(["negotiation", "study", "run", file, *given])
    page = write_study_report(wanted, done.store, results, command) if report else None
    conclusions = base_case_conclusions(wanted, results)
    if as_json:
        say(json.dumps(_finished_data(wanted, done, conclusions, page), indent=1))
        return
    say("\n".join(_finished(wanted, done, conclusions, page)))
    say("  " + next_command(*after_study(wanted, results, conclusions, done.store.path)))


@group.command()
def status(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A study's folder, or one that holds some.")] = Path(
        "results"
    ),
    as_json: AsJson = False,
) -> None:
    """Say how far studies are, and whether anything in their folders is damaged."""
    studies = status_of(folder)
    say(json.dumps(studies, indent=1) if as_json else status_text(folder, studies))


def _finished(study: Study, done: StudyRun, conclusions: tuple[Conclusion, ...], page: Path | None) -> list[str]:
    """Return the end of a run on the terminal."""
    from negotiation.report.words import percent

    numbers = ((study.size, "point"), (len(study.outcomes), "outcome"), (len(study.keys), "regime"))
    size = " × ".join(count_text(*number) for number in numbers)
    lines = [f"  {study.name}  {done.store.manifest['digest'][:8]}  seed {study.seed}    {size}"]
    if done.resumed:
        lines.append(f"  {done.resumed} of {done.store.chunks} chunks were there already")
    if done.damaged:
        lines.append(f"  computed again: {count_text(done.damaged, 'damaged part')}")
    if done.not_computed:
        points = count_text(done.not_computed, "point")
        lines.append(f"  not computed for some outcome: {points}, see the column reason")
    lines += [f"  {percent(conclusion.share):>6}  {conclusion.sentence}" for conclusion in conclusions]
    lines.append(f"  table    {done.table or 'none (give --table csv or --table parquet)'}")
    return lines if page is None else [*lines, f"  report   {page}"]


def _finished_data(
    study: Study, done: StudyRun, conclusions: tuple[Conclusion, ...], page: Path | None
) -> dict[str, Any]:
    return {
        "study": study.name,
        "digest": done.store.manifest["digest"],
        "folder": str(done.store.path),
        "points": study.size,
        "not_computed": done.not_computed,
        "resumed_chunks": done.resumed,
        "damaged_parts": done.damaged,
        "table": None if done.table is None else str(done.table),
        "report": None if page is None else str(page),
        "conclusions": [{"key": c.key, "sentence": c.sentence, "share": c.share} for c in conclusions],
    }


def status_of(folder: Path) -> list[dict[str, Any]]:
    """Return how far each study is: that of the folder itself, or those of the folders in it.

    What cannot be said of one of several stands as its `problem`: the others are told all the same.
    """
    from negotiation.studies.manifest import MANIFEST

    if not stat.S_ISDIR(mode_of(folder)):
        raise OutputError(f"{folder} is not a folder.")
    if (folder / MANIFEST).is_file():
        return [_status(folder)]
    studies = []
    for file in sorted(folder.glob(f"*/{MANIFEST}")):
        try:
            studies.append(_status(file.parent))
        except OutputError as error:
            studies.append({"folder": str(file.parent), "problem": str(error)})
    return studies


def _status(place: Path) -> dict[str, Any]:
    from negotiation.studies.store import DONE_FILE, Store

    store = Store.open_to_read(place)
    manifest = store.manifest
    return {
        "folder": str(place),
        "study": manifest["study"],
        "digest": manifest["digest"],
        "seed": manifest.get("seed"),
        "scenario": manifest.get("scenario", {}).get("name"),
        "versions": manifest["versions"],
        "points": manifest["points"],
        "points_done": store.points_done,
        "chunks": store.chunks,
        "chunks_done": len(store.parts),
        "damaged": store.damaged,
        "strangers": store.strangers,
        "complete": len(store.parts) == store.chunks and (place / DONE_FILE).is_file(),
    }


def status_text(folder: Path, studies: list[dict[str, Any]]) -> str:
    """Return the status of studies for a reader."""
    from negotiation.report.words import percent

    if not studies:
        return printable(f"no study in {folder}\n{next_command(*STUDY_EXAMPLE)}")
    lines = []
    for study in studies:
        lines.append(study["folder"])
        if "problem" in study:
            lines.append(f"  {study['problem']}")
            continue
        state = "complete" if study["complete"] else f"{percent(study['points_done'] / study['points'])} done"
        lines.append(f"  {study['study']}  {study['digest'][:8]}  scenario {study['scenario']}  seed {study['seed']}")
        counts = f"{study['points_done']:,} of {study['points']:,} points"
        lines.append(f"  {state}: {counts}, {study['chunks_done']} of {study['chunks']} chunks")
        if study["damaged"]:
            numbers = ", ".join(map(str, study["damaged"][:NAMED_STUDIES]))
            lines.append(f"  damaged: chunk {numbers}; running the study again mends it")
        if study["strangers"]:
            lines.append(f"  no parts, left alone: {', '.join(study['strangers'][:NAMED_STUDIES])}")
    return printable("\n".join(lines))
