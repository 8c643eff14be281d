"""What each result says of itself: a verdict in words, and rows of plain values."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from negotiation._results import Result

Row = dict[str, Any]


@dataclass(frozen=True)
class View:
    """verdict: the answer in words. rows: the table; `columns` names those that are shown, all when empty."""

    verdict: Callable[[Any], str]
    rows: Callable[[Any], Iterable[Row]]
    columns: tuple[str, ...] = ()


def rows_of(items: Iterable[Any], **columns: str) -> Iterator[Row]:
    """Yield a row for each item; `columns` says which (dotted) attribute of it stands in each column."""
    getters = {name: attrgetter(path) for name, path in columns.items()}
    for item in items:
        yield {name: get(item) for name, get in getters.items()}


# module below `negotiation.api` -> the classes whose views it has; it is loaded with the first result of its kind
_HOMES = {
    "game_views": "PayoffSet Solution StageGame DynamicGame StageEquilibria Elimination Threshold PatientLimit "
    "PublicStrategy OneShotGame",
    "scenario_views": "Scenario Comparison Analysis Outcome Regimes Fan Requirements CallGame CallValue",
    "record_views": "Assessment StudyAnswer StudyResults Verification PhaseDiagram",
}
HOMES = {tag: home for home, tags in _HOMES.items() for tag in tags.split()}


def view_of(result: Result) -> View:
    """Return how a result introduces itself."""
    tag = type(result).__name__
    view: View = importlib.import_module(f"negotiation.api.{HOMES[tag]}").VIEWS[tag]
    return view
