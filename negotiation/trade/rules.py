"""Rules that tie several parameters together: each returns what is wrong as (path, sentence), or nothing.

A change re-checks only the rules that read the changed paths. Limits of the tariff block: the politics wedge
lam/(1+lam) = eps (1 - (1+omega)/(1+t*)) must lie between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from negotiation.trade.parameter import Parameter, written

Parameters = Mapping[str, Parameter]
Fault = tuple[str, str]
Sides = tuple[tuple[str, ...], ...]

PROBABILITY_TOLERANCE = 1e-9


class Facts(NamedTuple):
    """What the rules read: all parameters, and the action names of both players in order."""

    parameters: Parameters
    actions: Sides

    def get(self, path: str) -> float | None:
        """Return a number, or None when it is absent or a vector."""
        parameter = self.parameters.get(path)
        return parameter.value if parameter is not None and not isinstance(parameter.value, tuple) else None


def _not_one(path: str, why: str) -> Callable[[Facts], Iterator[Fault]]:
    def rule(facts: Facts) -> Iterator[Fault]:
        value = facts.get(path)
        if value is not None and abs(value - 1) < 1e-6:
            yield path, f"must not be 1: {why}"

    return rule


def _increasing(prefix: str, leaf: str, side: int) -> Callable[[Facts], Iterator[Fault]]:
    def rule(facts: Facts) -> Iterator[Fault]:
        names = facts.actions[side] if len(facts.actions) > side else ()
        found = [(name, facts.get(f"{prefix}.{name}.{leaf}")) for name in names]
        known = [(name, value) for name, value in found if value is not None]
        for (left, low), (right, high) in pairwise(known):
            if low >= high:
                path = f"{prefix}.{right}.{leaf}"
                yield path, f"must be larger than that of '{left}', got {written(low)} and then {written(high)}"

    return rule


def _politics(facts: Facts) -> Iterator[Fault]:
    path = "politics.us.preferred_tariff"
    wanted, omega = facts.get(path), facts.get("tariffs.us.inverse_supply_elasticity")
    elasticity = facts.get("tariffs.us.demand_elasticity")
    if wanted is None or omega is None:
        return
    if wanted <= omega:
        yield (
            path,
            (
                f"must be larger than tariffs.us.inverse_supply_elasticity = {omega:g}, the tariff that terms of trade "
                f"alone justify, got {wanted:g}"
            ),
        )
    elif elasticity is not None and elasticity >= (1 + wanted) / (wanted - omega):
        limit = (1 + wanted) / (wanted - omega)
        yield (
            "tariffs.us.demand_elasticity",
            (
                f"must be below {limit:.4g} = (1 + t*) / (t* - omega), else no weight on revenue makes the preferred "
                f"tariff optimal; got {elasticity:g}"
            ),
        )


def _supply(facts: Facts) -> Iterator[Fault]:
    share = facts.get("minerals.china_share")
    others = sorted(
        path for path in facts.parameters if path.startswith("third_parties.") and path.endswith(".china_share")
    )
    withheld = [
        value for name in facts.actions[1] if (value := facts.get(f"actions.china.{name}.withheld")) is not None
    ]
    largest = max(withheld, default=0.0)
    if share is not None and share * largest >= 1:
        yield "minerals.china_share", f"times the largest withheld share must be below 1, got {share * largest:g}"
    for path in others:
        own, exposure = facts.get(path), facts.get(path.replace("china_share", "exposure"))
        if own is not None and exposure is not None and own * exposure * largest >= 1:
            yield (
                path,
                f"times exposure and the largest withheld share must be below 1, got {own * exposure * largest:g}",
            )


def _delay(facts: Facts) -> Iterator[Fault]:
    low, high = facts.get("monitoring.delay_min"), facts.get("monitoring.delay_max")
    if low is not None and high is not None and low >= high:
        yield "monitoring.delay_max", f"must be larger than monitoring.delay_min, got {low:g} and {high:g}"


def _edges(facts: Facts) -> Iterator[Fault]:
    path = "monitoring.edges"
    parameter, trigger = facts.parameters.get(path), facts.get("monitoring.trigger")
    if parameter is None or not isinstance(parameter.value, tuple):
        return
    edges = parameter.value
    if any(low >= high for low, high in pairwise(edges)):
        yield path, f"must increase, got {written(edges)}"
    if trigger is not None and trigger not in edges:
        yield "monitoring.trigger", f"must be one of monitoring.edges {written(edges)}, got {trigger:g}"


def _survival(facts: Facts) -> Iterator[Fault]:
    path = "patience.expected_life_months"
    monthly, life = facts.get("patience.monthly_discount"), facts.get(path)
    if monthly is not None and life is not None and not 0 < monthly * (1 - 1 / life) < 1:
        yield path, f"gives a discount of {monthly * (1 - 1 / life):g}, which must be above 0 and below 1"


def _signals(facts: Facts) -> Iterator[Fault]:
    for path, parameter in facts.parameters.items():
        if path.startswith("signals.") and isinstance(parameter.value, tuple):
            total = sum(parameter.value)
            if abs(total - 1) > PROBABILITY_TOLERANCE:
                yield path, f"the chances of the signals sum to {total:.12g}, not to 1"


RULES: tuple[tuple[tuple[str, ...], Callable[[Facts], Iterator[Fault]]], ...] = (
    (("minerals.substitution",), _not_one("minerals.substitution", "the CES formula divides by sigma - 1")),
    (("actions.us.",), _increasing("actions.us", "tariff", 0)),
    (("actions.china.",), _increasing("actions.china", "withheld", 1)),
    (("politics.us.", "tariffs.us."), _politics),
    (("minerals.china_share", "third_parties.", "actions.china."), _supply),
    (("monitoring.delay_",), _delay),
    (("monitoring.edges", "monitoring.trigger"), _edges),
    (("patience.",), _survival),
    (("signals.",), _signals),
)


def faults(parameters: Parameters, actions: Sides, touched: Iterable[str] | None = None) -> list[Fault]:
    """Return every broken rule as (path, sentence); with `touched`, only rules that read one of these paths."""
    facts = Facts(parameters, actions)
    changed = None if touched is None else tuple(touched)
    found: list[Fault] = []
    for reads, rule in RULES:
        if changed is None or any(path.startswith(reads) for path in changed):
            found.extend(rule(facts))
    return found
