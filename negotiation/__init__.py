"""negotiation: will a deal on tariffs and critical minerals enforce itself, and what must a leaders' call deliver?

A scenario file with sourced parameters becomes a repeated game; a diplomatic call changes the parameters;
the solver says which payoffs, promises and punishments are self-enforcing in each case; the report shows it.

    >>> import negotiation as ng
    >>> dilemma = ng.game([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> ng.pure_equilibria(dilemma)
    ((1, 1),)

Importing the package is quick: each name of `__all__` is loaded when it is first used (PEP 562).
"""

import importlib
from typing import TYPE_CHECKING, Any

from negotiation import _door
from negotiation._version import __version__ as __version__

_GAMES = "game iterated_dominance patient_limit pure_equilibria solve solve_many stage_equilibria support threshold"
_SCENARIOS = "analyse call_game call_value compare_calls load_scenario regimes requirements"
_HOMES = {
    "negotiation.api.games": _GAMES,
    "negotiation.api.scenarios": _SCENARIOS,
    "negotiation.api.records": "assess run_study verify write_report",
    "negotiation.api.rendering": "renderer",
    "negotiation.solve.thresholds.claims": "CanPlay FillsShare",
    "negotiation.errors": "InputError",
}

__all__ = [
    "CanPlay", "FillsShare", "InputError", "analyse", "assess", "call_game", "call_value", "compare_calls", "game",
    "iterated_dominance", "load_scenario", "patient_limit", "pure_equilibria", "regimes", "requirements", "run_study",
    "solve", "solve_many", "stage_equilibria", "support", "threshold", "verify", "write_report",
]  # fmt: skip


def _load(name: str) -> Any:
    home = next(module for module, names in _HOMES.items() if name in names.split())
    return getattr(importlib.import_module(home), name)


def __getattr__(name: str) -> Any:
    if name in ("solve", "verify"):  # rooms that are called like the functions of their names
        return importlib.import_module(f"{__name__}.{name}")
    if name not in __all__:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return globals().setdefault(name, _load(name))


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


_door.register(_load)

if TYPE_CHECKING:
    from negotiation.api.games import (
        game,
        iterated_dominance,
        patient_limit,
        pure_equilibria,
        solve,
        solve_many,
        stage_equilibria,
        support,
        threshold,
    )
    from negotiation.api.records import assess, run_study, verify, write_report
    from negotiation.api.scenarios import (
        analyse,
        call_game,
        call_value,
        compare_calls,
        load_scenario,
        regimes,
        requirements,
    )
    from negotiation.errors import InputError
    from negotiation.solve.thresholds.claims import CanPlay, FillsShare
