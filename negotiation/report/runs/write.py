"""A job from question to folder, and what it leaves behind: written in an order safe to interrupt, and again.

The folder is claimed before anything is computed, so that a folder that cannot be used is said at once.

| file | holds |
|---|---|
| `index.html`, `report.md` | the report, for a person |
| `report.json` | the same report as data, figures included: enough to write both again |
| `results.json` | every number, canonical and byte-stable |
| `scenario.toml` | the exact scenario text |
| `run.json` | command, versions, times, and the digest of each other file; the only file with times |
"""

import datetime
import hashlib
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from negotiation._files import mode_of, read_bytes, read_json
from negotiation._version import __version__, versions
from negotiation.errors import InputError, MachineError, OutputError
from negotiation.report.document import Report
from negotiation.report.render import html, markdown
from negotiation.report.render.pdf import print_pdf
from negotiation.report.runs.folder import DATA, INDEX, PLAIN_PAGE, RESULTS, RUN, SCENARIO, ResultFolder, run_digest
from negotiation.report.runs.saved import canonical, from_plain, to_plain
from negotiation.trade.files.write import scenario_toml
from negotiation.trade.scenario.scenario import Scenario

RUN_PACKAGES = ("numpy", "scipy", "nashpy", "numba", "pydantic", "matplotlib", "jinja2")


@dataclass(frozen=True)
class Published:
    """A finished job: the path of its page, the short digest, how long it took."""

    page: Path
    digest: str
    seconds: float


# (short digest) -> the report and its results as plain data
Build = Callable[[str], tuple[Report, Mapping[str, Any]]]


def publish(
    job: str,
    scenario: Scenario,
    settings: Mapping[str, Any],
    build: Build,
    *,
    seed: int = 0,
    out: Path | None = None,
    command: str = "",
) -> Published:
    """Run a job and write its folder; `settings` are all choices that decide its numbers.

    Raises `OutputError` when the folder is a file, not writable, or belongs to another run. When the machine fails,
    `run.json` says so.
    """
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    changes = [change.sentence() for change in scenario.changes]
    digest = run_digest(
        scenario=[job, scenario.digest()], changes=changes, seed=seed, options=settings, version=__version__
    )
    folder = ResultFolder.open(job, scenario.name, digest, out=out)
    run = {"job": job, "command": command, "seed": seed, "started": started.isoformat(timespec="seconds")}
    try:
        report, data = build(digest[:8])
    except MachineError as error:
        folder.write_run("failed", {**load_run(folder.path), **run, "error": str(error)})
        raise
    run["seconds"] = round(time.perf_counter() - clock, 3)
    page = write_report(report, folder, data, scenario_toml(scenario), run)
    return Published(page, digest[:8], time.perf_counter() - clock)


def write_report(
    report: Report, folder: ResultFolder, results: Any, scenario: str, run: Mapping[str, Any]
) -> Path:  # fmt: skip
    """Write all files of a run and return the path of its `index.html`.

    `results` is plain data or values; `scenario` its text; `run` is what `run.json` says beside digest, state, versions
    and files (the command, the seed, when it started, how many seconds it took).
    """
    folder.write(RESULTS, canonical(results))
    folder.write(SCENARIO, scenario)
    folder.write(DATA, canonical(to_plain(report)))
    _write_pages(report, folder)
    files = _digests(folder.path, (RESULTS, SCENARIO, DATA, PLAIN_PAGE, INDEX))
    folder.write_run(
        "complete", {**run, "versions": {**versions(*RUN_PACKAGES), "system": sys.platform}, "files": files}
    )
    return folder.path / INDEX


def _write_pages(report: Report, folder: ResultFolder) -> list[Path]:
    text = folder.write(PLAIN_PAGE, markdown.render(report))
    return [folder.write(INDEX, html.render(report)), text]  # the page comes last: where it is, all else is


def render_again(path: Path, pdf: bool = False) -> list[Path]:
    """Write the pages of a result folder again from its `report.json`, without solving; return what was written.

    path: the folder, or any file in it. pdf: also print the page to `report.pdf`.
    """
    place = path if path.is_dir() else path.parent
    file = place / DATA
    if not mode_of(file):
        hint = "name a folder that a run has written, such as results/<job>-<scenario>-<digest>"
        raise InputError.single(str(path), "", f"holds no {DATA}", hint)
    report = from_plain(read_json(file, "a report"), str(file))
    run = load_run(place)
    folder = ResultFolder(place, str(run.get("digest", "")))
    pages = _write_pages(report, folder)
    files = {**run.get("files", {}), **_digests(place, (PLAIN_PAGE, INDEX))}
    folder.write_run(str(run.get("state", "complete")), {**run, "files": files})
    return [*pages, print_pdf(pages[0], place / "report.pdf")] if pdf else pages


def load_run(folder: Path) -> dict[str, Any]:
    """Return what `run.json` of a result folder says; `OutputError` when it cannot be read."""
    try:
        run = read_json(folder / RUN, "the record of a run")
    except InputError as error:
        raise OutputError(f"{folder / RUN} cannot be read, so the folder is left as it is.") from error
    if not isinstance(run, dict):
        raise OutputError(f"{folder / RUN} is not an object, so the folder is left as it is.")
    return run


def recorded_files(folder: Path) -> dict[str, str]:
    """Return file -> SHA-256 as run.json of a result folder records; `InputError` where no run was finished in it."""
    files = load_run(folder).get("files")
    if not isinstance(files, dict) or not files or not all(isinstance(digest, str) for digest in files.values()):
        raise InputError.single(str(folder / RUN), "files", "records no files: the run is not complete", "run it again")
    return files


def recorded_command(folder: Path) -> list[str]:
    """Return the words of the command that run.json of a result folder records; empty when it does not say."""
    try:
        return shlex.split(str(load_run(folder).get("command", "")))
    except ValueError as error:
        raise InputError.single(str(folder / RUN), "command", f"is no command: {error}", "run it again") from None


def changed_files(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Return the names of the files that are missing or have another digest than recorded."""
    return [name for name, digest in _digests(folder, files).items() if digest != files[name]]


def _digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of files of the folder, "" for one that cannot be read or lies elsewhere."""
    digests = dict.fromkeys(names, "")
    for name in digests:
        try:
            if Path(name).name == name:
                digests[name] = hashlib.sha256(read_bytes(folder / name, "a file of a run")).hexdigest()
        except InputError:
            continue
    return digests
