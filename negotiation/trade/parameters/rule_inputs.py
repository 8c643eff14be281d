"""What rules between parameters read and say: one scenario, or columns (N, 1) of numbers that vary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from negotiation._values import Bools, Floats, Reals
from negotiation.trade.parameters.parameter import Parameter
from negotiation.trade.parameters.registry import default_of

Parameters = Mapping[str, Parameter]
Sides = tuple[tuple[str, ...], ...]


class RuleInputs(NamedTuple):
    """What the rules read: all parameters, the action names of both players in order, and columns that vary."""

    parameters: Parameters
    actions: Sides
    columns: Mapping[str, Floats] = {}

    def get(self, path: str) -> Reals | None:
        """Return a number (a column where it varies), or None when it is a vector or missing.

        An optional parameter that is left out gives what it counts as.
        """
        if path in self.columns:
            return self.columns[path]
        if path in self.parameters:
            value = self.parameters[path].value
            return None if isinstance(value, tuple) else value
        stand_in = default_of(path)
        return self.get(stand_in) if isinstance(stand_in, str) else stand_in

    def is_stated(self, path: str) -> bool:
        """Return whether the scenario or a column gives this number itself."""
        return path in self.columns or path in self.parameters


class RuleResult(NamedTuple):
    """One rule applied: the path it speaks of, where it is `broken`, and a sentence for `arguments` to be put into."""

    path: str
    broken: bool | np.bool_ | Bools
    text: str
    arguments: tuple[Reals | str, ...] = ()

    def sentence(self) -> str:
        """Return the sentence, for a single scenario."""
        return self.text.format(
            *(argument if isinstance(argument, str) else float(argument) for argument in self.arguments)
        )


Rule = Callable[[RuleInputs], Iterator[RuleResult]]
