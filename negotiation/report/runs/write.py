"""Everything a run leaves behind, written in an order that is safe to interrupt, and written again from what was kept.

| file | holds |
|---|---|
| `index.html`, `report.md` | the report, for a person |
| `report.json` | the same report as data, figures included: enough to write both again |
| `results.json` | every number, canonical and byte-stable |
| `scenario.toml` | the exact scenario text |
| `run.json` | command, versions, times, and the digest of each other file; the only file with times |
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from negotiation._files import mode_of, read_json
from negotiation._version import __version__
from negotiation.errors import InputError, OutputError
from negotiation.report.document import Report
from negotiation.report.render import html, markdown
from negotiation.report.runs.folder import RUN, ResultFolder
from negotiation.report.runs.saved import canonical, from_plain, to_plain

INDEX, TEXT, DATA, RESULTS, SCENARIO = "index.html", "report.md", "report.json", "results.json", "scenario.toml"
_PACKAGES = ("numpy", "scipy", "nashpy", "numba", "pydantic", "matplotlib", "jinja2")


def write_report(
    report: Report, folder: ResultFolder, results: Any, scenario_toml: str, run: Mapping[str, Any]
) -> Path:  # fmt: skip
    """Write all files of a run and return the path of its `index.html`.

    `results` is plain data or values; `run` is what `run.json` says beside digest, state, versions and files (the
    command, the seed, when it started, how many seconds it took).
    """
    texts = {
        RESULTS: canonical(results),
        SCENARIO: scenario_toml,
        DATA: canonical(to_plain(report)),
        TEXT: markdown.render(report),
        INDEX: html.render(report),
    }
    for name, text in texts.items():
        folder.write(name, text)
    files = {name: hashlib.sha256((folder.path / name).read_bytes()).hexdigest() for name in texts}
    folder.write_run("complete", {**run, "versions": versions(), "files": files})
    return folder.path / INDEX


def load_report(path: Path) -> Report:
    """Return the report kept in a result folder, in its `report.json` or in any of its files' folder."""
    folder = path if path.is_dir() else path.parent
    file = folder / DATA
    if not mode_of(file):
        hint = "name a folder that a run has written, such as results/<job>-<scenario>-<digest>"
        raise InputError.single(str(path), "", f"holds no {DATA}", hint)
    return from_plain(read_json(file, "a report"), str(file))


def render_again(path: Path) -> Path:
    """Write `index.html` and `report.md` of a result folder again from its `report.json`; return `index.html`."""
    report = load_report(path)
    place = path if path.is_dir() else path.parent
    run = load_run(place)
    folder = ResultFolder(place, str(run.get("digest", "")))
    folder.write(TEXT, markdown.render(report))
    page = folder.write(INDEX, html.render(report))
    files = dict(run.get("files", {}))
    files.update({name: hashlib.sha256((place / name).read_bytes()).hexdigest() for name in (TEXT, INDEX)})
    folder.write_run(str(run.get("state", "complete")), {**run, "files": files})
    return page


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide the numbers or the drawings."""
    found = {"negotiation": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return {**found, "system": sys.platform}


def load_run(folder: Path) -> dict[str, Any]:
    """Return what `run.json` of a result folder says; `OutputError` when it cannot be read."""
    try:
        run = read_json(folder / RUN, "the record of a run")
    except InputError as error:
        raise OutputError(f"{folder / RUN} cannot be read, so the folder is left as it is.") from error
    if not isinstance(run, dict):
        raise OutputError(f"{folder / RUN} is not an object, so the folder is left as it is.")
    return run
