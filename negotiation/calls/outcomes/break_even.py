"""Break-evens: the value of each parameter at which the answer changes, found on the real computation.

The claim is that the deal is self-enforcing after a call outcome under its selected regime (any simple regime where
stage Nash is selected), the length or payment chosen anew at every value. Scanned inside the domain, dense in the
plausible range, every change of sign closed in; several boundaries, or none, are answers.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from negotiation._values import Floats, Value
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.errors import InputError
from negotiation.games.pact import Pact
from negotiation.solve.automata.one_shot_deviations import check_automaton
from negotiation.solve.regimes.kinds import RegimeKind, regime_kinds
from negotiation.solve.regimes.search import TOLERANCE, margins, trigger_masks
from negotiation.solve.sign_changes import sign_changes
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.repeated_game import compile_automaton
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.parameter import interval
from negotiation.trade.scenario.scenario import Scenario

KEY_PARAMETERS = (
    "minerals.leverage",
    "tariffs.us.exporter_adjustment_loss",
    "monitoring.delay_probability",
    "monitoring.delay_max",
    "minerals.dependent_output",
    "politics.us.preferred_tariff",
    "patience.expected_life_months",
    "legal.snapback_survival",
)
# values tried inside the plausible range and on each side of it: two boundaries between neighbours go unseen
INSIDE, OUTSIDE = 8, 3
FAR = 4.0  # how far outside the range the scan goes, in widths of it
MOST_PARAMETERS = 9  # of a game with payoffs of its own: a row each, and a scan for each outcome
EDGE = 1e-6  # share of the scan by which it stays off the end of a domain that the domain leaves out


@dataclass(frozen=True, eq=False, kw_only=True)
class BreakEven(Value):
    """Where one parameter flips the claim for one outcome.

    boundaries: (value, holds above it) in increasing order, the first may be the start of the scan when it holds
    there. holds_now at the present `value`. nearest: the boundary closest to the value, None when there is no flip.
    searched: the interval that was scanned.
    """

    outcome: str
    path: str
    value: float
    holds_now: bool
    boundaries: tuple[tuple[float, bool], ...]
    nearest: float | None
    searched: tuple[float, float]


def break_even(scenario: Scenario, outcome: Outcome, path: str, best_set: bool = False) -> BreakEven:
    """Return where `path` flips the claim for one outcome, with its changes applied on top of the tried value.

    With `best_set` the trigger set is chosen anew too, judged against the fine grid as well.
    """
    keys = [regime.key for regime in outcome.claimed]

    @functools.cache
    def margin(value: float) -> float:
        changed = with_call(scenario, outcome, Change(path, "set", value))
        return _largest_margin(changed, build_pact(changed, fine=best_set), keys, best_set)

    grid = legal_values(scan_grid(scenario, path), margin)
    boundaries = sign_changes(margin, grid, TOLERANCE, digits=1e-6)
    now = outcome.game.scenario.value(path)
    inner = [value for value, _ in boundaries if grid[0] < value < grid[-1]]
    return BreakEven(
        outcome=outcome.call.name,
        path=path,
        value=now,
        holds_now=margin(now) >= -TOLERANCE,
        boundaries=boundaries,
        nearest=min(inner, key=lambda value: abs(value - now)) if inner else None,
        searched=(float(grid[0]), float(grid[-1])),
    )


def break_evens(scenario: Scenario, outcomes: Sequence[Outcome], best_set: bool = False) -> tuple[BreakEven, ...]:
    """Return the break-evens of every key parameter for every outcome, parameters first."""
    return tuple(
        break_even(scenario, outcome, path, best_set) for path in key_parameters(scenario) for outcome in outcomes
    )


def with_call(scenario: Scenario, outcome: Outcome, change: Change) -> Scenario:
    """Return the scenario with a change and the call's own; the change comes last where the call sets that number."""
    set_by_call = any(
        call_change.path == change.path and call_change.op == "set" for call_change in outcome.call.changes
    )
    changes = (*outcome.call.changes, change) if set_by_call else (change, *outcome.call.changes)
    return scenario.after(changes)


def key_parameters(scenario: Scenario) -> tuple[str, ...]:
    """Return the parameters whose break-evens are shown: the economy's key ones, or patience and the payoffs."""
    if scenario.kind == "economy":
        return KEY_PARAMETERS
    payoffs = (path for path in scenario.parameters if path.startswith("payoffs."))
    return ("patience.discount", *payoffs)[:MOST_PARAMETERS]


def _largest_margin(scenario: Scenario, pact: Pact, keys: list[str], best_set: bool) -> float:
    masks = trigger_masks(pact) if best_set else pact.mask(pact.trigger)[None, :]
    kinds = [kind for kind in regime_kinds(pact) if kind.key in keys]
    margins_by_regime = [_margin(pact, kind, masks, best_set) for kind in kinds]
    for spec in scenario.regimes:
        if spec.name in keys:
            check = check_automaton(pact.stage, pact.monitoring, pact.discount, compile_automaton(spec, pact))
            margins_by_regime.append(check.worst.slack)
    return max(margins_by_regime)


def _margin(pact: Pact, kind: RegimeKind, masks: Floats, check_fine: bool) -> float:
    return float(margins(pact, kind, masks, np.array([pact.discount]), check_fine).max())


def legal_values(grid: Floats, compute: Callable[[float], object]) -> Floats:
    """Return the values of a grid that are legal beside the other numbers too: those at which `compute` works."""

    def legal(value: float) -> bool:
        try:
            compute(value)
        except InputError:
            return False
        return True

    return np.array([value for value in grid if legal(float(value))])


def scan_grid(scenario: Scenario, path: str) -> Floats:
    """Return the values that are tried for a parameter: its plausible range, wider on both sides, inside its domain."""
    parameter = scenario.parameter(path)
    now = scenario.value(path)
    low = parameter.low if parameter.low is not None else now
    high = parameter.high if parameter.high is not None else now
    legal = interval(parameter.domain)
    reach = max(high - low, abs(now))
    bottom = max(legal.low, low - FAR * reach) if math.isfinite(legal.low) else low - FAR * reach
    top = min(legal.high, high + FAR * reach) if math.isfinite(legal.high) else high + FAR * reach
    edge = EDGE * max(top - bottom, EDGE)
    bottom, top = (bottom if bottom in legal else bottom + edge), (top if top in legal else top - edge)
    points = np.concatenate(
        [
            np.linspace(bottom, min(low, now), OUTSIDE),
            np.linspace(min(low, now), max(high, now), INSIDE),
            np.linspace(max(high, now), top, OUTSIDE),
        ]
    )
    return np.unique(points)
