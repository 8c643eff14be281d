"""The enforcement programmes of a two-player game, one a profile, in normalised payoffs.

Symbols: profile a in state s; outcome y leads to state succ(y); Delta_ky = rho(y | a) - rho(y | a') for deviation k
from a to a'. Three reductions keep the programmes small, none of which changes the answer:

- an outcome that only one player's deviations can cause is answered with that player's worst continuation, a number
  (an observed player's off-path moves are the main case; Fudenberg, Levine, Maskin 1994 call this product structure);
- deviations with the same Delta share one row, with the largest right-hand side;
- outcomes that move all likelihoods in proportion and lead to the same state are one outcome.

Payoffs are mapped to [0, 1] for each player; differences are taken before dividing, so that exact ties stay exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from negotiation._kernels import public
from negotiation._time_limit import checkpoint
from negotiation._values import Bools, Floats, Ints
from negotiation.errors import InputError
from negotiation.games import DynamicGame
from negotiation.solve.stage.unplayable import Place, ruled_out

GRID = 2.0**44
FAR = 4.0  # losses are cut off at so many times what any continuation can make good


@dataclass(frozen=True)
class Incentives:
    """Padded arrays of all programmes; P profiles, Y outcomes, K rows, M row members, S states.

    offset, scale: (2,), payoff = offset + scale * normalised. profiles: (P, 2). first: (S + 1,), profile ranges.
    g: (P, 2). ny, nk: (P,). pi: (P, Y). succ: (P, Y). delta: (P, K, Y). who: (P, K). dead: (P,), never enforceable;
    calm: (P,), static equilibria with one successor. ruled_out: those of the dead, (state, profile), whose payoffs do
    not count for the range; here they are cut off at its ends.
    Row members: member_row (M, 3) = (profile, row, action deviated to), gain (M,) = stage gain of the deviation,
    off (M, S) = probability of an outcome answered with the worst continuation, by state. group: (P, signals), the
    outcome that holds each signal; -1 - i: answered with player i's worst; -3: cannot occur after a unilateral
    deviation.
    """

    discount: float
    offset: Floats
    scale: Floats
    profiles: Ints
    first: Ints
    g: Floats
    ny: Ints
    nk: Ints
    pi: Floats
    succ: Ints
    delta: Floats
    who: Ints
    unenforceable: Bools
    static_nash: Bools
    member_row: Ints
    gain: Floats
    off: Floats
    group: Ints
    ruled_out: tuple[Place, ...] = ()

    @property
    def n_states(self) -> int:
        """Number of public states S."""
        return len(self.first) - 1

    @property
    def weight(self) -> Floats:
        """(1 - discount, discount)."""
        return np.array([1.0 - self.discount, self.discount])

    def right_sides(self, worst: Floats, tightening: float = 0.0) -> tuple[Floats, Ints]:
        """Return b (P, K) and the binding member of each row, given worst (S, 2), each player's worst continuation.

        `slack` demands that much more of every row.
        """
        b, binding = np.empty(self.delta.shape[:2]), np.empty(self.delta.shape[:2], dtype=np.int64)
        odds = (1.0 - self.discount) / self.discount
        public.thresholds(self.gain, self.off, self.member_row, self.player, worst, odds, tightening, b, binding)
        return b, binding

    @cached_property
    def player(self) -> Ints:
        """The player of each row member, (M,)."""
        return self.who[self.member_row[:, 0], self.member_row[:, 1]]


@dataclass
class _IncentiveRow:
    player: int
    delta: Floats
    gains: list[float]
    offs: list[Floats]
    to: list[int]


def _columns(game: DynamicGame, state: int, profile: tuple[int, int]) -> tuple[list[_IncentiveRow], Floats, Ints]:
    """Return the deviation rows over all signals, rho(. | a), and the fate of each signal (see `Incentives.group`)."""
    seen, stage = game.monitoring[state], game.stages[state]
    row = seen.likelihood[profile]
    following = np.asarray(game.next_state[state])
    causes: list[tuple[int, int, float, Floats, bool]] = []
    for player in range(2):
        own = stage.payoffs[player]
        for other in range(stage.shape[player]):
            if other == profile[player]:
                continue
            to = (other, profile[1]) if player == 0 else (profile[0], other)
            gain = float(own[to] - own[profile])
            causes.append((player, other, gain, seen.likelihood[to], player in seen.observed))
    caused = np.zeros((2, len(row)), dtype=bool)
    for player, _, _, rho, observed in causes:
        if not observed:
            caused[player] |= rho > 0
    fate = np.zeros(len(row), dtype=np.int64)
    silent = row == 0
    fate[silent & caused[0] & ~caused[1]] = -1
    fate[silent & caused[1] & ~caused[0]] = -2
    fate[silent & ~caused[0] & ~caused[1]] = -3
    on = fate == 0
    rows: list[_IncentiveRow] = []
    for player, other, gain, rho, observed in causes:
        reached = np.where(on & (not observed), rho, 0.0)
        away = rho if observed else np.where(on, 0.0, rho)
        delta = np.where(on, row - reached, 0.0)
        off = np.asarray(np.bincount(following, weights=away, minlength=game.n_states), dtype=np.float64)
        rows.append(_IncentiveRow(player, delta, [gain], [off], [other]))
    return rows, row, fate


def _merge_rows(rows: list[_IncentiveRow]) -> tuple[list[_IncentiveRow], bool]:
    """Join rows with the same Delta, drop rows that always hold; the flag says that one can never hold."""
    merged: dict[tuple[int, bytes], _IncentiveRow] = {}
    dead = False
    for row in rows:
        if not row.delta.any() and not row.offs[0].any():
            dead |= row.gains[0] > 0
            continue
        found = merged.setdefault((row.player, row.delta.tobytes()), _IncentiveRow(row.player, row.delta, [], [], []))
        found.gains += row.gains
        found.offs += row.offs
        found.to += row.to
    return list(merged.values()), dead


def _merge_outcomes(rows: list[_IncentiveRow], pi: Floats, fate: Ints, following: Ints) -> Ints:
    """Number the outcomes: signals that change nothing but the scale of a column share a number."""
    numbers: dict[tuple[int, bytes], int] = {}
    group = fate.copy()
    for signal in np.flatnonzero(fate == 0):
        column = np.array([float(pi[signal]), *(float(row.delta[signal]) for row in rows)])
        size = np.abs(column).max()
        key = (int(following[signal]), (np.round(column / size, 13) + 0.0).tobytes())
        group[signal] = numbers.setdefault(key, len(numbers))
    return group


def normalisation(game: DynamicGame, without: tuple[Place, ...] = ()) -> tuple[Floats, Floats]:
    """Return (offset, scale), each (2,): the least payoff of each player and the range (1 when it is constant)."""
    lost: list[list[int]] = [[p for s, p in without if s == state] for state in range(game.n_states)]
    points = np.concatenate([np.delete(stage.points(), out, 0) for stage, out in zip(game.stages, lost, strict=True)])
    offset = points.min(axis=0)
    scale = points.max(axis=0) - offset
    scale[scale <= 0] = 1.0
    return offset, scale


def rounded_to_grid(normalised: Floats | float) -> Floats:
    """Return normalised payoffs rounded to multiples of 2^-44, far below every margin of the solver.

    The same game in other units differs in the last digits of its doubles. Without them the search takes the same path.
    """
    rounded: Floats = np.round(np.asarray(normalised) * GRID) / GRID
    return rounded


def incentive_constraints(game: DynamicGame) -> Incentives:
    """Return the enforcement programmes of a two-player game; raise `InputError` for another number of players."""
    if game.stages[0].n_players != 2:
        raise InputError.single("game", "players", f"{game.stages[0].n_players} players, this solver takes two")
    without = ruled_out(game)
    offset, scale = normalisation(game, without)
    profiles, first, built = [], [0], []
    for state, stage in enumerate(game.stages):
        following = np.asarray(game.next_state[state])
        for number, profile in enumerate(stage.profiles()):
            checkpoint()
            pair = (profile[0], profile[1])
            rows, pi, fate = _columns(game, state, pair)
            rows, dead = _merge_rows(rows)
            group = _merge_outcomes(rows, pi, fate, following)
            dead |= (state, number) in without
            payoff = np.clip(rounded_to_grid((np.array(stage.payoff(profile)) - offset) / scale), 0.0, 1.0)
            profiles.append(pair)
            calm = not dead and len(set(following.tolist())) == 1 and all(max(row.gains) <= 0 for row in rows)
            built.append((payoff, rows, pi, group, following, dead, calm))
        first.append(len(profiles))
    return _pad(game, offset, scale, np.array(profiles), np.array(first), built, without)


def _pad(
    game: DynamicGame,
    offset: Floats,
    scale: Floats,
    profiles: Ints,
    first: Ints,
    built: list[tuple[Floats, list[_IncentiveRow], Floats, Ints, Ints, bool, bool]],
    without: tuple[Place, ...],
) -> Incentives:
    size, far = len(built), FAR * game.discount / (1.0 - game.discount) if without else np.inf
    ny = np.array([group.max(initial=-1) + 1 for _, _, _, group, *_ in built], dtype=np.int64)
    nk = np.array([len(rows) for _, rows, *_ in built], dtype=np.int64)
    outcomes, depth = max(int(ny.max()), 1), max(int(nk.max()), 1)
    pi, succ = np.zeros((size, outcomes)), np.zeros((size, outcomes), dtype=np.int64)
    delta, who = np.zeros((size, depth, outcomes)), np.zeros((size, depth), dtype=np.int64)
    member_row, gain, off = [], [], []
    for p, (_, rows, row, group, following, *_) in enumerate(built):
        on = group >= 0
        np.add.at(pi[p], group[on], row[on])
        succ[p, group[on]] = following[on]
        for k, entry in enumerate(rows):
            np.add.at(delta[p, k], group[on], entry.delta[on])
            who[p, k] = entry.player
            for difference, away, to in zip(entry.gains, entry.offs, entry.to, strict=True):
                member_row.append((p, k, to))
                gain.append(max(float(rounded_to_grid(difference / scale[entry.player])), -far))
                off.append(away)
    return Incentives(
        discount=game.discount,
        offset=offset,
        scale=scale,
        profiles=profiles,
        first=first,
        g=np.array([payoff for payoff, *_ in built]),
        ny=ny,
        nk=nk,
        pi=pi,
        succ=succ,
        delta=delta,
        who=who,
        unenforceable=np.array([dead for *_, dead, _ in built]),
        static_nash=np.array([calm for *_, calm in built]),
        member_row=np.array(member_row, dtype=np.int64).reshape(-1, 3),
        gain=np.array(gain),
        off=np.array(off).reshape(-1, game.n_states),
        group=np.array([group for _, _, _, group, *_ in built]),
        ruled_out=without,
    )
