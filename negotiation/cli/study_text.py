"""What `negotiation study` says: the answer in a few lines, and how far each study in a folder is."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from negotiation._files import mode_of
from negotiation.cli.messages import next_command, printable
from negotiation.cli.next_question import after_study
from negotiation.errors import OutputError, count_text
from negotiation.report.words import percent
from negotiation.studies.conclusions import Conclusion
from negotiation.studies.manifest import MANIFEST
from negotiation.studies.results import StudyResults
from negotiation.studies.run import StudyRun
from negotiation.studies.store import DONE, Store
from negotiation.studies.study import Study

LARGEST = 5
EXAMPLE = ("study", "run", "rollback-2025", "--vary", "minerals.leverage=0.2:0.9:21")


def finished_text(
    study: Study, done: StudyRun, found: StudyResults, items: tuple[Conclusion, ...], page: Path | None
) -> str:
    """Return the end of a run on the terminal."""
    numbers = ((study.size, "point"), (len(study.outcomes), "outcome"), (len(study.keys), "regime"))
    size = " × ".join(count_text(*item) for item in numbers)
    lines = [f"  {study.name}  {done.store.manifest['digest'][:8]}  seed {study.seed}    {size}"]
    if done.resumed:
        lines.append(f"  {done.resumed} of {done.store.chunks} chunks were there already")
    if done.damaged:
        lines.append(f"  computed again: {count_text(done.damaged, 'damaged part')}")
    if done.not_computed:
        lines.append(
            f"  not computed for some outcome: {count_text(done.not_computed, 'point')}, see the column reason"
        )
    lines += [f"  {_percent(item.share)}  {item.sentence}" for item in items]
    lines.append(f"  table    {done.table or 'none (give --table csv or --table parquet)'}")
    if page is not None:
        lines.append(f"  report   {page}")
    lines.append("  " + next_command(*after_study(study, found, items, done.store.path)))
    return printable("\n".join(lines))


def finished_json(study: Study, done: StudyRun, items: tuple[Conclusion, ...], page: Path | None) -> str:
    """Return the end of a run as one JSON object."""
    return json.dumps(
        {
            "study": study.name,
            "digest": done.store.manifest["digest"],
            "folder": str(done.store.path),
            "points": study.size,
            "not_computed": done.not_computed,
            "resumed_chunks": done.resumed,
            "damaged_parts": done.damaged,
            "table": None if done.table is None else str(done.table),
            "report": None if page is None else str(page),
            "conclusions": [{"key": c.key, "sentence": c.sentence, "share": c.share} for c in items],
        },
        indent=1,
    )


def status_of(folder: Path) -> list[dict[str, Any]]:
    """Return how far each study is: that of the folder itself, or those of the folders in it."""
    if not stat.S_ISDIR(mode_of(folder)):
        raise OutputError(f"{folder} is not a folder.")
    if (folder / MANIFEST).is_file():
        return [_one(folder)]
    return [_one_of_several(file.parent) for file in sorted(folder.glob(f"*/{MANIFEST}"))]


def _one_of_several(place: Path) -> dict[str, Any]:
    """Return how far a study is, or why that cannot be said: the others are told all the same."""
    try:
        return _one(place)
    except OutputError as error:
        return {"folder": str(place), "problem": str(error)}


def _one(place: Path) -> dict[str, Any]:
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
        "complete": len(store.parts) == store.chunks and (place / DONE).is_file(),
    }


def status_text(folder: Path, found: list[dict[str, Any]]) -> str:
    """Return the status of studies for a reader."""
    if not found:
        return printable(f"no study in {folder}\n{next_command(*EXAMPLE)}")
    lines = []
    for item in found:
        if "problem" in item:
            lines += [item["folder"], f"  {item['problem']}"]
            continue
        share = item["points_done"] / item["points"]
        state = "complete" if item["complete"] else f"{_percent(share).strip()} done"
        lines.append(f"{item['folder']}")
        lines.append(f"  {item['study']}  {item['digest'][:8]}  scenario {item['scenario']}  seed {item['seed']}")
        counts = f"{item['points_done']:,} of {item['points']:,} points"
        lines.append(f"  {state}: {counts}, {item['chunks_done']} of {item['chunks']} chunks")
        if item["damaged"]:
            numbers = ", ".join(str(number) for number in item["damaged"][:LARGEST])
            lines.append(f"  damaged: chunk {numbers}; running the study again mends it")
        if item["strangers"]:
            lines.append(f"  no parts, left alone: {', '.join(item['strangers'][:LARGEST])}")
    return printable("\n".join(lines))


def _percent(share: float) -> str:
    return percent(share).rjust(6)
