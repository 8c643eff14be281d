"""Rules that tie several parameters together: each says where it is broken, and in which words.

The same rules judge one scenario and columns (N, 1) of numbers that vary. A change re-checks only
the rules that read the changed paths. Limits of the tariff block: the politics wedge
lam/(1+lam) = eps (1 - (1+omega)/(1+t*)) must lie between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import numpy as np

from negotiation._values import Bools, Floats, Reals
from negotiation.trade.parameters.defaults import COMMON_TRIGGER
from negotiation.trade.parameters.parameter import number_text
from negotiation.trade.parameters.rule_inputs import Parameters, Rule, RuleInputs, RuleResult, Sides

Fault = tuple[str, str]

PROBABILITY_TOLERANCE = 1e-9


def _not_one(path: str, why: str) -> Rule:
    def rule(facts: RuleInputs) -> Iterator[RuleResult]:
        value = facts.get(path)
        if value is not None:
            yield RuleResult(path, np.less(np.abs(np.subtract(value, 1)), 1e-6), lambda: f"must not be 1: {why}")

    return rule


def _increasing(prefix: str, leaf: str, side: int, then: str = "") -> Rule:
    """Return the rule that an action's `leaf` is larger than the one before, or its `then` where those are equal."""

    def rule(facts: RuleInputs) -> Iterator[RuleResult]:
        names = facts.actions[side] if len(facts.actions) > side else ()
        found = [(name, facts.get(f"{prefix}.{name}.{leaf}")) for name in names]
        known = [(name, value) for name, value in found if value is not None]
        for (left, low), (right, high) in pairwise(known):
            less, more = (facts.get(f"{prefix}.{name}.{then}") if then else None for name in (left, right))
            apart = np.less(less, more) if less is not None and more is not None else False
            same = np.equal(low, high) & apart

            def sentence(left: str = left, low: Reals = low, high: Reals = high) -> str:
                or_then = f", or equal with a larger {then}" if then and low == high else ""
                return f"must be larger than that of '{left}'{or_then}, got {_said(low)} and then {_said(high)}"

            yield RuleResult(f"{prefix}.{right}.{leaf}", np.greater_equal(low, high) & ~same, sentence)

    return rule


def _elsewhere(facts: RuleInputs) -> Iterator[RuleResult]:
    """Withholding from the others needs to know how much they buy, and no party may lose all it has."""
    shares = {name: facts.get(f"actions.china.{name}.withheld_elsewhere") for name in facts.actions[1]}
    known = {name: share for name, share in shares.items() if share is not None}
    volume = facts.get("minerals.others_volume")
    if volume is None or not known:
        return
    name, largest = max(known.items(), key=lambda item: float(np.max(item[1])))
    for share in known.values():
        largest = np.maximum(largest, share)

    def unknown() -> str:
        return (
            f"must be above 0, since '{name}' withholds {_said(largest)} elsewhere (actions.china.{name}."
            "withheld_elsewhere): how much is normally exported to all others, for each tonne to the US"
        )

    yield RuleResult("minerals.others_volume", np.greater(largest, 0) & np.less_equal(volume, 0), unknown)
    for path in (path for path in facts.parameters if path.startswith("third_parties.")):
        own = facts.get(path) if path.endswith(".china_share") else None
        if own is not None:
            reach = np.multiply(own, largest)

            def sentence(reach: Reals = reach) -> str:
                return f"times the largest share withheld elsewhere must be below 1, got {float(reach):g}"

            yield RuleResult(path, np.greater_equal(reach, 1), sentence)


def _politics(facts: RuleInputs) -> Iterator[RuleResult]:
    path = "politics.us.preferred_tariff"
    wanted, omega = facts.get(path), facts.get("tariffs.us.inverse_supply_elasticity")
    elasticity = facts.get("tariffs.us.demand_elasticity")
    if wanted is None or omega is None:
        return
    below = np.less_equal(wanted, omega)

    def too_low() -> str:
        return (
            f"must be larger than tariffs.us.inverse_supply_elasticity = {float(omega):g}, the tariff that terms of "
            f"trade alone justify, got {float(wanted):g}"
        )

    yield RuleResult(path, below, too_low)
    if elasticity is None:
        return
    with np.errstate(divide="ignore"):
        limit = np.divide(np.add(1, wanted), np.subtract(wanted, omega))

    def too_elastic() -> str:
        return (
            f"must be below {float(limit):.4g} = (1 + t*) / (t* - omega), else no weight on revenue makes the "
            f"preferred tariff optimal; got {float(elasticity):g}"
        )

    yield RuleResult("tariffs.us.demand_elasticity", ~below & np.greater_equal(elasticity, limit), too_elastic)


def _supply(facts: RuleInputs) -> Iterator[RuleResult]:
    share = facts.get("minerals.china_share")
    others = sorted(
        path for path in facts.parameters if path.startswith("third_parties.") and path.endswith(".china_share")
    )
    withheld = [facts.get(f"actions.china.{name}.withheld") for name in facts.actions[1]]
    largest: Reals = 0.0
    for value in withheld:
        largest = largest if value is None else np.maximum(largest, value)
    if share is not None:
        cut = np.multiply(share, largest)
        text = "times the largest withheld share must be below 1, got {:g}"
        yield RuleResult("minerals.china_share", np.greater_equal(cut, 1), lambda: text.format(float(cut)))
    for path in others:
        own, exposure = facts.get(path), facts.get(path.replace("china_share", "exposure"))
        if own is None or exposure is None:
            continue
        reach = np.multiply(np.multiply(own, exposure), largest)

        def sentence(reach: Reals = reach) -> str:
            return f"times exposure and the largest withheld share must be below 1, got {float(reach):g}"

        yield RuleResult(path, np.greater_equal(reach, 1), sentence)


def _delay(facts: RuleInputs) -> Iterator[RuleResult]:
    low, high = facts.get("monitoring.delay_min"), facts.get("monitoring.delay_max")
    if low is None or high is None:
        return

    def sentence() -> str:
        return f"must be larger than monitoring.delay_min, got {float(low):g} and {float(high):g}"

    yield RuleResult("monitoring.delay_max", np.greater_equal(low, high), sentence)


def _edges(facts: RuleInputs) -> Iterator[RuleResult]:
    path = "monitoring.edges"
    parameter, trigger = facts.parameters.get(path), facts.get("monitoring.trigger")
    if parameter is None or not isinstance(parameter.value, tuple):
        return
    edges = parameter.value
    yield RuleResult(
        path, any(low >= high for low, high in pairwise(edges)), lambda: f"must increase, got {number_text(edges)}"
    )
    if trigger is not None:
        wanted = f"must be one of monitoring.edges {number_text(edges)}, got "
        yield RuleResult("monitoring.trigger", ~np.isin(trigger, edges), lambda: wanted + f"{float(trigger):g}")
    common = facts.get(COMMON_TRIGGER) if facts.states(COMMON_TRIGGER) else None
    if common is not None:
        excused = f"must be 0 (such a month is excused) or one of monitoring.edges {number_text(edges)}, got "
        yield RuleResult(COMMON_TRIGGER, ~np.isin(common, (0.0, *edges)), lambda: excused + f"{float(common):g}")


def _survival(facts: RuleInputs) -> Iterator[RuleResult]:
    path = "patience.expected_life_months"
    monthly, life = facts.get("patience.monthly_discount"), facts.get(path)
    if monthly is None or life is None:
        return
    discount = np.multiply(monthly, np.subtract(1, np.divide(1, life)))

    def sentence() -> str:
        return f"gives a discount of {float(discount):g}, which must be above 0 and below 1"

    yield RuleResult(path, ~(np.greater(discount, 0) & np.less(discount, 1)), sentence)


def _signals(facts: RuleInputs) -> Iterator[RuleResult]:
    for path, parameter in facts.parameters.items():
        if path.startswith("signals.") and isinstance(parameter.value, tuple):
            total = sum(parameter.value)

            def sentence(total: float = total, chances: tuple[float, ...] = parameter.value) -> str:
                terms = " + ".join(f"{chance:g}" for chance in chances)
                return f"the chances of the signals sum to {total:.12g}, not to 1 ({terms})"

            yield RuleResult(path, abs(total - 1) > PROBABILITY_TOLERANCE, sentence)


def _said(value: Reals) -> str:
    return number_text(float(value))


RULES: tuple[tuple[tuple[str, ...], Rule], ...] = (
    (("minerals.substitution",), _not_one("minerals.substitution", "the CES formula divides by sigma - 1")),
    (("actions.us.",), _increasing("actions.us", "tariff", 0)),
    (("actions.china.",), _increasing("actions.china", "withheld", 1, then="withheld_elsewhere")),
    (("actions.china.", "minerals.others_volume", "third_parties."), _elsewhere),
    (("politics.us.", "tariffs.us."), _politics),
    (("minerals.china_share", "third_parties.", "actions.china."), _supply),
    (("monitoring.delay_",), _delay),
    (("monitoring.edges", "monitoring.trigger", COMMON_TRIGGER), _edges),
    (("patience.",), _survival),
    (("signals.",), _signals),
)


def faults(parameters: Parameters, actions: Sides, touched: Iterable[str] | None = None) -> list[Fault]:
    """Return every broken rule as (path, sentence); with `touched`, only rules that read one of these paths."""
    found = rule_results(RuleInputs(parameters, actions), touched)
    return [(item.path, item.sentence()) for item in found if item.broken]


def breaks_a_rule(parameters: Parameters, actions: Sides, columns: Mapping[str, Floats]) -> Bools:
    """Return for columns (N, 1) of numbers which of the N points break a rule, shape (N,)."""
    count = max((len(column) for column in columns.values()), default=1)
    found = np.zeros((count, 1), dtype=np.bool_)
    for item in rule_results(RuleInputs(parameters, actions, columns), columns):
        found |= item.broken
    return found[:, 0]


def rule_results(facts: RuleInputs, touched: Iterable[str] | None = None) -> Iterator[RuleResult]:
    """Yield what every rule finds; with `touched`, only rules that read one of these paths."""
    changed = None if touched is None else tuple(touched)
    for reads, rule in RULES:
        if changed is None or any(path.startswith(reads) for path in changed):
            yield from rule(facts)
