"""Public strategies as finite automata: states, what each state plays, and where the public outcome leads.

Symbols: W automaton states; state w prescribes the pure profile actions[w]; when every observed player did as
prescribed, signal y leads to state w' with probability transition[w, y, w'] (a public lottery); when observed player i
was seen to deviate (unilaterally), play moves to state on_deviation[w, i]. State 0 starts (Abreu, Pearce,
Stacchetti 1990; Mailath, Samuelson 2006, ch. 7).
"""

from functools import partial

import numpy as np

from negotiation._values import Floats, Ints, Value
from negotiation.errors import InputError


class Automaton(Value):
    """A public strategy profile.

    names: W state names. actions: (W, n) prescribed action indices. transition: (W, Y, W), rows are distributions.
    on_deviation: (W, n), next state after player i was seen to deviate, -1 where player i is not observed.
    adjustments: (W, n, |A_0|, ..., |A_{n-1}|), expected payoffs added to the stage payoffs while in that state
    (pledges, side payments, compensation), in the game's unit per period; zeros when there are none. by_month: (2, W,
    n, |A_0|, ...), the same in months without a delay and with one, where delays last.
    """

    names: tuple[str, ...]
    actions: Ints
    transition: Floats
    on_deviation: Ints
    adjustments: Floats
    by_month: Floats | None = None

    def _check(self) -> None:
        fail = partial(InputError.single, "automaton")
        count = len(self.names)
        if count == 0 or len(set(self.names)) != count:
            raise fail("names", "an automaton needs states with distinct names")
        if self.actions.ndim != 2 or self.actions.shape[0] != count:
            raise fail("actions", f"shape is {self.actions.shape}, needs one row for each of {count} states")
        if self.transition.ndim != 3 or self.transition.shape[::2] != (count, count):
            raise fail("transition", f"shape is {self.transition.shape}, needs ({count}, signals, {count})")
        if not np.isfinite(self.transition).all() or (self.transition < 0).any():
            raise fail("transition", "every probability must be a finite number of at least 0")
        sums = self.transition.sum(axis=2)
        if np.abs(sums - 1).max() > 1e-12:
            state, signal = np.unravel_index(np.abs(sums - 1).argmax(), sums.shape)
            text = f"the lottery after signal {signal} sums to {sums[state, signal]:.12g}, not to 1"
            raise fail(f"transition.{self.names[state]}", text)
        if self.on_deviation.shape != self.actions.shape:
            raise fail("on_deviation", f"shape is {self.on_deviation.shape}, needs {self.actions.shape}")
        if ((self.on_deviation < -1) | (self.on_deviation >= count)).any():
            raise fail("on_deviation", f"next states must be 0 to {count - 1}, or -1 for a player who is not observed")
        if self.adjustments.shape[:2] != self.actions.shape or not np.isfinite(self.adjustments).all():
            raise fail("adjustments", f"shape is {self.adjustments.shape}, needs states and players first, finite")

    @property
    def kinds(self) -> Floats:
        """The adjustments by kind of month, (2, W, n, |A_0|, ...)."""
        return np.stack([self.adjustments] * 2) if self.by_month is None else self.by_month

    @property
    def n_states(self) -> int:
        """Number of automaton states W."""
        return len(self.names)
