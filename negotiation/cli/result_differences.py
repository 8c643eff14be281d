"""What differs between the answers of two result folders: headline numbers, before → after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from negotiation._files import mode_of, read_json
from negotiation.errors import InputError

RESULTS = "results.json"
Row = tuple[str, str, str, str]


def headline_differences(a: str, b: str) -> list[Row] | None:
    """Return (outcome, number, before, after) for each headline number that differs; None unless both are folders.

    Raises `InputError` when a folder's results cannot be read.
    """
    if not (mode_of(Path(a, RESULTS)) and mode_of(Path(b, RESULTS))):
        return None
    before, after = _rows(a), _rows(b)
    found: list[Row] = []
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            found.append((name, "outcome", "present", "absent"))
            continue
        found += [(name, key, old.get(key, "none"), new.get(key, "none")) for key in {**old, **new}
                  if old.get(key) != new.get(key)]  # fmt: skip
    found += [(name, "outcome", "absent", "present") for name in after if name not in before]
    return found


def _rows(folder: str) -> dict[str, dict[str, str]]:
    path = Path(folder, RESULTS)
    data = read_json(path, "the results of a run")
    try:
        return {str(row["label"]): _numbers(row) for row in data["headline"]["rows"]}
    except (KeyError, TypeError, OverflowError):
        raise InputError.single(str(path), "", "does not hold the results of a run", "run it again") from None


def _numbers(row: dict[str, Any]) -> dict[str, str]:
    names = ("holds", "regime", "terms", "discount", "least_discount", "punished_share")
    values = {f"value {number}": value for number, value in enumerate(row["values"], 1)}
    return {name: _shown(value) for name, value in ({name: row[name] for name in names} | values).items()}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.4f}"
    return "none" if value is None else str(value)
