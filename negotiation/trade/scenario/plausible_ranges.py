"""What is uncertain of a scenario: the plausible ranges of its numbers, by group."""

from negotiation.errors import InputError, nearest
from negotiation.trade.scenario.scenario import Scenario

# group -> what the source of its members begins with: judged magnitudes, and settings of the case in hand
SOURCE_GROUPS = {"judgement": "judgement", "assumption": "assumption", "all": ""}
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
    if name in SOURCE_GROUPS:
        return tuple(path for path in ranges if scenario.parameter(path).source.startswith(SOURCE_GROUPS[name]))
    if name.endswith(".*"):
        members = tuple(path for path in ranges if path.startswith(name[:-1]))
        if members:
            return members
        rooms = sorted({path.rpartition(".")[0] + ".*" for path in ranges})
        raise InputError.single("vary", name, "no parameter with a plausible range is called so", nearest(name, rooms))
    scenario.value(name)
    return (name,)
