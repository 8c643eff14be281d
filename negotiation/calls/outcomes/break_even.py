"""Break-evens: the value of each parameter at which the answer changes, found on the real computation.

The claim is that the deal is self-enforcing after a call outcome under its selected regime (any simple regime where
stage Nash is selected), the length or payment chosen anew at every value; several boundaries, or none, are answers.

The same scan finds where the game is a dilemma at all: the deal is better for both than the punishment, yet both are
tempted to leave it. That is calibrated, not found, so the window is shown with what fails outside it.
"""

import functools
import math
from collections.abc import Callable, Sequence

import numpy as np

from negotiation._values import Floats, Value
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.errors import InputError
from negotiation.games.pact import Pact
from negotiation.solve.automata.one_shot_deviations import check_automaton
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import TOLERANCE, regime_values, trigger_masks
from negotiation.solve.sign_changes import sign_changes
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.repeated_game import compile_automaton
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.labels import title
from negotiation.trade.parameters.parameter import interval
from negotiation.trade.parameters.registry import same_number
from negotiation.trade.scenario.call_outcome import STAGE_NASH, CallOutcome
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
VALUES_INSIDE, VALUES_OUTSIDE = 8, 3
SCAN_REACH = 4.0  # how far outside the range the scan goes, in widths of it
MOST_PARAMETERS = 9  # of a game with payoffs of its own: a row each, and a scan for each outcome
DOMAIN_EDGE = 1e-6  # share of the scan by which it stays off the end of a domain that the domain leaves out
NO_ROOM = 1e-12  # room in the unit per month that counts as none
NOT_PAYOFFS = ("monitoring.", "patience.")


class BreakEven(Value, kw_only=True):
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
    keys = [outcome.call.regime]
    if outcome.call.regime == STAGE_NASH:
        keys = [regime.key for regime in outcome.regimes if regime.key != STAGE_NASH]

    @functools.cache
    def margin(value: float) -> float:
        changed = with_call(scenario, outcome.call, Change(path, "set", value))
        return _largest_margin(changed, build_pact(changed, fine=best_set, binding=False), keys, best_set)

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


def with_call(scenario: Scenario, call: CallOutcome | None, change: Change) -> Scenario:
    """Return the scenario with a change and the call's own; the change comes last where the call sets that number."""
    changes = call.changes if call is not None else ()
    last = any(same_number(each.path, change.path) and each.op == "set" for each in changes)
    return scenario.after((*changes, change) if last else (change, *changes))


def key_parameters(scenario: Scenario) -> tuple[str, ...]:
    """Return the parameters whose break-evens are shown: the economy's key ones, or patience and the payoffs."""
    if scenario.kind == "economy":
        return KEY_PARAMETERS
    payoffs = (path for path in scenario.parameters if path.startswith("payoffs."))
    return ("patience.discount", *payoffs)[:MOST_PARAMETERS]


def _largest_margin(scenario: Scenario, pact: Pact, keys: list[str], best_set: bool) -> float:
    masks = trigger_masks(pact) if best_set else pact.mask(pact.trigger)[None, :]
    arrays = pact_arrays(pact, masks, best_set)
    kinds = [kind for kind in regime_kinds(pact) if kind.key in keys]
    by_regime = [float(regime_values(arrays, kind).margin.max()) for kind in kinds]
    for spec in scenario.regimes:
        if spec.name in keys:
            check = check_automaton(pact.stage, pact.monitoring, pact.discount, compile_automaton(spec, pact))
            by_regime.append(check.worst.slack)
    return max(by_regime, default=-math.inf)  # a snapback exists only where some answer costs player 1


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
    legal, reach = interval(parameter.domain), SCAN_REACH * max(high - low, abs(now))
    bottom, top = max(legal.low, low - reach), min(legal.high, high + reach)
    edge = DOMAIN_EDGE * max(top - bottom, DOMAIN_EDGE)
    bottom, top = (bottom if bottom in legal else bottom + edge), (top if top in legal else top - edge)
    inside = min(low, now), max(high, now)
    stretches = ((bottom, inside[0], VALUES_OUTSIDE), (*inside, VALUES_INSIDE), (inside[1], top, VALUES_OUTSIDE))
    return np.unique(np.concatenate([np.linspace(*stretch) for stretch in stretches]))


class DilemmaWindow(Value, kw_only=True):
    """Interval(s) of one parameter in which the game is a dilemma: boundaries as (value, dilemma above it).

    fails_below, fails_above: which condition breaks next to the present value's window ("" when there is no boundary).
    """

    path: str
    value: float
    inside: bool
    boundaries: tuple[tuple[float, bool], ...]
    fails_below: str
    fails_above: str
    searched: tuple[float, float]


def dilemma_conditions(pact: Pact) -> dict[str, float]:
    """Return each condition of a dilemma with its room (at least 0 where it holds), in the game's unit."""
    stage, deal, punishment = pact.stage, pact.deal, pact.punishment
    at_deal, at_punishment = stage.payoff(deal), stage.payoff(punishment)
    tempted = {
        f"{title(name)} is tempted to leave the deal": float(stage.deviations(i, deal).max()) - at_deal[i] - NO_ROOM
        for i, name in enumerate(stage.players)
    }
    worse = {
        f"war is worse than the deal for {title(name)}": at_deal[i] - at_punishment[i]
        for i, name in enumerate(stage.players)
    }
    return {**tempted, **worse, "war is a stage equilibrium": -stage.largest_gain(punishment)}


def dilemma_windows(scenario: Scenario) -> tuple[DilemmaWindow, ...]:
    """Return the window of every key parameter that enters the payoffs."""
    paths = [path for path in key_parameters(scenario) if not path.startswith(NOT_PAYOFFS)]
    return tuple(_window(scenario, path) for path in paths)


def _window(scenario: Scenario, path: str) -> DilemmaWindow:
    def conditions(value: float) -> dict[str, float]:
        return dilemma_conditions(build_pact(scenario.after([Change(path, "set", value)]), fine=False))

    @functools.cache
    def margin(value: float) -> float:
        return min(conditions(value).values())

    grid = legal_values(scan_grid(scenario, path), margin)
    now = scenario.value(path)
    boundaries = sign_changes(margin, grid, NO_ROOM, digits=1e-7)
    step = 1e-6 * float(grid[-1] - grid[0])
    below = max((value for value, _ in boundaries if grid[0] < value <= now), default=None)
    above = min((value for value, _ in boundaries if value > now), default=None)
    return DilemmaWindow(
        path=path,
        value=now,
        inside=margin(now) >= -NO_ROOM,
        boundaries=boundaries,
        fails_below="" if below is None else _violated_condition(conditions(below - step)),
        fails_above="" if above is None else _violated_condition(conditions(above + step)),
        searched=(float(grid[0]), float(grid[-1])),
    )


def _violated_condition(conditions: dict[str, float]) -> str:
    name, margin = min(conditions.items(), key=lambda condition: condition[1])
    return f"not so: {name}" if margin < 0 else ""
