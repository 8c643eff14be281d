"""What a reader should know about a scenario that is legal but says less, or more, than it seems to."""

from __future__ import annotations

from negotiation.trade.rules import COMMON_TRIGGER
from negotiation.trade.scenario import OTHERS_TRIGGER, Scenario


def cautions(scenario: Scenario) -> tuple[str, ...]:
    """Return one sentence for each caution about the others' figure; none where it is neither read nor evaded."""
    if scenario.kind != "economy":
        return ()
    line = scenario.value(OTHERS_TRIGGER)
    evading = [name for name in scenario.actions[1] if scenario.value(f"actions.china.{name}.withheld_elsewhere")]
    return _unread(scenario, evading) if not line else _read(scenario, line, evading)


def _unread(scenario: Scenario, evading: list[str]) -> tuple[str, ...]:
    found = []
    if evading:
        found.append(
            f"'{evading[0]}' withholds from the others too, which only costs China more while their figure is not read "
            f"({OTHERS_TRIGGER} = 0)"
        )
    if COMMON_TRIGGER in scenario.parameters:
        found.append(f"{COMMON_TRIGGER} has no effect while the others' figure is not read ({OTHERS_TRIGGER} = 0)")
    return tuple(found)


def _read(scenario: Scenario, line: float, evading: list[str]) -> tuple[str, ...]:
    found = []
    if not evading:
        found.append(
            f"{OTHERS_TRIGGER} = {line:g} reads the others' figure, but no action withholds elsewhere: since nobody "
            "can go round it, what it gains is an upper bound (give an action withheld_elsewhere)"
        )
    reached = [name for name in scenario.third_parties if scenario.value(f"third_parties.{name}.exposure")]
    if reached:
        paths = ", ".join(f"third_parties.{name}.exposure" for name in reached)
        found.append(
            f"{paths} above 0: what is withheld from the US is said to reach them, yet the others' figure does not "
            "show it"
        )
    return tuple(found)
