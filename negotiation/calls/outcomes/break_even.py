"""Break-evens: the value of each parameter at which the answer changes, found on the real computation.

The claim is that the deal is self-enforcing after a call outcome under its selected regime with the threshold trigger
(any simple regime where stage Nash is selected), the length or payment chosen anew at every value; several boundaries,
or none, are answers. Every parameter and every value is a row of columns; a user's own automaton is asked value by
value, by the plain twin.
"""

import functools
import math
from collections.abc import Callable, Sequence

import numpy as np

from negotiation._values import Bools, Floats, Ints, Value
from negotiation.calls.outcomes.batch import analyse_points, has_column_path
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.errors import InputError
from negotiation.games.pact import Pact
from negotiation.solve.automata.pact_checks import pact_check
from negotiation.solve.regimes.batch import REGIME_KEYS
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import TOLERANCE, regime_values
from negotiation.solve.sign_changes import sign_changes
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.repeated_game import compile_automaton
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.parameter import Parameter, interval
from negotiation.trade.parameters.registry import ALTERNATIVES, same_number
from negotiation.trade.scenario.call_outcome import STAGE_NASH, CallOutcome
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from negotiation.trade.scenario.plausible_ranges import group_paths
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
BOUNDARY_DIGITS = 1e-6  # of the scan, to which a boundary is found
PIECES = 4  # into which a bracket is cut at once; more make fewer but larger rounds


class BreakEven(Value, kw_only=True):
    """Where one parameter flips the claim for one outcome.

    boundaries: (value, holds above it) in increasing order, the first may be the start of the scan when it holds
    there. holds_now at the present `value`, the call's own where it sets the number. nearest: the boundary closest to
    the value, None when there is no flip. searched: the interval that was scanned. distance: from the value to the
    nearest, as a share of the width of the plausible range (infinite without a flip). plausible: whether the nearest
    lies within that range.
    """

    outcome: str
    path: str
    value: float
    holds_now: bool
    boundaries: tuple[tuple[float, bool], ...]
    searched: tuple[float, float]
    nearest: float | None = None
    distance: float = math.inf
    plausible: bool = False


def break_evens(scenario: Scenario, outcomes: Sequence[Outcome]) -> tuple[BreakEven, ...]:
    """Return the break-evens of every key parameter and every judged one for each outcome.

    Parameters stand in the order of their nearest flip: those within their plausible range first, then by distance.
    """
    paths = break_even_paths(scenario)
    if has_column_path(scenario):
        evens = [each for outcome in outcomes for each in _on_columns(scenario, outcome, paths)]
    else:
        evens = [break_even(scenario, outcome, path) for path in paths for outcome in outcomes]
    places = {path: min((not each.plausible, each.distance) for each in evens if each.path == path) for path in paths}
    order = {outcome.call.name: place for place, outcome in enumerate(outcomes)}
    return tuple(sorted(evens, key=lambda each: (places[each.path], paths.index(each.path), order[each.outcome])))


def break_even_paths(scenario: Scenario) -> tuple[str, ...]:
    """Return the parameters whose break-evens are sought: the key ones, then all judged ones with a range."""
    # a scan of all judged numbers takes a quarter of a minute where columns are slow
    scanned = scenario.kind == "economy" and not scenario.slow_columns
    judged = group_paths(scenario, "judgement") if scanned else ()
    return tuple(dict.fromkeys((*key_parameters(scenario), *judged)))


def break_even(scenario: Scenario, outcome: Outcome, path: str) -> BreakEven:
    """Return where `path` flips the claim for one outcome, with its changes applied on top of the tried value."""

    @functools.cache
    def margin(value: float) -> float:
        changed = with_call(scenario, outcome.call, Change(path, "set", value))
        return _largest_margin(changed, build_pact(changed, fine=False, binding=False), _keys(outcome))

    value = _value_now(scenario, outcome, path)
    grid = legal_values(np.union1d(scan_grid(scenario, path), value), margin)
    boundaries = sign_changes(margin, grid, TOLERANCE, digits=BOUNDARY_DIGITS)
    even = BreakEven(
        outcome=outcome.call.name,
        path=path,
        value=value,
        holds_now=margin(value) >= -TOLERANCE,
        boundaries=boundaries,
        searched=(float(grid[0]), float(grid[-1])),
    )
    return _measured(even, scenario.parameter(path))


def _measured(even: BreakEven, parameter: Parameter) -> BreakEven:
    """Return a break-even with its nearest boundary inside the scan, and how far that is."""
    start, end = even.searched
    inner = [boundary for boundary, _ in even.boundaries if start < boundary < end]
    if not inner:
        return even
    nearest = min(inner, key=lambda boundary: abs(boundary - even.value))
    low, high = (even.value if edge is None else edge for edge in (parameter.low, parameter.high))
    width = (high - low) or abs(even.value) or 1.0
    return even.replace(nearest=nearest, distance=abs(nearest - even.value) / width, plausible=low <= nearest <= high)


def _on_columns(scenario: Scenario, outcome: Outcome, paths: Sequence[str]) -> list[BreakEven]:
    """Return the break-evens of all parameters for one outcome: all values of all scans at once, then all brackets."""
    trial = functools.partial(_try, scenario, outcome, tuple(paths))
    now = np.array([_value_now(scenario, outcome, path) for path in paths])
    # the present value may lie far from the scan, and be the only legal one, where the call sets the number
    grids = [np.union1d(scan_grid(scenario, path), value) for path, value in zip(paths, now, strict=True)]
    which = np.repeat(np.arange(len(paths)), [len(grid) for grid in grids])
    legal, holds = trial(np.concatenate([which, np.arange(len(paths))]), np.concatenate([*grids, now]))
    at_grid, holds_now = holds[: len(which)], holds[len(which) :]
    scans = [np.flatnonzero((which == n) & legal[: len(which)]) for n in range(len(paths))]
    values = np.concatenate(grids)
    flips = [rows[:-1][at_grid[rows[:-1]] != at_grid[rows[1:]]] for rows in scans]
    beyond = [rows[1:][at_grid[rows[:-1]] != at_grid[rows[1:]]] for rows in scans]
    spans = np.array([np.ptp(values[rows]) for rows in scans])
    starts, ends = np.concatenate(flips), np.concatenate(beyond)
    ends = _closed_in(trial, which[starts], (values[starts], values[ends]), at_grid[starts], BOUNDARY_DIGITS * spans)
    evens, place = [], 0
    for n, (path, rows) in enumerate(zip(paths, scans, strict=True)):
        boundaries = [(float(values[rows[0]]), True)] if at_grid[rows[0]] else []
        for row in flips[n]:
            boundaries.append((float(ends[place]), not at_grid[row]))
            place += 1
        even = BreakEven(
            outcome=outcome.call.name,
            path=path,
            value=float(now[n]),
            holds_now=bool(holds_now[n]),
            boundaries=tuple(boundaries),
            searched=(float(values[rows[0]]), float(values[rows[-1]])),
        )
        evens.append(_measured(even, scenario.parameter(path)))
    return evens


def _closed_in(
    trial: Callable[[Ints, Floats], tuple[Bools, Bools]],
    which: Ints,
    brackets: tuple[Floats, Floats],
    holds_low: Bools,
    digits: Floats,
) -> Floats:
    """Return the boundary inside each bracket, cutting all of them again and again; `digits` by parameter."""
    low, high = (end.copy() for end in brackets)
    steps = np.arange(1, PIECES) / PIECES
    while (wide := np.flatnonzero(high - low > digits[which])).size:
        inside = low[wide, None] + (high - low)[wide, None] * steps
        _, holds = trial(np.repeat(which[wide], PIECES - 1), inside.ravel())
        same = np.logical_and.accumulate(holds.reshape(inside.shape) == holds_low[wide, None], axis=1).sum(axis=1)
        ends = np.concatenate([low[wide, None], inside, high[wide, None]], axis=1)
        rows = np.arange(len(wide))
        low[wide], high[wide] = ends[rows, same], ends[rows, same + 1]
    return (low + high) / 2


def _try(
    scenario: Scenario, outcome: Outcome, paths: Sequence[str], which: Ints, values: Floats
) -> tuple[Bools, Bools]:
    """Return (N,) whether each value of the parameter paths[which] is legal, and whether the claim holds there."""
    legal, holds = np.zeros((2, len(values)), dtype=np.bool_)
    # what the call sets itself is set anew after it: the number whose change the call leaves out then, by path
    left_out = [path if _set_by(outcome.call, path) else "" for path in paths]
    numbers = np.tile([scenario.value(path) for path in paths], (len(values), 1))
    numbers[np.arange(len(values)), which] = values
    columns = [REGIME_KEYS.index(key) for key in _keys(outcome)]
    for path in dict.fromkeys(left_out):
        rows = np.array([each == path for each in left_out])[which]
        if rows.any():
            points = analyse_points(outcome.call.without([path]), ParameterColumns.of(scenario, paths, numbers[rows]))
            legal[rows], holds[rows] = points.legal, points.regimes.holds[:, columns].any(axis=1)
    return legal, holds


def _value_now(scenario: Scenario, outcome: Outcome, path: str) -> float:
    """Return the present value: the call's own where it sets the number, else the scenario's, before the call."""
    return (outcome.game.scenario if _set_by(outcome.call, path) else scenario).value(path)


def _set_by(call: CallOutcome, path: str) -> bool:
    """Return whether the call sets the number itself, whatever it was before."""
    return any(same_number(each.path, path) and each.op == "set" for each in call.changes)


def _keys(outcome: Outcome) -> list[str]:
    """Return the rules that the claim is about."""
    if outcome.call.regime == STAGE_NASH:
        return [regime.key for regime in outcome.regimes if regime.key != STAGE_NASH]
    return [outcome.call.regime]


def with_call(scenario: Scenario, call: CallOutcome | None, change: Change) -> Scenario:
    """Return the scenario with a change and the call's own; the change comes last where the call sets that number."""
    changes = call.changes if call is not None else ()
    last = call is not None and _set_by(call, change.path)
    return scenario.after((*changes, change) if last else (change, *changes))


def key_parameters(scenario: Scenario) -> tuple[str, ...]:
    """Return the parameters whose break-evens are shown in any case: the economy's key ones, or patience and payoffs.

    Of two of which one follows from the other it is the one that is given.
    """
    if scenario.kind == "economy":
        tied = scenario.tied_paths
        return tuple(ALTERNATIVES[path] if path in tied else path for path in KEY_PARAMETERS)
    payoffs = (path for path in scenario.parameters if path.startswith("payoffs."))
    return ("patience.discount", *payoffs)[:MOST_PARAMETERS]


def _largest_margin(scenario: Scenario, pact: Pact, keys: list[str]) -> float:
    arrays = pact_arrays(pact, pact.mask(pact.trigger)[None, :])
    kinds = [kind for kind in regime_kinds(pact) if kind.key in keys]
    by_regime = [float(regime_values(arrays, kind).margin.max()) for kind in kinds]
    for spec in scenario.regimes:
        if spec.name in keys:
            check = pact_check(pact, compile_automaton(spec, pact))
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
