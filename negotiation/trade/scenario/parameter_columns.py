"""Many variations of one scenario at once: each varied parameter is a column (N, 1) of numbers.

The same formulas read their numbers from `ParameterColumns` as from a scenario (`value`),
changes of a call apply to them, and the same rules say which points are legal. What a broken point breaks is said by
the plain scenario, so that there is one text for one mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from negotiation._values import Bools, Floats, Reals
from negotiation.errors import InputError
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.derived import derived
from negotiation.trade.parameters.parameter import Parameter, interval
from negotiation.trade.parameters.registry import ALTERNATIVES, CHOICES, default_of, domain_of, without_alternatives
from negotiation.trade.parameters.rules import breaks_a_rule
from negotiation.trade.scenario.scenario import Scenario, discount_of


@dataclass(frozen=True, eq=False)
class ParameterColumns:
    """N variations of a scenario: `columns` maps varied paths to (N, 1) numbers; `inside` (N,) their domains or not."""

    scenario: Scenario
    columns: Mapping[str, Floats]
    count: int
    inside: Bools

    @classmethod
    def of(cls, scenario: Scenario, paths: Iterable[str], numbers: Floats) -> ParameterColumns:
        """Return the points whose values (N, d) at `paths` are given; raises `InputError` for a path that is none."""
        table = np.asarray(numbers, dtype=np.float64)
        columns = {path: table[:, [index]] for index, path in enumerate(paths)}
        inside = np.ones(len(table), dtype=np.bool_)
        for path, column in columns.items():
            scenario.value(path)
            inside &= _inside(path, column)
        return cls(scenario, columns, len(table), inside)

    @cached_property
    def _parameters(self) -> Mapping[str, Parameter]:
        """What the scenario gives, less what gives way to a column."""
        return without_alternatives(self.scenario.parameters, self.columns)

    @cached_property
    def legal(self) -> Bools:
        """Where every number is inside its domain and no rule between numbers is broken, (N,)."""
        with np.errstate(all="ignore"):
            broken = breaks_a_rule(self._parameters, self.scenario.actions, self.columns)
        return self.inside & ~np.broadcast_to(broken, (self.count,))

    def value(self, path: str) -> Reals:
        """Return the number at `path`, a column (N, 1) where it varies."""
        if path in self.columns:
            return self.columns[path]
        number = derived(path, self.value, self.columns, self._parameters)
        if number is not None:
            return number
        stand_in = default_of(path) if path not in self.scenario.parameters else None
        return self.value(stand_in) if isinstance(stand_in, str) else self.scenario.value(path)

    @property
    def discount(self) -> Floats:
        """Discount factor of each point, (N,)."""
        return np.broadcast_to(discount_of(self.scenario.kind, self.value), (self.count, 1))[:, 0]

    def after(self, changes: Iterable[Change]) -> ParameterColumns:
        """Return the points after changes, applied in order; a point that they make illegal is no longer `legal`.

        Raises `InputError` when a change of a number that does not vary is illegal by itself, or at every point.
        """
        columns, rest, inside = dict(self.columns), [], self.inside
        for change in changes:
            if change.path not in columns and change.path not in ALTERNATIVES:
                rest.append(change)
                continue
            if change.path not in columns:
                now = ParameterColumns(self.scenario.unchecked_after(rest)[0], columns, self.count, inside)
                follows = derived(change.path, now.value, columns, now._parameters)
                if follows is None:
                    rest.append(change)
                    continue
                columns = without_alternatives(columns, [change.path])
                columns[change.path] = np.broadcast_to(follows, (self.count, 1))
            if isinstance(change.value, tuple):
                raise InputError.single("change", change.path, "needs one number")
            columns[change.path] = _applied(change.op, columns[change.path], float(change.value))
            inside = inside & _inside(change.path, columns[change.path])
        try:
            return ParameterColumns(self.scenario.after(rest), columns, self.count, inside)
        except InputError:
            points = self._beside(rest, columns, inside)
            if points is None:
                raise
            return points

    def _beside(
        self, changes: Sequence[Change], columns: Mapping[str, Floats], inside: Bools
    ) -> ParameterColumns | None:
        """Return the points after changes that break a rule beside the scenario's numbers, None if beside all columns.

        What the changes set becomes a column of one number, so that `legal` judges it beside what varies.
        """
        scenario, problems = self.scenario.unchecked_after(changes)
        if problems or any(isinstance(change.value, tuple) for change in changes):
            return None
        paths = {change.path for change in changes} - CHOICES.keys()
        fixed = {path: np.full((self.count, 1), scenario.value(path)) for path in paths}
        points = ParameterColumns(scenario, {**columns, **fixed}, self.count, inside)
        return points if points.legal.any() else None

    def where(self, chosen: Bools) -> ParameterColumns:
        """Return the points at which `chosen` (N,) is true."""
        columns = {path: column[chosen] for path, column in self.columns.items()}
        return ParameterColumns(self.scenario, columns, int(chosen.sum()), self.inside[chosen])

    def changes_at(self, index: int) -> list[Change]:
        """Return one point as changes of the plain scenario."""
        return [Change(path, "set", float(column[index, 0])) for path, column in self.columns.items()]


def _applied(op: str, before: Floats, value: float) -> Floats:
    if op == "set":
        return np.full_like(before, value)
    return before + value if op == "add" else before * value


def _inside(path: str, column: Floats) -> Bools:
    numbers = column[:, 0]
    inside: Bools = interval(domain_of(path)).contains(numbers) & np.isfinite(numbers)
    return inside
