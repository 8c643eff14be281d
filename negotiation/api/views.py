"""What each result says of itself: a verdict in words, and rows of plain values."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from negotiation._results import Result

Row = dict[str, Any]


@dataclass(frozen=True)
class View:
    """verdict: the answer in words. rows: the table; `columns` names those that are shown, all when empty."""

    verdict: Callable[[Any], str]
    rows: Callable[[Any], Iterable[Row]]
    columns: tuple[str, ...] = ()


# class -> the module below `negotiation.api` that has its view, loaded with the first result of its kind
_HOMES = {
    **dict.fromkeys(("PayoffSet", "Solution", "StageGame", "DynamicGame", "StageEquilibria"), "game_views"),
    **dict.fromkeys(("Elimination", "Threshold", "PatientLimit", "PublicStrategy", "OneShotGame"), "game_views"),
    **dict.fromkeys(("Scenario", "Comparison", "Analysis", "Outcome", "Regimes", "Fan"), "scenario_views"),
    **dict.fromkeys(("Requirements", "CallGame", "CallValue"), "call_views"),
    **dict.fromkeys(("Assessment", "StudyAnswer", "StudyResults", "Verification", "PhaseDiagram"), "record_views"),
}


def view_of(result: Result) -> View:
    """Return how a result introduces itself."""
    tag = type(result).__name__
    view: View = importlib.import_module(f"negotiation.api.{_HOMES[tag]}").VIEWS[tag]
    return view
