"""A user's own enforcement regime as data: states, what each plays, and where each public signal leads.

The file gives names only; the trade layer turns a spec into a `games.Automaton` once the game is built. State 0 starts.
"""

from __future__ import annotations

from dataclasses import dataclass

from negotiation._values import Value
from negotiation.trade.parameters.frozen_map import FrozenMap

Lottery = FrozenMap[float]


@dataclass(frozen=True, eq=False, kw_only=True)
class RegimeSpec(Value):
    """An automaton in the words of a scenario file.

    states: W names. plays: W profiles of action names, in player order. transitions: for each state a mapping from
    every signal name to a lottery over state names (a sure move has probability one). deviation: the state after a
    seen deviation.
    """

    name: str
    label: str
    states: tuple[str, ...]
    plays: tuple[tuple[str, ...], ...]
    transitions: tuple[FrozenMap[Lottery], ...]
    deviation: str
