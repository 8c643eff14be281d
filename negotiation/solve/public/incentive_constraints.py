"""The enforcement programmes of a two-player game, one a profile, in normalised payoffs.

Symbols: profile a in state s; outcome y leads to state succ(y); Delta_ky = rho(y | a) - rho(y | a') for deviation k
from a to a'. Three reductions keep the programmes small and change no answer (docs/solver-public.md).

Payoffs are mapped to [0, 1] for each player; differences are taken before dividing, so that exact ties stay exact.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from negotiation._kernels import public
from negotiation._time_limit import checkpoint
from negotiation._values import Bools, Floats, Ints
from negotiation.errors import InputError
from negotiation.games import DynamicGame
from negotiation.solve.stage.unplayable import Place, ruled_out

PAYOFF_GRID = 2.0**44  # normalised payoffs are multiples of 1 / GRID; doubled, two units of the same game may differ
FAR = 4.0  # losses are cut off at so many times what any continuation can make good; any number above one will do
# Digits to which columns of likelihoods must agree to be in proportion; one more may miss what rounding hides.
COLUMN_DIGITS = 13


@dataclass(frozen=True, kw_only=True)
class Incentives:
    """Padded arrays of all programmes; P profiles, Y outcomes, K rows, M row members, S states.

    offset, scale: (2,), payoff = offset + scale * normalised. profiles: (P, 2). first: (S + 1,), profile ranges.
    g: (P, 2). ny, nk: (P,). pi: (P, Y). succ: (P, Y). delta: (P, K, Y). who: (P, K). unenforceable: (P,);
    static_nash: (P,), static equilibria with one successor. ruled_out: those of the unenforceable, (state, profile),
    whose payoffs do not count for the range; here they are cut off at its ends.
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

    def place(self, p: int) -> Place:
        """Return the state of programme p and the number of its profile there."""
        state = int(np.searchsorted(self.first, p, side="right")) - 1
        return state, int(p - self.first[state])

    @cached_property
    def weight(self) -> Floats:
        """(1 - discount, discount)."""
        return np.array([1.0 - self.discount, self.discount])

    @cached_property
    def programmes(self) -> tuple[Any, ...]:
        """The arrays (g, weight, ny, nk, pi, succ, delta, who), as the kernels take them."""
        return self.g, self.weight, self.ny, self.nk, self.pi, self.succ, self.delta, self.who

    @cached_property
    def player(self) -> Ints:
        """The player of each row member, (M,)."""
        return self.who[self.member_row[:, 0], self.member_row[:, 1]]

    def right_sides(self, worst: Floats, tightening: float = 0.0) -> tuple[Floats, Ints]:
        """Return b (P, K) and the binding member of each row, given worst (S, 2), each player's worst continuation.

        `tightening` demands that much more of every row.
        """
        b, binding = np.empty(self.delta.shape[:2]), np.empty(self.delta.shape[:2], dtype=np.int64)
        odds = (1.0 - self.discount) / self.discount
        members = (self.gain, self.off, self.member_row)
        public.right_sides(members, self.player, worst, odds, tightening, b=b, binding=binding)
        return b, binding


class _IncentiveRow(NamedTuple):
    """Deviations of one player with the same Delta; members: (gain, probabilities off the path by state, action)."""

    player: int
    delta: Floats
    members: list[tuple[float, Floats, int]]


class _Programme(NamedTuple):
    """The programme of one profile: rows, and by signal rho(. | a), its outcome and its next state."""

    rows: list[_IncentiveRow]
    likelihood: Floats
    group: Ints
    following: Ints


def _deviation_rows(game: DynamicGame, state: int, profile: tuple[int, int]) -> tuple[list[_IncentiveRow], Ints, bool]:
    """Return the rows over all signals, the class of each signal (see `Incentives.group`), and whether one never holds.

    Rows with the same Delta are joined, and rows that always hold are left out.
    """
    monitoring, stage = game.monitoring[state], game.stages[state]
    likelihood, following = monitoring.likelihood[profile], np.asarray(game.next_state[state])
    moves = [(0, action, (action, profile[1])) for action in range(stage.shape[0])]
    moves += [(1, action, (profile[0], action)) for action in range(stage.shape[1])]
    moves = [move for move in moves if move[2] != profile]
    caused = np.zeros((2, len(likelihood)), dtype=bool)
    for player, _, to in moves:
        if player not in monitoring.observed:
            caused[player] |= monitoring.likelihood[to] > 0
    on = (likelihood > 0) | caused.all(axis=0)
    signal_class = np.select([on, caused[0], caused[1]], [0, -1, -2], -3)
    rows: dict[tuple[int, bytes], _IncentiveRow] = {}
    unenforceable = False
    for player, action, to in moves:
        rho, observed = monitoring.likelihood[to], player in monitoring.observed
        gain = float(stage.payoffs[player][to] - stage.payoffs[player][profile])
        delta = np.where(on, likelihood - (0.0 if observed else rho), 0.0)
        away = rho if observed else np.where(on, 0.0, rho)
        off = np.asarray(np.bincount(following, weights=away, minlength=game.n_states), dtype=np.float64)
        if delta.any() or off.any():
            row = rows.setdefault((player, delta.tobytes()), _IncentiveRow(player, delta, []))
            row.members.append((gain, off, action))
        else:
            unenforceable |= gain > 0
    return list(rows.values()), signal_class, unenforceable


def _merge_outcomes(rows: list[_IncentiveRow], likelihood: Floats, signal_class: Ints, following: Ints) -> Ints:
    """Number the outcomes: signals that change nothing but the scale of a column share a number."""
    numbers: dict[tuple[int, bytes], int] = {}
    group = signal_class.copy()
    for signal in np.flatnonzero(signal_class == 0):
        column = np.array([float(likelihood[signal]), *(float(row.delta[signal]) for row in rows)])
        size = np.abs(column).max()
        key = (int(following[signal]), (np.round(column / size, COLUMN_DIGITS) + 0.0).tobytes())
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
    rounded: Floats = np.round(np.asarray(normalised) * PAYOFF_GRID) / PAYOFF_GRID
    return rounded


def incentive_constraints(game: DynamicGame) -> Incentives:
    """Return the enforcement programmes of a two-player game; raise `InputError` for another number of players."""
    if game.stages[0].n_players != 2:
        raise InputError.single("game", "players", f"{game.stages[0].n_players} players, this solver takes two")
    without = ruled_out(game)
    offset, scale = normalisation(game, without)
    profiles, first, programmes = [], [0], []
    payoffs, never, static_nash = [], [], []
    for state, stage in enumerate(game.stages):
        following = np.asarray(game.next_state[state])
        alike = len(set(following.tolist())) == 1  # play goes on in one state whatever is seen
        for number, profile in enumerate(stage.profiles()):
            checkpoint()
            pair = (profile[0], profile[1])
            rows, signal_class, unenforceable = _deviation_rows(game, state, pair)
            likelihood = game.monitoring[state].likelihood[pair]
            group = _merge_outcomes(rows, likelihood, signal_class, following)
            profiles.append(pair)
            programmes.append(_Programme(rows, likelihood, group, following))
            payoffs.append(rounded_to_grid((np.array(stage.payoff(profile)) - offset) / scale))
            never.append(unenforceable or (state, number) in without)
            untempted = all(gain <= 0 for row in rows for gain, _, _ in row.members)
            static_nash.append(alike and untempted and not never[-1])
        first.append(len(profiles))
    return Incentives(
        discount=game.discount,
        offset=offset,
        scale=scale,
        profiles=np.array(profiles),
        first=np.array(first),
        g=np.clip(np.array(payoffs), 0.0, 1.0),
        unenforceable=np.array(never),
        static_nash=np.array(static_nash),
        group=np.array([programme.group for programme in programmes]),
        ruled_out=without,
        **_padded_arrays(game, scale, programmes, bool(without)),
    )


def _padded_arrays(game: DynamicGame, scale: Floats, programmes: list[_Programme], cut_off: bool) -> dict[str, Any]:
    """Return ny, nk, pi, succ, delta, who and the row members of all programmes (see `Incentives`)."""
    size, far = len(programmes), FAR * game.discount / (1.0 - game.discount) if cut_off else np.inf
    ny = np.array([programme.group.max(initial=-1) + 1 for programme in programmes], dtype=np.int64)
    nk = np.array([len(programme.rows) for programme in programmes], dtype=np.int64)
    outcomes, depth = max(int(ny.max()), 1), max(int(nk.max()), 1)
    pi, succ = np.zeros((size, outcomes)), np.zeros((size, outcomes), dtype=np.int64)
    delta, who = np.zeros((size, depth, outcomes)), np.zeros((size, depth), dtype=np.int64)
    member_row, gain, off = [], [], []
    for p, programme in enumerate(programmes):
        on = programme.group >= 0
        outcome = programme.group[on]
        np.add.at(pi[p], outcome, programme.likelihood[on])
        succ[p, outcome] = programme.following[on]
        for k, row in enumerate(programme.rows):
            np.add.at(delta[p, k], outcome, row.delta[on])
            who[p, k] = row.player
            for difference, away, to in row.members:
                member_row.append((p, k, to))
                gain.append(max(float(rounded_to_grid(difference / scale[row.player])), -far))
                off.append(away)
    members = np.array(member_row, dtype=np.int64).reshape(-1, 3)
    blocks = {"ny": ny, "nk": nk, "pi": pi, "succ": succ, "delta": delta, "who": who, "member_row": members}
    return {**blocks, "gain": np.array(gain), "off": np.array(off).reshape(-1, game.n_states)}
