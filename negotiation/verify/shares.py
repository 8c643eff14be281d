"""Checks that no share player 1 could withhold gains more than a bound, for every share from 0 to 1 in every state.

The certificate gives bounds on player 1's payoff and on the chances of the signals at shares in a row, and on their
derivatives between two of them. Those are taken as given; that the bounds on the gain follow from them is checked, in
ratios (docs/certificates.md, "Every share").
"""

import itertools
import math
from fractions import Fraction
from typing import NamedTuple

from negotiation.verify.automaton import AutomatonChecker, AutomatonState
from negotiation.verify.game import Game
from negotiation.verify.reading import Count, Entry, FailedError, double
from negotiation.verify.scaled import BITS

Interval = tuple[int, int]  # over 2^BITS
Bounds = tuple[Interval, ...]  # of the payoff for each row action given, then of the chances of y or an earlier signal


class SharePiece(NamedTuple):
    """A stretch of shares without a jump: `ends` at its shares, `slopes` between neighbours; one share has no slope."""

    shares: tuple[Fraction, ...]
    ends: list[Bounds]
    slopes: list[Bounds]


class Shares(NamedTuple):
    """What a certificate says of shares: charges[w][y], values[w], bounds[w], rows with bounds, and the pieces."""

    charges: list[tuple[Fraction, ...]]
    values: tuple[Fraction, ...]
    tolerance: Fraction
    bounds: tuple[Fraction, ...]
    rows: tuple[int, ...]
    pieces: list[SharePiece]


class Condition(NamedTuple):
    """F = payoff for `row` + sum_j weights_j R_j - base, in units of 1 / (scale 2^BITS)."""

    row: int
    weights: tuple[int, ...]
    base: int
    scale: int

    def interval(self, bounds: Bounds, rows: int) -> Interval:
        """Return bounds on payoff and weighted chances, from bounds on each."""
        low, high = (self.scale * end for end in bounds[self.row])
        for weight, (least, most) in zip(self.weights, bounds[rows:], strict=True):
            low += weight * (least if weight > 0 else most)
            high += weight * (most if weight > 0 else least)
        return low, high


def read_shares(data: Entry, game: Game, count: int) -> Shares:
    """Return what is said of the shares; `InputError` names what is wrong."""
    if len(game.players) != 2 or len(game.states) != 1:
        raise data.field("game").fault("shares are those of the second of two players in a repeated game")
    stage = game.states[0]
    rows = data.field("rows").wholes(below=len(stage.actions[0]))
    return Shares(
        charges=[row.ratios(len(stage.signals)) for row in data.field("charges").items(count)],
        values=data.field("values").ratios(count),
        tolerance=data.field("tolerance").ratio(),
        bounds=data.field("bounds").ratios(count),
        rows=rows,
        pieces=[_piece(piece, len(rows), len(stage.signals) - 1) for piece in data.field("pieces").items()],
    )


def _piece(piece: Entry, rows: int, signals: int) -> SharePiece:
    shares = piece.field("shares").ratios()
    if not shares:
        raise piece.field("shares").fault("is empty")

    def bounds(names: tuple[str, str], length: int) -> list[Bounds]:
        parts = [
            [tuple(map(_interval, entry.items(width))) for entry in piece.field(name).items(length)]
            for name, width in zip(names, (rows, signals), strict=True)
        ]
        return [one + other for one, other in zip(*parts, strict=True)]

    ends = bounds(("payoffs", "cumulative"), len(shares))
    return SharePiece(shares, ends, bounds(("payoff_slopes", "cumulative_slopes"), len(shares) - 1))


def _interval(pair: Entry) -> Interval:
    low, high = pair.wholes(2)
    if low > high:
        raise pair.fault("the lower bound is above the upper one")
    return low, high


class ShareChecker:
    """Checks the shares of one automaton of a repeated game."""

    def __init__(self, game: Game, states: list[AutomatonState], shares: Shares, count: Count) -> None:
        self.game, self.states, self.shares, self.count = game, states, shares, count

    def run(self) -> int:
        """Check everything and return the number of cells; `FailedError` names the first condition that fails."""
        self._check_cover()
        solved = AutomatonChecker(self.game, self.states, self.count)
        checked: set[tuple[Condition, Fraction]] = set()
        for w, (state, values) in enumerate(zip(self.states, solved.values, strict=True)):
            self.count.checked += 2
            if self.shares.values[w] != values[1]:
                raise FailedError(f"state '{state.name}': the value given is not that of the strategy")
            if self.shares.bounds[w] > self.shares.tolerance:
                raise FailedError(f"state '{state.name}': the bound is above the tolerance")
            condition = self._condition(w)
            if (condition, self.shares.bounds[w]) not in checked:
                checked.add((condition, self.shares.bounds[w]))
                self._check_state(state, condition, self.shares.bounds[w])
        return sum(max(1, len(piece.slopes)) for piece in self.shares.pieces)

    def _check_cover(self) -> None:
        """The pieces begin with 0 alone and follow each other without a gap up to 1; bounds must be of one function."""
        pieces = self.shares.pieces
        self.count.checked += 1
        ends = [(piece.shares[0], piece.shares[-1]) for piece in pieces]
        joined = all(one[1] == other[0] for one, other in itertools.pairwise(ends))
        if not joined or not ends or any(ends[0]) or ends[-1][1] != 1:
            raise FailedError("the cells do not cover all shares from 0 to 1")
        chances = (each for piece in pieces for bounds in piece.ends for each in bounds[len(self.shares.rows) :])
        if any(low > 1 << BITS or high < 0 for low, high in chances):
            raise FailedError("no chance has the bounds of a chance")
        for piece in pieces:
            for cell, (start, stop) in enumerate(itertools.pairwise(piece.shares)):
                self.count.checked += 1
                if start >= stop:
                    raise FailedError("the cells do not cover all shares from 0 to 1")
                width = stop - start
                for here, there, slope in zip(piece.ends[cell], piece.ends[cell + 1], piece.slopes[cell], strict=True):
                    if here[0] + slope[0] * width > there[1] or here[1] + slope[1] * width < there[0]:
                        raise FailedError(f"no function has the bounds of the cell {_words(start, stop)}")

    def _condition(self, w: int) -> Condition:
        """Return the condition of a state, and check that its charges are what the payments of the strategy say."""
        stage, state, delta = self.game.states[0], self.states[w], self.game.discount
        row, column = stage.profiles[state.profile]
        charges, tolerance = self.shares.charges[w], self.shares.tolerance
        if 1 in stage.observed or row not in self.shares.rows:
            raise FailedError(f"state '{state.name}': nothing is said of shares there")
        paid = [
            state.adjustments[1][a] + sum((c * p for c, p in zip(charges, stage.chances[a], strict=True)), Fraction(0))
            for a in (stage.number[row, each] for each in range(len(stage.actions[1])))
        ]
        self.count.checked += 1
        if max(abs(each - paid[column]) for each in paid) > tolerance:
            raise FailedError(f"state '{state.name}': the charges are not the payments of the strategy")
        future = [sum((p * self.shares.values[to] for to, p in lottery), Fraction(0)) for lottery in state.after]
        worth = [delta / (1 - delta) * value - charge for value, charge in zip(future, charges, strict=True)]
        weights = [one - other for one, other in itertools.pairwise(worth)]
        reached = itertools.accumulate(stage.chances[state.profile])
        base = stage.payoffs[1][state.profile] + sum(
            (r * v for r, v in zip(reached, weights, strict=False)), Fraction(0)
        )
        scale = math.lcm(*(number.denominator for number in (*weights, base)))
        numbers = tuple(int(weight * scale) for weight in weights)
        return Condition(self.shares.rows.index(row), numbers, int(base * scale) << BITS, scale)

    def _check_state(self, state: AutomatonState, condition: Condition, bound: Fraction) -> None:
        """The gain lies below a line from either end of each cell; the lower of the two must stay within the bound."""
        level, rows, where = bound * (condition.scale << BITS), len(self.shares.rows), f"state '{state.name}'"
        ends = [[condition.interval(each, rows) for each in piece.ends] for piece in self.shares.pieces]
        gain, place, n = max((low, i, n) for i, piece in enumerate(ends) for n, (low, _) in enumerate(piece))
        if (gain := gain - condition.base) > level:
            share = f"{double(self.shares.pieces[place].shares[n]):.6g}{'' if n or not place else ' and a little more'}"
            size = double(Fraction(gain, condition.scale << BITS))
            raise FailedError(f"{where}: {self.game.players[1]} withholding {share} once gains {size:.3g}")
        for piece, values in zip(self.shares.pieces, ends, strict=True):
            tops = [high - condition.base for _, high in values]
            slopes = [condition.interval(each, rows) for each in piece.slopes]
            stops = piece.shares[1:]
            if not stops:  # a share alone: a cell without width
                tops, slopes, stops = tops * 2, [(0, 0)], piece.shares
            for n, ((least, most), start, stop) in enumerate(zip(slopes, piece.shares, stops, strict=False)):
                self.count.checked += 1
                if not _below(tops[n], tops[n + 1], least * (stop - start), most * (stop - start), level):
                    cell, most_of_all = _words(start, stop), f"{double(bound):.3g}"
                    raise FailedError(f"{where}: withholding {cell} is not shown to gain at most {most_of_all}")


def _below(first: int, last: int, least: Fraction, most: Fraction, level: Fraction) -> bool:
    """Whether what starts at most at `first`, ends at most at `last` and rises by `least` to `most` stays in `level`.

    At t of the way it is at most first + most t, and at most last - least (1 - t).
    """
    if min(Fraction(first), last - least) > level or min(Fraction(last), first + most) > level:
        return False
    if most <= 0 or least >= 0:
        return True
    # one line rises and the other falls; where they cross they are this over (most - least)
    crossing = most * last - least * first - most * least
    inside = last - least > first and first + most > last
    return not inside or crossing <= level * (most - least)


def _words(start: Fraction, stop: Fraction) -> str:
    return f"{double(start):.6g}" if start == stop else f"{double(start):.6g} to {double(stop):.6g}"
