"""What differs between the answers of two result folders: headline numbers, before → after."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from negotiation.errors import InputError

RESULTS = "results.json"
Row = tuple[str, str, str, str]


def headline_differences(a: str, b: str) -> list[Row] | None:
    """Return (outcome, number, before, after) for each headline number that differs; None unless both are folders.

    Raises `InputError` when a folder's results cannot be read.
    """
    if not (Path(a, RESULTS).is_file() and Path(b, RESULTS).is_file()):
        return None
    before, after = _rows(a), _rows(b)
    found: list[Row] = []
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            found.append((name, "outcome", "present", "absent"))
            continue
        found += [
            (name, key, _shown(old[key]), _shown(new[key])) for key in old if _shown(old[key]) != _shown(new[key])
        ]
    found += [(name, "outcome", "absent", "present") for name in after if name not in before]
    return found


def _rows(folder: str) -> dict[str, dict[str, Any]]:
    path = Path(folder, RESULTS)
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["headline"]["rows"]
        return {row["label"]: _numbers(row) for row in rows}
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError.single(str(path), "", "does not hold the results of a run", "run it again") from None


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("holds", "regime", "terms", "discount", "least_discount", "punished_share")}
    return {**kept, **{f"value {i + 1}": value for i, value in enumerate(row["values"])}}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.4f}"
    return "none" if value is None else str(value)
