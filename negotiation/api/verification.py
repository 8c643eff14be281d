"""What the exact checker says of a result: of every certificate in it, of what is printed beside, of a folder's files.

The checker shares nothing with the solvers (`negotiation.verify`).
"""

import json
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from negotiation._files import mode_of, read_text
from negotiation._processes import run_to_end
from negotiation._results import Result
from negotiation.errors import InputError, count_text
from negotiation.report.runs.folder import RESULTS
from negotiation.report.runs.write import changed_files, recorded_command, recorded_files
from negotiation.verify.checker import check_with_sets
from negotiation.verify.printed import differences, embedded_certificates, reported_failure


class Verification(Result):
    """What was checked in a result: `holds` says whether every claim in it is true.

    lines: one for the files of a result folder and each certificate. certificates: for each one where it stands, what
    it claims, whether it holds and agrees with what is printed beside it, and what is proven or fails.
    """

    path: str
    holds: bool
    lines: tuple[str, ...]
    certificates: tuple[Mapping[str, Any], ...]


def verification(result: Path, again: bool = False) -> Verification:
    """Return what can be said of a result folder, a results.json, or the output of `negotiation solve --json`.

    again: also run the command that a folder records once more, and compare files. Raises `InputError` when the result
    cannot be read.
    """
    folder = stat.S_ISDIR(mode_of(result))
    lines, holds = _folder(result, again) if folder else ([], True)
    rows = list(_certificate_rows(result / RESULTS if folder else result))
    holds = holds and all(row["agrees"] for row in rows)
    return Verification(str(result), holds, (*lines, *map(_line, rows)), tuple(rows))


def require_certificates(checked: Verification) -> None:
    """Raise `InputError` where nothing is wrong, and nothing was proven: there is no certificate."""
    if not checked.certificates and checked.holds:
        message = "holds no certificate, so nothing was proven"
        raise InputError.single(checked.path, "", message, "solve with --json, or name a result that has certificates")


def _line(row: dict[str, Any]) -> str:
    mark, where = "✓" if row["agrees"] else "✗", f"{row['certificate']}: " if row["certificate"] else ""
    if row["holds"]:
        said = f"{row['proven']} ({row['checked']} conditions checked)"
    elif row["agrees"]:
        said = f"as reported, no equilibrium: {row['failure']}"
    else:
        said = f"does not hold after {row['checked']} conditions: {row['failure']}"
    return "\n".join([f"{mark} {where}{said}", *(f"  ✗ {clause}" for clause in row["differences"])])


def _certificate_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what is to be said of each certificate in a file of JSON, or of JSON lines, and of what is printed beside.

    agrees: whether every claim is true, that of a regime reported as no equilibrium included.
    """
    documents = read_documents(path)
    for number, data in enumerate(documents, 1):
        for embedded in embedded_certificates(data):
            inside = embedded.path
            name = inside if len(documents) == 1 else f"line {number}{'.' if inside else ''}{inside}"
            try:
                verdict, sets = check_with_sets(embedded.certificate)
                clauses = differences(embedded, verdict, sets)
            except InputError as error:
                origin = f"{path}{': ' if name else ''}{name}"
                raise InputError(origin, error.problems) from None
            true = (verdict.holds or reported_failure(embedded, verdict)) and not clauses
            yield {"certificate": name, "holds": verdict.holds, "agrees": true, "claim": verdict.kind,
                   "checked": verdict.checked, "proven": verdict.proven, "failure": verdict.failure,
                   "differences": clauses}  # fmt: skip


def read_documents(path: Path) -> list[Any]:
    """Return the JSON documents of a file: one, or one a line; `InputError` when it is neither."""
    text = read_text(path, "a result")
    try:
        try:
            return [json.loads(text)]
        except json.JSONDecodeError as error:
            lines = [line for line in text.splitlines() if line.strip()]
            if len(lines) < 2 or error.msg != "Extra data":
                raise
            return [json.loads(line) for line in lines]
    except (ValueError, RecursionError) as error:
        raise InputError.single(str(path), "", f"is neither JSON nor JSON lines: {error}") from None


def _folder(folder: Path, again: bool) -> tuple[list[str], bool]:
    """Return what is to be said about the files of a result folder, and whether all are as recorded."""
    files = recorded_files(folder)
    wrong = changed_files(folder, files)
    if wrong:
        return [f"✗ {name}: not the file that run.json records (another digest, or missing)" for name in wrong], False
    lines = [f"✓ {count_text(len(files), 'file')} with the digest that run.json records"]
    if not again:
        return lines, True
    different = _rerun(folder, files)
    if different:
        return [*lines, *(f"✗ {name}: another digest when run again" for name in different)], False
    return [*lines, "✓ run again: every digest is the same"], True


def _rerun(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Run the recorded command into a temporary folder; return the files that come out different."""
    command = recorded_command(folder)
    if command[:2] != ["negotiation", "run"]:
        hint = "only `negotiation run` can be run again"
        raise InputError.single(str(folder), "", "run.json does not record a command that can be run again", hint)
    with tempfile.TemporaryDirectory() as place:
        fresh = Path(place) / "again"
        words = [sys.executable, "-m", "negotiation", *command[1:], "--out", str(fresh)]
        done = run_to_end(words)
        if done.returncode not in (0, 1):
            raise InputError.single(str(folder), "", f"running it again failed: {done.stderr.strip()[-400:]}")
        return changed_files(fresh, files)
