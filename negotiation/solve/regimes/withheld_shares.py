"""The share player 1 would rather withhold, state by state: every automaton against shares that no action lists.

A rule holds against every share when the gain from one deviation to any share x (and, where an action goes round the
figure, any share withheld from others) is nil in every state. In state w, with row action a, continuation V and charges
c for each signal (audience cost, compensation), one deviation is worth, in the money of the month in which it is made,

    u(a, x) - u(a, a*) + sum_y [rho(y | x) - rho(y | a*)] [delta / (1 - delta) sum_w' P(w' | w, y) V_w' - c_y],

with a* what w prescribes. The unlisted levels of the pact are searched first, then the neighbourhood of each peak is
narrowed; payoffs and signals may jump just above the levels `jumps`, so no neighbourhood reaches across one.
"""

from collections.abc import Callable

import numpy as np

from negotiation._values import Floats, Ints, Value
from negotiation.games.automaton import Automaton
from negotiation.games.pact import FineGrid, Pact

# gains (K, P) of K states' own P levels, from states (K,), payoffs (|A_0|, K, P) and likelihood (K, P, Y)
Gains = Callable[[Ints, Floats, Floats], Floats]

NO_SHARE_GAIN = 1e-6  # in the game's unit: what is lost in the rounding of a share that a file writes to four digits
ABOVE = 1e-9  # how far above a jump its upper side is looked at
NARROWINGS, NARROWING = 10, 3  # each round narrows a neighbourhood by SIDE: ten leave 1e-7 of a step


class ShareDeviation(Value):
    """The unlisted share that gains player 1 most by one deviation, and the state in which it does.

    level: share withheld. beside: share withheld from others meanwhile. gain: in the game's unit, in the money of the
    month of the deviation, what follows included; at most 0 when no share pays.
    """

    state: str
    player: str
    level: float
    beside: float
    gain: float

    @property
    def pays(self) -> bool:
        """Whether the deviation is worth making."""
        return self.gain > NO_SHARE_GAIN

    @property
    def amount(self) -> str:
        """The share in words, and what is withheld from others meanwhile."""
        return f"{100 * self.level:.3g} %" + (f" (and {100 * self.beside:.3g} % from others)" if self.beside else "")

    def sentence(self, unit: str) -> str:
        """Say who would withhold which share where, and for how much; `unit` is the game's, per period."""
        verb = "gains" if self.gain > 0 else "loses"
        money = f"{abs(self.gain):.3g} {unit.split('/')[0].strip()}"
        return f"in state '{self.state}', {self.player} {verb} {money} by withholding {self.amount} once"


def best_share(pact: Pact, automaton: Automaton, values: Floats, charges: Floats) -> ShareDeviation | None:
    """Return the share with the largest gain over all states; None where the pact has no unlisted shares.

    values: (W, 2) of the automaton's states, normalised; (W, 2, 2) by kind of month where delays last. charges: (W, Y),
    what player 1 pays in a state after a signal.
    """
    if pact.delays is not None:
        # what follows a signal differs by the kind of month that it comes in
        ahead = np.einsum("de,we->dw", pact.delays.chain, values[..., 1])
        weights = np.concatenate([_weights(pact, automaton, each, charges) for each in ahead], axis=-1)
        cases = [(pact.believing(late), weights) for late in pact.delays.beliefs]
    else:
        cases = [(case, _weights(pact, automaton, values[:, 1], charges)) for case in pact.cases]
    by_case = [_best_of_case(case, automaton, each) for case, each in cases if case.fine is not None]
    return max(by_case, key=lambda each: each.gain) if by_case else None


def _weights(pact: Pact, automaton: Automaton, following: Floats, charges: Floats) -> Floats:
    """Return what each signal is worth to player 1 in each state, (W, Y), in the money of the month."""
    odds = pact.discount / (1 - pact.discount)
    return np.asarray(odds * automaton.transition @ following - charges)


def _best_of_case(pact: Pact, automaton: Automaton, weights: Floats) -> ShareDeviation:
    """Return the share with the largest gain for one case of what player 1 may know when it chooses."""
    fine = pact.fine
    assert fine is not None
    rows, columns = automaton.actions.T
    prescribed = np.einsum("wy,wy->w", pact.monitoring.likelihood[rows, columns], weights)
    given_up = pact.stage.payoffs[1, rows, columns] + prescribed

    def gains_of(states: Ints, payoffs: Floats, likelihood: Floats) -> Floats:
        now = payoffs[rows[states], np.arange(len(states))]
        after = np.einsum("kpy,ky->kp", likelihood, weights[states])
        return np.asarray(now + after - given_up[states, None])

    peaks = _peaks(_with_jumps(fine), gains_of, len(rows))
    place, level, beside, gain = peaks[:4] if fine.model is None else _narrowed(fine, gains_of, *peaks)
    best = int(np.flatnonzero(gain >= gain.max() - 1e-12)[0])
    name, who = automaton.names[place[best]], pact.stage.players[1]
    return ShareDeviation(name, who, float(level[best]), float(beside[best]), float(gain[best]))


def _with_jumps(fine: FineGrid) -> FineGrid:
    """Return the grid with both sides of every jump added."""
    sides = [level for jump in fine.jumps for level in (jump, jump + ABOVE) if 0 <= level <= 1]
    return fine.joined(np.array(sides), 0.0)


def _piece(fine: FineGrid, levels: Floats) -> Ints:
    """Return the number of jumps below each level: levels of one piece have no jump between them."""
    return np.searchsorted(np.sort(np.array(fine.jumps)), levels, side="left").astype(np.int64)


def _peaks(fine: FineGrid, gains_of: Gains, count: int) -> tuple[Ints, Floats, Floats, Floats, Floats, Floats]:
    """Return (state, level, beside, gain, room to either side in level, in beside) of what may be the highest peaks."""
    order = np.lexsort((fine.levels, fine.beside))
    levels, beside = fine.levels[order], fine.beside[order]
    gains = gains_of(
        np.arange(count),
        np.broadcast_to(fine.payoffs[:, None, order], (fine.payoffs.shape[0], count, len(order))),
        np.broadcast_to(fine.likelihood[order], (count, *fine.likelihood.shape)),
    )
    same = (beside[1:] == beside[:-1]) & np.equal(*(_piece(fine, part) for part in (levels[1:], levels[:-1])))
    steps = np.where(same, np.diff(gains, axis=1), np.nan)
    end = np.full((count, 1), np.nan)
    before, after = np.hstack([end, steps]), np.hstack([steps, end])
    top = ~(before < 0) & ~(after > 0)
    # between two points a gain rises above the higher one by less than the steps beside it
    rise = np.maximum(np.abs(np.nan_to_num(before)), np.abs(np.nan_to_num(after)))
    state, place = np.nonzero(top & (gains + rise >= gains.max()))
    wide = np.where(beside > 0, _step(levels[beside > 0]), _step(levels[beside == 0]))
    room = wide[place], np.where(beside[place] > 0, _step(beside), 0.0)
    return state, levels[place], beside[place], gains[state, place], *room


def _step(values: Floats) -> float:
    """Return the widest step between neighbouring values, 0 with fewer than two."""
    return float(np.diff(np.unique(values)).max(initial=0.0))


def _narrowed(
    fine: FineGrid,
    gains_of: Gains,
    state: Ints,
    level: Floats,
    beside: Floats,
    gain: Floats,
    wide: Floats,
    deep: Floats,
) -> tuple[Ints, Floats, Floats, Floats]:
    """Return (state, level, beside, gain) of each peak at the best point of its neighbourhood."""
    assert fine.model is not None
    jumps = np.sort(np.array(fine.jumps))
    piece = _piece(fine, level)
    lowest = np.concatenate([[0.0], jumps + ABOVE])[piece]
    highest = np.concatenate([jumps, [1.0]])[piece]
    offsets = np.linspace(-1, 1, 2 * NARROWING + 1)
    two = bool((deep > 0).any())
    across, along = (grid.ravel() for grid in np.meshgrid(offsets, offsets if two else np.zeros(1), indexing="ij"))
    for _ in range(NARROWINGS):
        x = np.clip(level[:, None] + wide[:, None] * across, lowest[:, None], highest[:, None])
        e = np.clip(beside[:, None] + deep[:, None] * along, 0.0, 1.0)
        payoffs, likelihood = fine.model(x.ravel(), e.ravel())
        gains = gains_of(state, payoffs.reshape(-1, *x.shape), likelihood.reshape(*x.shape, -1))
        best = gains.argmax(axis=1)
        pick = np.arange(len(state)), best
        level, beside, gain = x[pick], e[pick], gains[pick]
        wide, deep = wide / NARROWING, deep / NARROWING
    return state, level, beside, gain
