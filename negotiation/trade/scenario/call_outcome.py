"""A call outcome as data: which primitives it changes, which regime the players then select, and why.

Selection (`regime`) is kept apart from the changes, so that every outcome can be valued under every regime. A user's
own regime is data too: states, what each plays, and where each public signal leads, all by name. State 0 starts.
"""

from __future__ import annotations

from collections.abc import Collection

from negotiation._values import FrozenMap, Value
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.registry import same_number

STAGE_NASH = "stage_nash"
NO_CALL = "no_call"
REGIMES = (STAGE_NASH, "mutual_reversion", "proportional_snapback", "heavy_snapback", "compensation")


class CallOutcome(Value, kw_only=True):
    """One way a leaders' call can end.

    name: key used in files and on the command line. label: for readers. probability: with its `basis` in words.
    regime: one of `REGIMES` or the name of an automaton of the scenario. changes: what it does to the primitives.
    rationale: why, in one or two sentences; literature: who argued it.
    """

    name: str
    label: str
    probability: float
    basis: str
    regime: str
    changes: tuple[Change, ...] = ()
    rationale: str = ""
    literature: tuple[str, ...] = ()

    def without(self, paths: Collection[str]) -> CallOutcome:
        """Return the outcome without its changes of `paths`."""
        return self.replace(
            changes=tuple(
                change for change in self.changes if not any(same_number(change.path, path) for path in paths)
            )
        )


NO_CALL_OUTCOME = CallOutcome(
    name=NO_CALL,
    label="no call",
    probability=1.0,
    basis="assumption",
    regime="mutual_reversion",
    rationale="No outcome is named.",
)


Lottery = FrozenMap[float]


class RegimeSpec(Value, kw_only=True):
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
