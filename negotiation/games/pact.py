"""A pact: a deal to be enforced, with all that a simple enforcement regime is judged on.

Two players. Player 0 (the row player) enforces with an action that may be seen exactly; player 1 (the column player)
is tempted to shirk behind a noisy signal. The pact names the deal profile, the punishment (a stage equilibrium that
follows a seen breach for ever), the pledges that hold while the pact is in good standing, and the levels of the column
player's action between the listed ones, against which every trigger is checked again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, fields
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from negotiation._values import Bools, Floats, Ints, Value
from negotiation.errors import InputError
from negotiation.games.dynamic import Rows
from negotiation.games.stage import Monitoring, Profile, StageGame


class Pledges(Value):
    """Promises that count while the pact stands, in the game's unit per period.

    side_payment: from player 0 to player 1 each month. row_audience_cost: borne by player 0 for an unprovoked exit.
    column_audience_cost: borne by player 1 in a month whose signal is in the trigger set. compensation_efficiency:
    share of a payment by player 1 that reaches player 0. compensation_cap: largest payment that can be asked.
    """

    side_payment: float = 0.0
    row_audience_cost: float = 0.0
    column_audience_cost: float = 0.0
    compensation_efficiency: float = 0.8
    compensation_cap: float = 1.0


class Enclosures(NamedTuple):
    """Bounds that hold without rounding error over K cells [low, high] of player 1's action, none across a jump.

    payoffs: (K, 2, |A_0|, 2), of player 1 at the lower and the upper end, each a lower and an upper bound; an end of a
    cell with low < high counts as the limit from within. cumulative: (K, 2, Y - 1, 2), chance of signal y or an earlier
    one, for all signals but the last. payoff_slopes: (K, |A_0|, 2), cumulative_slopes: (K, Y - 1, 2), bounds on the
    derivatives anywhere within.
    """

    payoffs: Floats
    cumulative: Floats
    payoff_slopes: Floats
    cumulative_slopes: Floats


# what any shares withheld, here and elsewhere, bring to player 1, and how likely they make each signal
ShareModel = Callable[[Floats, Floats], tuple[Floats, Floats]]


class FineGrid(Value):
    """Unlisted levels of player 1's action: `levels` (G,), `payoffs` (|A_0|, G) of player 1, `likelihood` (G, Y).

    beside: (G,), the second number of a level where an action has two (what is done to others meanwhile), else zeros.
    model: payoffs and likelihood at any (levels, beside), both (G,); None when only the grid is known. jumps:
    levels just above which payoffs or likelihood may jump. enclosure: rigorous bounds over cells of levels from (K,) to
    (K,); a cell that is one level stands for that level itself, any other must not reach across a jump. None when there
    are no such bounds, and then nothing is proven for the levels between.
    """

    levels: Floats
    payoffs: Floats
    likelihood: Floats
    beside: Floats
    model: ShareModel | None = None
    jumps: tuple[float, ...] = ()
    enclosure: Callable[[Floats, Floats], Enclosures] | None = None

    def joined(self, levels: Floats | float, beside: Floats | float) -> FineGrid:
        """Return the grid with more levels; unchanged when only the grid is known."""
        if self.model is None:
            return self
        more, also = np.broadcast_arrays(np.atleast_1d(levels), np.atleast_1d(beside))
        payoffs, likelihood = self.model(more, also)
        return self.replace(
            levels=np.concatenate([self.levels, more]),
            payoffs=np.concatenate([self.payoffs, payoffs], axis=1),
            likelihood=np.concatenate([self.likelihood, likelihood]),
            beside=np.concatenate([self.beside, also]),
        )


class AsWritten(NamedTuple):
    """The numbers of a pact as ratios, where they are known: discount, payoffs[i][a], chances[a][y]."""

    discount: Fraction | None = None
    payoffs: Rows | None = None
    chances: Rows | None = None


DELAYED = "delayed"
KINDS = ("calm", DELAYED)  # of months, as names of signals tell them


class LastingDelays(Value):
    """Months of two kinds that follow each other as a Markov chain: without a delay, and with one.

    entry, stay: chance of a delay after a month without one, and after one with one. months: the pact in each kind of
    month. knows: whether player 1 sees which kind a month is before it chooses. published: whether everybody learns it
    with the month's signal.
    """

    entry: float
    stay: float
    months: tuple[Pact, Pact]
    knows: bool = False
    published: bool = False

    @property
    def chain(self) -> Floats:
        """Chances of the next month's kind, (2, 2): rows are this month's."""
        return np.array([[1 - self.entry, self.entry], [1 - self.stay, self.stay]])

    @property
    def long_run(self) -> Floats:
        """Shares of months of each kind in the long run, (2,)."""
        late = self.entry / (1 + self.entry - self.stay)
        return np.array([1 - late, late])

    @property
    def beliefs(self) -> Floats:
        """The least and the largest chance (2,) of a delay that player 1 may see in a month that begins.

        Whatever it knows of the months before, its chance lies between: what one deviation is worth is linear in it.
        """
        return np.array([0.0, 1.0] if self.knows else [self.entry, self.stay])


class Pact(Value):
    """A deal and what it takes to enforce it.

    deal, punishment: profiles of `stage`. trigger: names of the signals that count as low by default. eligible: those
    that a trigger may use at all (a verified delay may not). discount: delta. fine: unlisted levels, or None.
    every_share: whether player 1 may choose any of those levels, so that a deal holds only if none pays.
    written: what the numbers were written as; it counts only where the numbers still are what it says.
    informed: the pact as player 1 knows it in each case that it may see before it chooses (a delay, or none), with the
    same actions; empty where it sees nothing. What may be done in each case makes one action of `stage`, a plan.
    delays: the kinds of month where a delay makes another one likelier; `stage` and `monitoring` are their means then.
    """

    stage: StageGame
    monitoring: Monitoring
    discount: float
    deal: Profile
    punishment: Profile = field(metadata={"key": "war"})
    trigger: tuple[str, ...]
    eligible: tuple[str, ...]
    pledges: Pledges = field(default_factory=Pledges)
    fine: FineGrid | None = None
    every_share: bool = False
    written: AsWritten = field(default_factory=AsWritten)
    informed: tuple[Pact, ...] = ()
    delays: LastingDelays | None = None

    def _check(self) -> None:
        if self.stage.n_players != 2:
            raise InputError.single("pact", "players", f"a pact has two players, got {self.stage.n_players}")
        if self.monitoring.likelihood.shape[:-1] != self.stage.shape:
            raise InputError.single("pact", "monitoring", "must cover the same actions as the stage game")
        if not (np.isfinite(self.discount) and 0 < self.discount < 1):
            raise InputError.single("pact", "discount", f"must lie strictly between 0 and 1, got {self.discount:g}")
        for name in (*self.trigger, *self.eligible):
            if name not in self.monitoring.signals:
                raise InputError.single("pact", "trigger", f"unknown signal '{name}'")

    def mask(self, signals: tuple[str, ...]) -> Floats:
        """Return 1 for each signal of the set and 0 elsewhere, shape (Y,)."""
        return np.array([name in signals for name in self.monitoring.signals], dtype=np.float64)

    def believing(self, late: float) -> Pact:
        """Return the pact of a month with a delay by chance `late`, for delays that last.

        Each signal is two, in a month without a delay and in one with it, since what follows differs.
        """
        assert self.delays is not None
        calm, delayed = self.delays.months

        def joined(one: Floats, other: Floats) -> Floats:
            return np.concatenate([(1 - late) * one, late * other], axis=-1)

        fine = self.fine
        if fine is not None and calm.fine is not None and delayed.fine is not None:
            chances = joined(calm.fine.likelihood, delayed.fine.likelihood)
            fine = fine.replace(likelihood=chances, enclosure=None, model=_joined_model(calm.fine, delayed.fine, late))
        names = tuple(f"{name}, {kind}" for kind in KINDS for name in self.monitoring.signals)
        likelihood = joined(calm.monitoring.likelihood, delayed.monitoring.likelihood)
        monitoring = Monitoring(names, likelihood, observed=self.monitoring.observed)
        trigger, eligible = (
            tuple(f"{name}, {kind}" for kind in KINDS for name in part) for part in (self.trigger, self.eligible)
        )
        return self.replace(
            monitoring=monitoring, trigger=trigger, eligible=eligible, fine=fine, informed=(), delays=None
        )

    @property
    def cases(self) -> tuple[Pact, ...]:
        """What player 1 may know when it chooses: no deviation may pay in any of them."""
        return self.informed or (self,)

    def standing_payoffs(self, mask: Floats) -> Floats:
        """Return expected payoffs in good standing, pledges included, shape (2, ..., |A_0|, |A_1|).

        mask: (..., Y) 1 where a signal counts as low. A seen exit by player 0 ends the pact at once: it costs the
        audience cost and stops the side payment.
        """
        low = np.einsum("aby,...y->...ab", self.monitoring.likelihood, mask)
        exits = np.arange(self.stage.shape[0]) != self.deal[0]
        ended = exits if 0 in self.monitoring.observed else np.zeros_like(exits)
        side = np.where(ended, 0.0, self.pledges.side_payment)
        row = self.stage.payoffs[0] - (side + self.pledges.row_audience_cost * exits)[:, None]
        column = self.stage.payoffs[1] + side[:, None] - self.pledges.column_audience_cost * low
        return np.stack([np.broadcast_to(row, low.shape), column])


def _joined_model(calm: FineGrid, delayed: FineGrid, late: float) -> ShareModel | None:
    first, second = calm.model, delayed.model
    if first is None or second is None:
        return None

    def model(levels: Floats, beside: Floats) -> tuple[Floats, Floats]:
        (payoffs, chances), (_, more) = first(levels, beside), second(levels, beside)
        return payoffs, np.concatenate([(1 - late) * chances, late * more], axis=-1)

    return model


PLEDGES = tuple(entry.name for entry in fields(Pledges))


class ShareCase(NamedTuple):
    """Player 1's gain over the deal and how much more often it is caught, and the pacts (N,) for which that counts.

    shares: gives both, (N, G) each, at shares (N, G) withheld and (N, G) withheld elsewhere.
    """

    shares: ShareModel
    counts: Bools


class DelayColumns(NamedTuple):
    """Lasting delays of N pacts: `chain` (N, 2, 2) of months, `low` (2, N, |A_0|, |A_1|) by kind of month.

    late: (N,), long-run share of months with a delay. beliefs: (N, 2), as in `LastingDelays`. shares: what any share
    brings and how much more often it is caught, by kind of month; empty where only listed ones count.
    """

    chain: Floats
    low: Floats
    late: Floats
    beliefs: Floats
    shares: tuple[ShareCase, ...]


class PactBatch(Value):
    """N pacts whose player 1 chooses among the listed actions, or any share too.

    payoffs: (N, 2, |A_0|, |A_1|) of the stage games. low: (N, |A_0|, |A_1|), chance of a low month by profile under the
    default trigger. discount: (N,). pledges: (N, 5) in the order of `PLEDGES`. punishment: (N, 2), the profile of each.
    observed: players whose action is seen. cases: what player 1 may know when it chooses among any share, each with
    the pacts (N,) to which it applies; empty where only the listed actions count. jump: (N, 1), the share above which
    they jump. elsewhere: whether shares withheld elsewhere count. delays: where a delay makes another one more likely.
    """

    payoffs: Floats
    low: Floats
    discount: Floats
    pledges: Floats
    deal: Profile
    punishment: Ints
    observed: tuple[int, ...]
    cases: tuple[ShareCase, ...] = ()
    jump: Floats | None = None
    elsewhere: bool = False
    delays: DelayColumns | None = None
