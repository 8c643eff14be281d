"""Optional numbers of an economy: what stands for one that a scenario leaves out, and the signals it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from negotiation.trade.economics.signal_names import bin_names
from negotiation.trade.parameters.parameter import OWN_KEY, Parameter
from negotiation.trade.parameters.registry import lookup

OTHERS_TRIGGER, COMMON_TRIGGER = "monitoring.others_trigger", "monitoring.common_trigger"


@lru_cache(maxsize=1024)
def default_parameter(path: str, value: float, unit: str, as_of: str) -> Parameter:
    """Return an optional parameter that a scenario leaves out, with what it counts as; once set, it is one's own."""
    entry = lookup(path)
    assert entry is not None
    own_unit = unit if entry.in_payoff_unit else entry.unit
    return Parameter(
        value=value, unit=own_unit, meaning=entry.meaning, source=OWN_KEY, dated=as_of, domain=entry.domain
    )


def economy_signals(parameters: Mapping[str, Parameter]) -> tuple[str, ...]:
    """Return the signals of an economy with these parameters."""
    edges, figure = parameters["monitoring.edges"].value, parameters.get(OTHERS_TRIGGER)
    return bin_names(edges if isinstance(edges, tuple) else (edges,), others=figure is not None and figure.value != 0)
