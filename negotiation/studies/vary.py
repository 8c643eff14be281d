"""What may vary, by name: groups of parameters with a plausible range, and `path=lo:hi:n` on the command line."""

from __future__ import annotations

import math

import numpy as np

from negotiation.errors import InputError, nearest
from negotiation.studies.study import Axis, too_many
from negotiation.trade.scenario.scenario import Scenario

# group -> what the source of its members begins with: judged magnitudes, and settings of the case in hand
GROUPS = {"judgement": "judgement", "assumption": "assumption", "all": ""}
# must be one of the borders between bins (or 0): a range of it means nothing
NOT_RANGED = ("monitoring.trigger", "monitoring.common_trigger")


def plausible_ranges(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Return path -> (low, high) of every single number whose plausible range has two different ends."""
    ranges = {}
    for path, parameter in scenario.parameters.items():
        if isinstance(parameter.value, tuple) or parameter.low is None or parameter.high is None or path in NOT_RANGED:
            continue
        if parameter.low < parameter.high:
            ranges[path] = (parameter.low, parameter.high)
    return ranges


def group_paths(scenario: Scenario, name: str) -> tuple[str, ...]:
    """Return the paths that a name stands for: "judgement", "assumption", "all", "minerals.*", or one path.

    Raises `InputError` for a path that does not exist and for a group without any member.
    """
    ranges = plausible_ranges(scenario)
    if name in GROUPS:
        return tuple(path for path in ranges if scenario.parameter(path).source.startswith(GROUPS[name]))
    if name.endswith(".*"):
        members = tuple(path for path in ranges if path.startswith(name[:-1]))
        if members:
            return members
        rooms = sorted({path.rpartition(".")[0] + ".*" for path in ranges})
        raise InputError.single("vary", name, "no parameter with a plausible range is called so", nearest(name, rooms))
    scenario.value(name)
    return (name,)


def plausible_range(scenario: Scenario, path: str) -> tuple[float, float]:
    """Return the plausible range of a parameter; raises `InputError` where it has none."""
    parameter = scenario.parameter(path)
    if parameter.low is None or parameter.high is None:
        raise InputError.single("vary", path, "has no plausible range", "give low and high, or values")
    return parameter.low, parameter.high


def parse_axis(text: str) -> Axis:
    """Return the axis written as "path=lo:hi:n" or "path=a,b,c".

    >>> parse_axis("minerals.leverage=0.2:0.8:3").values.tolist()
    [0.2, 0.5, 0.8]
    """
    path, sign, values = text.partition("=")
    hint = "write path=low:high:points or path=value,value"
    if not sign or not path.strip() or not values.strip():
        raise InputError.single("--vary", text, "is not an axis", hint)
    try:
        if ":" in values:
            low, high, count = values.split(":")
            return Axis(path.strip(), grid_values(float(low), float(high), int(count)))
        return Axis(path.strip(), np.array([float(part) for part in values.split(",")]))
    except InputError as error:
        raise InputError.single("--vary", path.strip(), error.problems[0].message, error.problems[0].hint) from None
    except ValueError:
        raise InputError.single("--vary", text, "is not an axis", hint) from None


def grid_values(low: float, high: float, count: int, log: bool = False) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return `count` values from low to high, evenly spaced (in the logarithm with `log`)."""
    if count < 1:
        raise InputError.single("grid", "points", f"must be at least 1, got {count}: the grid is empty", "e.g. 21")
    if too_many(count):
        raise InputError.single("grid", "points", *too_many(count))
    if not (math.isfinite(low) and math.isfinite(high)):
        raise InputError.single("grid", "low", f"needs two finite ends, got {low:g} and {high:g}")
    if count > 1 and not low < high:
        raise InputError.single("grid", "low", f"needs low < high, got {low:g} and {high:g}")
    if log and low <= 0:
        raise InputError.single("grid", "low", f"must be above 0 on a logarithmic scale, got {low:g}")
    return np.geomspace(low, high, count) if log else np.linspace(low, high, count)
