"""Rules that tie several parameters together: each says where it is broken, and in which words.

The same rules judge one scenario and columns (N, 1) of numbers that vary. A change re-checks only
the rules that read the changed paths. Limits of the tariff block: the politics wedge
lam/(1+lam) = eps (1 - (1+omega)/(1+t*)) must lie between 0 and 1.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from negotiation._values import Bools, Floats, Reals
from negotiation.trade.parameters.derived import (
    CHANCE_EQUALITY,
    DELAY_ENTRY,
    DELAY_STAY,
    PREFERRED_TARIFF,
    REVENUE_WEIGHT,
    derived,
)
from negotiation.trade.parameters.labels import enumeration
from negotiation.trade.parameters.parameter import Parameter, interval, number_text
from negotiation.trade.parameters.registry import (
    CHOICES,
    COMMON_TRIGGER,
    DELAY_PUBLISHED,
    DELAY_SEEN,
    INSTEAD_OF,
    default_of,
    domain_of,
)

Parameters = Mapping[str, Parameter]
Sides = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class RuleInputs:
    """What the rules read: all parameters, the action names of both players in order, and columns that vary."""

    parameters: Parameters
    actions: Sides
    columns: Mapping[str, Floats] = field(default_factory=dict)

    def get(self, path: str) -> Reals | None:
        """Return a number (a column where it varies), or None when it is a vector or missing.

        An optional parameter that is left out gives what it counts as, one of a pair what follows from the other.
        """
        if path in self.columns:
            return self.columns[path]
        if path in self.parameters:
            value = self.parameters[path].value
            return None if isinstance(value, tuple) else value
        number = derived(path, self.__getitem__, self.parameters, self.columns)
        if number is not None:
            return number
        stand_in = default_of(path)
        return self.get(stand_in) if isinstance(stand_in, str) else stand_in

    def states(self, path: str) -> bool:
        """Return whether a number is given at `path` itself."""
        return path in self.parameters or path in self.columns

    def __getitem__(self, path: str) -> Reals:
        """Return a number as `get` does; `KeyError`, which ends a rule, when it is a vector or missing."""
        value = self.get(path)
        if value is None:
            raise KeyError(path)
        return value


class RuleResult(NamedTuple):
    """One rule applied: the path it speaks of, where it is `broken`, and a `text` for `arguments` to be put into."""

    path: str
    broken: bool | np.bool_ | Bools
    text: str
    arguments: tuple[Reals | str, ...] = ()


Rule = Callable[[RuleInputs], Iterator[RuleResult]]

# by how much probabilities that a file states may miss a sum of 1: files round to nine digits; twice as much would let
# a misprint in the ninth digit pass
PROBABILITY_TOLERANCE = 1e-9
# how near to 1 the elasticity of substitution may come: at 1 the CES formula is 0/0 (its limit is Cobb-Douglas), and a
# number nearer than this is meant as 1; twice as much would refuse numbers that the formula can take
LEAST_DISTANCE_FROM_ONE = 1e-6


def _substitution(inputs: RuleInputs) -> Iterator[RuleResult]:
    path = "minerals.substitution"
    too_near = np.less(np.abs(np.subtract(inputs[path], 1)), LEAST_DISTANCE_FROM_ONE)
    yield RuleResult(path, too_near, "must not be 1: the CES formula divides by sigma - 1")


def _choices(inputs: RuleInputs) -> Iterator[RuleResult]:
    for path, names in CHOICES.items():
        if inputs.states(path):
            wanted = ", ".join(f"{number} ({name})" for number, name in enumerate(names))
            text = f"must be one of {wanted}, got {{:.12g}}"
            yield RuleResult(path, ~np.isin(inputs[path], range(len(names))), text, (inputs[path],))


def _increasing(prefix: str, leaf: str, side: int, then: str = "") -> Rule:
    """Return the rule that an action's `leaf` is larger than the one before, or its `then` where those are equal."""

    def rule(inputs: RuleInputs) -> Iterator[RuleResult]:
        names = inputs.actions[side] if len(inputs.actions) > side else ()
        levels = [(name, inputs.get(f"{prefix}.{name}.{leaf}")) for name in names]
        stated = [(name, level) for name, level in levels if level is not None]
        for (left, low), (right, high) in pairwise(stated):
            less, more = (inputs.get(f"{prefix}.{name}.{then}") if then else None for name in (left, right))
            apart = np.less(less, more) if less is not None and more is not None else False
            same = np.equal(low, high)
            or_then = f", or equal with a larger {then}" if then and np.all(same) else ""
            text = "must be larger than that of '{}'{}, got {:.12g} and then {:.12g}"
            broken = np.greater_equal(low, high) & ~(same & apart)
            yield RuleResult(f"{prefix}.{right}.{leaf}", broken, text, (left, or_then, low, high))

    return rule


def _elsewhere(inputs: RuleInputs) -> Iterator[RuleResult]:
    """Withholding from the others needs to know how much they buy, and no party may lose all it has."""
    stated = {name: inputs.get(f"actions.china.{name}.withheld_elsewhere") for name in inputs.actions[1]}
    shares = {name: share for name, share in stated.items() if share is not None}
    volume = inputs.get("minerals.others_volume")
    if volume is None or not shares:
        return
    name = max(shares, key=lambda name: float(np.max(shares[name])))
    largest = reduce(np.maximum, shares.values())
    text = (
        "must be above 0, since '{0}' withholds {1:.12g} elsewhere (actions.china.{0}.withheld_elsewhere): "
        "how much is normally exported to all others, for each tonne to the US"
    )
    yield RuleResult("minerals.others_volume", np.greater(largest, 0) & np.less_equal(volume, 0), text, (name, largest))
    for path in _third_party_shares(inputs):
        yield from _below_one(path, "the largest share withheld elsewhere", inputs.get(path), largest)


def _follows(inputs: RuleInputs) -> Iterator[RuleResult]:
    """What follows from a number given in its place is as legal as if it were given itself."""
    for path, other in INSTEAD_OF.items():
        if inputs.states(path):
            wanted, number = interval(domain_of(other)), np.asarray(inputs[other])
            text = f"gives {other} = {{:g}}, which must be {wanted.sentence()}"
            yield RuleResult(path, np.isfinite(number) & ~wanted.contains(number), text, (number,))


def _politics(inputs: RuleInputs) -> Iterator[RuleResult]:
    elasticity, omega = (inputs[f"tariffs.us.{name}_elasticity"] for name in ("demand", "inverse_supply"))
    if inputs.states(REVENUE_WEIGHT):
        text = "gives no preferred tariff: lambda / (1 + lambda) = {:.4g} must be below the elasticity of demand, {:g}"
        share = np.divide(inputs[REVENUE_WEIGHT], np.add(1, inputs[REVENUE_WEIGHT]))
        yield RuleResult(REVENUE_WEIGHT, np.greater_equal(share, elasticity), text, (share, elasticity))
        return
    preferred = inputs[PREFERRED_TARIFF]
    below = np.less_equal(preferred, omega)
    text = (
        "must be larger than tariffs.us.inverse_supply_elasticity = {:g}, the tariff that terms of trade alone "
        "justify, got {:g}"
    )
    yield RuleResult(PREFERRED_TARIFF, below, text, (omega, preferred))
    with np.errstate(divide="ignore"):
        limit = np.divide(np.add(1, preferred), np.subtract(preferred, omega))
    text = (
        "must be below {:.4g} = (1 + t*) / (t* - omega), else no weight on revenue makes the preferred tariff "
        "optimal; got {:g}"
    )
    too_elastic = ~below & np.greater_equal(elasticity, limit)
    yield RuleResult("tariffs.us.demand_elasticity", too_elastic, text, (limit, elasticity))


def _supply(inputs: RuleInputs) -> Iterator[RuleResult]:
    """No economy may lose all the minerals it uses: the damage would have no bound."""
    withheld = [inputs.get(f"actions.china.{name}.withheld") for name in inputs.actions[1]]
    largest = reduce(np.maximum, [share for share in withheld if share is not None] or [0.0])
    path = "minerals.china_share"
    yield from _below_one(path, "the largest withheld share", inputs.get(path), largest)
    for path in sorted(_third_party_shares(inputs)):
        exposure = inputs.get(path.replace("china_share", "exposure"))
        yield from _below_one(path, "exposure and the largest withheld share", inputs.get(path), exposure, largest)


def _third_party_shares(inputs: RuleInputs) -> list[str]:
    paths = (path for path in inputs.parameters if path.startswith("third_parties."))
    return [path for path in paths if path.endswith(".china_share")]


def _below_one(path: str, others: str, *shares: Reals | None) -> Iterator[RuleResult]:
    """Yield the rule that the product of all shares, the first of which stands at `path`, is below 1."""
    factors = [share for share in shares if share is not None]
    if len(factors) == len(shares):
        lost = reduce(np.multiply, factors)
        yield RuleResult(path, np.greater_equal(lost, 1), f"times {others} must be below 1, got {{:g}}", (lost,))


def _delay(inputs: RuleInputs) -> Iterator[RuleResult]:
    low, high = inputs["monitoring.delay_min"], inputs["monitoring.delay_max"]
    text = "must be larger than monitoring.delay_min, got {:g} and {:g}"
    yield RuleResult("monitoring.delay_max", np.greater_equal(low, high), text, (low, high))


def _lasting(inputs: RuleInputs) -> Iterator[RuleResult]:
    """A delay that is there does not make another one less likely."""
    stay, entry = inputs[DELAY_STAY], inputs[DELAY_ENTRY]
    text = (
        "must be at least monitoring.delay_entry, the chance of a delay after a month without one, or 0 where a delay "
        "says nothing of the next month; got {:.4g}, below {:.4g}"
    )
    yield RuleResult(
        DELAY_STAY, np.greater(stay, 0) & np.less(stay, np.multiply(entry, 1 - CHANCE_EQUALITY)), text, (stay, entry)
    )


FLAGS = {
    DELAY_SEEN: ("no", "yes"),
    DELAY_PUBLISHED: ("no", "yes, but the clause does not read it", "yes, and the clause reads it"),
}


def _flags(inputs: RuleInputs) -> Iterator[RuleResult]:
    for path, meanings in FLAGS.items():
        if inputs.states(path):
            wanted = enumeration([f"{number} ({meaning})" for number, meaning in enumerate(meanings)], "or")
            flag = inputs[path]
            yield RuleResult(path, ~np.isin(flag, range(len(meanings))), f"must be {wanted}, got {{:.12g}}", (flag,))


def _edges(inputs: RuleInputs) -> Iterator[RuleResult]:
    path = "monitoring.edges"
    edges = inputs.parameters[path].value
    assert isinstance(edges, tuple)  # the registry says so
    shown = number_text(edges)
    yield RuleResult(path, any(low >= high for low, high in pairwise(edges)), f"must increase, got {shown}")
    trigger = inputs["monitoring.trigger"]
    text = f"must be one of monitoring.edges {shown}, got {{:g}}"
    yield RuleResult("monitoring.trigger", ~np.isin(trigger, edges), text, (trigger,))
    if inputs.states(COMMON_TRIGGER):
        common = inputs[COMMON_TRIGGER]
        text = f"must be 0 (such a month is excused) or one of monitoring.edges {shown}, got {{:g}}"
        yield RuleResult(COMMON_TRIGGER, ~np.isin(common, (0.0, *edges)), text, (common,))


def _survival(inputs: RuleInputs) -> Iterator[RuleResult]:
    path = "patience.expected_life_months"
    discount = np.multiply(inputs["patience.monthly_discount"], np.subtract(1, np.divide(1, inputs[path])))
    text = "gives a discount of {:g}, which must be above 0 and below 1"
    yield RuleResult(path, ~(np.greater(discount, 0) & np.less(discount, 1)), text, (discount,))


def _signals(inputs: RuleInputs) -> Iterator[RuleResult]:
    for path, parameter in inputs.parameters.items():
        if path.startswith("signals.") and isinstance(parameter.value, tuple):
            total = sum(parameter.value)
            terms = " + ".join(f"{chance:g}" for chance in parameter.value)
            text = f"the chances of the signals sum to {{:.12g}}, not to 1 ({terms})"
            yield RuleResult(path, abs(total - 1) > PROBABILITY_TOLERANCE, text, (total,))


RULES: tuple[tuple[tuple[str, ...], Rule], ...] = (
    (tuple(CHOICES), _choices),
    (("minerals.substitution",), _substitution),
    (("actions.us.",), _increasing("actions.us", "tariff", 0)),
    (("actions.china.",), _increasing("actions.china", "withheld", 1, then="withheld_elsewhere")),
    (("actions.china.", "minerals.others_volume", "third_parties."), _elsewhere),
    (("politics.us.", "tariffs.us."), _politics),
    (("politics.us.", "tariffs.us.", "minerals."), _follows),
    (("minerals.china_share", "third_parties.", "actions.china."), _supply),
    (("monitoring.delay_",), _delay),
    (("monitoring.delay_",), _lasting),
    (tuple(FLAGS), _flags),
    (("monitoring.edges", "monitoring.trigger", COMMON_TRIGGER), _edges),
    (("patience.",), _survival),
    (("signals.",), _signals),
)


def faults(parameters: Parameters, actions: Sides, touched: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Return every broken rule as (path, sentence); with `touched`, only rules that read one of these paths."""
    sentences = []
    for result in _rule_results(RuleInputs(parameters, actions), touched):
        if result.broken:
            words = [each if isinstance(each, str) else float(each) for each in result.arguments]
            sentences.append((result.path, result.text.format(*words)))
    return sentences


def breaks_a_rule(parameters: Parameters, actions: Sides, columns: Mapping[str, Floats]) -> Bools:
    """Return for columns (N, 1) of numbers which of the N points break a rule, shape (N,)."""
    count = max((len(column) for column in columns.values()), default=1)
    broken = np.zeros((count, 1), dtype=np.bool_)
    for result in _rule_results(RuleInputs(parameters, actions, columns), columns):
        broken |= result.broken
    return broken[:, 0]


def _rule_results(inputs: RuleInputs, touched: Iterable[str] | None) -> Iterator[RuleResult]:
    changed = None if touched is None else tuple(touched)
    for reads, rule in RULES:
        if changed is None or any(path.startswith(reads) for path in changed):
            with suppress(KeyError):  # what is missing is said by those who read the scenario
                yield from rule(inputs)
