"""The window of each parameter in which the game is a dilemma at all.

The deal is better for both than the punishment, yet both are tempted to leave it, and the punishment is a stage
equilibrium. That is calibrated, not found, so the window is shown with what fails outside it.
"""

import functools

from negotiation._values import Value
from negotiation.calls.outcomes.break_even import key_parameters, legal_values, scan_grid
from negotiation.games.pact import Pact
from negotiation.solve.sign_changes import sign_changes
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.labels import title
from negotiation.trade.scenario.scenario import Scenario

NO_ROOM = 1e-12  # room in the unit per month that counts as none
NOT_PAYOFFS = ("monitoring.", "patience.")


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
        return dilemma_conditions(build_pact(scenario.after([Change(path, "set", value)]), fine=False, binding=False))

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
