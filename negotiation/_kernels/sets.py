"""Outer and inner set of one game with perfect monitoring, and of a list of games.

Outer: from the feasible set, `step` with relaxed conditions; every polygon on the way contains all equilibrium
payoffs. Where it crawls, a scout runs ahead by Newton's method and `prove` shows that nothing lies outside its guess.
Inner: from the outer set, `step` with tightened conditions, until the polygon lies within its own image. Rounding can
move a value by r / (1 - delta) at most, so conditions tightened by more than twice that leave true equilibria at this
distance from every vertex (docs/solver-perfect.md).

Arrays as in `perfect`. Payoffs arrive raw, (2, P) with the second player's action fastest, and are brought into [0, 1]
by a shift and a power of two for each player. space, from `workspace`, holds all scratch memory and is used again for
every game. A result is found = (code, steps, gap) and two polygons, as written by `report`.
"""

from __future__ import annotations

import numpy as np

from negotiation._kernels.bound import prove
from negotiation._kernels.compiled import kernel
from negotiation._kernels.perfect import ALONE, CORNERS, LIVE, POINTS, close, step
from negotiation._kernels.polygon import clip, excess
from negotiation._kernels.settle import MOST, settle

STILL = 4e-16  # one-sided movement that counts as none
SLACK = 4e-15  # relaxation in units of 1 / (1 - delta) and 1 / delta
CLOSE = 1e-11  # an outer set that would move this far in 1 / (1 - delta) steps has arrived
WIDE = 64  # most directions of a proof
FIRST = 8  # steps before the first scout
SOLVED, EMPTY, APART, UNFINISHED = 0, 1, 2, 3


@kernel
def memory(profiles, room):
    """Return an empty state and two empty clouds."""
    state = (
        np.empty(profiles, np.int64),
        np.empty(2),
        np.empty((2, room)),
        np.empty(room, np.int64),
        np.zeros(3, np.int64),
    )
    one = (np.empty((2, room)), np.empty(room, np.int64), np.empty(room, np.int64))
    two = (np.empty((2, room)), np.empty(room, np.int64), np.empty(room, np.int64))
    return state, (one, two)


@kernel
def workspace(profiles, fixed):
    """Return the scratch memory for games of up to this many profiles and fixed points."""
    room = 4 * profiles + fixed + WIDE
    spare = (np.empty((2, room)), np.empty(room, np.int64), np.empty(room + 1, np.int64))
    guess = (
        np.empty(room, np.int64),
        np.empty(MOST, np.int64),
        np.empty(MOST, np.int64),
        np.empty(MOST, np.int64),
        np.empty((WIDE, WIDE + 2)),
    )
    proof = (np.empty((2, WIDE)), np.empty(WIDE), np.empty(WIDE), np.empty(WIDE, np.int64), np.empty(WIDE, np.int64))
    roots = np.empty(room + 2, np.int64)
    return memory(profiles, room), memory(profiles, room), spare, guess, proof, roots


@kernel
def start(game, state, cloud, spare):
    """Let the polygon be the hull of all payoffs of live profiles and fixed points."""
    g, _, _, fixed, _ = game
    points, tag, _ = cloud
    live, size = state[0], state[4]
    made = 0
    for k in range(fixed.shape[1]):
        points[0, made], points[1, made], tag[made] = fixed[0, k], fixed[1, k], -8
        made += 1
    for k in range(size[LIVE]):
        a = live[k]
        points[0, made], points[1, made], tag[made] = g[0, a], g[1, a], 8 * a + ALONE
        made += 1
    close(state, cloud, made, spare)


@kernel
def restart(state, cloud):
    """Make the vertices of the polygon the whole cloud, without owners."""
    _, _, w, mark, size = state
    points, tag, order = cloud
    for k in range(size[CORNERS]):
        points[0, k], points[1, k], tag[k], order[k], mark[k] = w[0, k], w[1, k], -8, k, -8
    size[POINTS] = size[CORNERS]


@kernel
def copy(source, cloud, target, twin):
    """Copy a state and its cloud."""
    for part in range(3):
        target[4][part] = source[4][part]
    target[0][: source[4][LIVE]] = source[0][: source[4][LIVE]]
    target[1][:] = source[1]
    corners, made = source[4][CORNERS], source[4][POINTS]
    target[2][:, :corners], target[3][:corners] = source[2][:, :corners], source[3][:corners]
    twin[0][:, :made], twin[1][:made], twin[2][:made] = cloud[0][:, :made], cloud[1][:made], cloud[2][:made]


@kernel
def descend(game, state, clouds, relax, spare, guess, roots, most, least):
    """Step, with Newton's method in between, until nothing moves; return (steps, movement, cloud in use)."""
    now, leap, moved = 0, 3, np.inf
    for taken in range(1, most + 1):
        moved = step(game, state, clouds[now], clouds[1 - now], relax, spare, least)
        now = 1 - now
        if state[4][CORNERS] == 0 or moved <= STILL:
            return taken, moved, now
        if taken >= leap:
            settle(game, state, clouds[now], relax, spare, guess, roots)
            leap = taken + 2 + taken // 8
    return most, moved, now


@kernel
def cut(state, cloud, proof, used, spare):
    """Cut the polygon by proven half-planes and raise the threats to match; forget who made the vertices."""
    lam, levels = proof[0], proof[1]
    u, w, size = state[1], state[2], state[4]
    for l in range(used):
        count = clip(lam[0, l], lam[1, l], levels[l], w, size[CORNERS], spare[0])
        w[:, :count] = spare[0][:, :count]
        size[CORNERS] = count
    u[0], u[1] = max(u[0], -levels[0]), max(u[1], -levels[1])
    restart(state, cloud)


@kernel
def outer(game, space, relax, most, least, trace):
    """Iterate down from the feasible set; return (steps, whether it arrived, cloud in use)."""
    (state, clouds), (scout, twins), spare, guess, proof, roots = space
    size = state[4]
    now, taken, leap = 0, 0, FIRST
    still = max(STILL, CLOSE * (1.0 - game[4]))
    while taken < most:
        moved = step(game, state, clouds[now], clouds[1 - now], relax, spare, least)
        now = 1 - now
        if taken < len(trace):
            trace[taken] = moved
        taken += 1
        if size[CORNERS] == 0 or moved <= still:
            return taken, True, now
        if taken < leap:
            continue
        copy(state, clouds[now], scout, twins[0])
        steps, _, _ = descend(game, scout, twins, relax, spare, guess, roots, FIRST + leap // 4, least)
        taken += steps
        leap = taken + 2 + taken // 4
        ahead = scout[4][CORNERS]
        if ahead == 0:
            continue
        used = prove(game, state[0], size[LIVE], scout[2], ahead, state[2], size[CORNERS], proof, guess[4])
        if used > 0:
            cut(state, clouds[now], proof, used, spare)
            if size[CORNERS] == 0:
                return taken, True, now
    return taken, False, now


@kernel
def distance(state, other, stretch, spare):
    """Return the distance of the outer from the inner polygon, each player's payoffs as shares of the range."""
    count, inner = state[4][CORNERS], other[4][CORNERS]
    if inner == 0:
        return 0.0 if count == 0 else np.inf
    w, v = spare[0], np.empty((2, inner))
    for i in range(2):
        w[i, :count] = state[2][i, :count] * stretch[i]
        v[i, :inner] = other[2][i, :inner] * stretch[i]
    return max(excess(w, count, v, inner), 0.0)


@kernel
def both(game, stretch, space, margin, gap, most, trace):
    """Find outer (first state of space) and inner set (second state); return (code, steps, gap)."""
    (state, clouds), (scout, twins), spare, guess, _, roots = space
    delta = game[4]
    slack = max(margin, SLACK / (1.0 - delta), SLACK / delta)
    least = np.empty(2)
    profiles = game[0].shape[1]
    for a in range(profiles):
        state[0][a] = a
    state[4][LIVE] = profiles
    for i in range(2):
        state[1][i] = np.inf
        for a in range(profiles):
            state[1][i] = min(state[1][i], game[2][i, a])
        for k in range(game[3].shape[1]):
            state[1][i] = min(state[1][i], game[3][i, k])
    start(game, state, clouds[0], spare)
    taken, arrived, now = outer(game, space, slack, most, least, trace)
    if state[4][CORNERS] == 0:
        scout[4][CORNERS] = 0
        return EMPTY, taken, 0.0
    copy(state, clouds[now], scout, twins[0])
    found = np.inf
    if arrived:
        steps, moved, _ = descend(game, scout, twins, -slack, spare, guess, roots, most, least)
        taken += steps
        if moved <= STILL or scout[4][CORNERS] == 0:
            found = distance(state, scout, stretch, spare)
            if found <= gap:
                return SOLVED, taken, found
        copy(state, clouds[now], scout, twins[0])
        start(game, scout, twins[0], spare)
        now, moved = 0, np.inf
        while moved > STILL and scout[4][CORNERS] > 0 and taken < most:
            moved = step(game, scout, twins[now], twins[1 - now], -slack, spare, least)
            now = 1 - now
            taken += 1
        if moved <= STILL or scout[4][CORNERS] == 0:
            found = distance(state, scout, stretch, spare)
            return (SOLVED if found <= gap else APART), taken, found
    scout[4][CORNERS] = 0
    return UNFINISHED, taken, np.inf


@kernel
def prepare(raw, rows, columns, fixed, delta):
    """Return the game in [0, 1], the shift and the scale of each player."""
    profiles = rows * columns
    g, kh, b = np.empty((2, profiles)), np.empty((2, profiles)), np.empty((2, profiles))
    low, scale, stretch, points = np.empty(2), np.ones(2), np.ones(2), np.empty(fixed.shape)
    factor = (1.0 - delta) / delta
    for i in range(2):
        high = -np.inf
        low[i] = np.inf
        for a in range(profiles):
            low[i], high = min(low[i], raw[i, a]), max(high, raw[i, a])
        if high > low[i]:
            scale[i] = 2.0 ** np.ceil(np.log2(high - low[i]))
            stretch[i] = scale[i] / (high - low[i])
        others, own, apart = (columns, rows, columns) if i == 0 else (rows, columns, 1)
        for o in range(others):
            first = o if i == 0 else o * columns
            best = -np.inf
            for k in range(own):
                best = max(best, raw[i, first + k * apart])
            for k in range(own):
                a = first + k * apart
                g[i, a] = (raw[i, a] - low[i]) / scale[i]
                b[i, a] = (best - low[i]) / scale[i]
                kh[i, a] = factor * ((best - raw[i, a]) / scale[i])
        for k in range(fixed.shape[1]):
            points[i, k] = (fixed[i, k] - low[i]) / scale[i]
    return (g, kh, b, points, delta), low, scale, stretch


@kernel
def write(state, raw, low, scale, vertices, marks):
    """Write a polygon in the user's units, a profile's own payoff exactly as it was given; return its size."""
    _, _, w, mark, size = state
    count = size[CORNERS]
    if count > len(marks):
        return -count
    for k in range(count):
        marks[k] = mark[k]
        for i in range(2):
            if mark[k] >= 0 and mark[k] % 8 == ALONE:
                vertices[k, i] = raw[i, mark[k] // 8]
            else:
                vertices[k, i] = low[i] + scale[i] * w[i, k]
    return count


@kernel
def one(raw, rows, columns, fixed, delta, space, settings, counts, polygons, marks, trace):
    """Solve one game: polygons (2, V, 2) outer and inner, marks (2, V), counts (2,); return (code, steps, gap).

    settings = (margin, gap, most steps). A count of -n says that V was too small for n vertices.
    """
    margin, gap, most = settings
    game, low, scale, stretch = prepare(raw, rows, columns, fixed, delta)
    code, steps, found = both(game, stretch, space, margin, gap, most, trace)
    counts[0] = write(space[0][0], raw, low, scale, polygons[0], marks[0])
    counts[1] = write(space[1][0], raw, low, scale, polygons[1], marks[1])
    return code, steps, found


@kernel
def many(raws, fixed, shapes, deltas, settings, codes, steps, gaps, counts, polygons, marks, traces):
    """Solve games one after the other in the same memory.

    raws (2, all profiles), fixed (2, all fixed points): those of all games, side by side; shapes (n, 3): rows, columns
    and fixed points of each. The rest as in `one`, with the game in front.
    """
    profiles, points = 0, 0
    for k in range(len(deltas)):
        profiles, points = max(profiles, shapes[k, 0] * shapes[k, 1]), max(points, shapes[k, 2])
    space = workspace(profiles, points)
    at, first = 0, 0
    for k in range(len(deltas)):
        rows, columns = shapes[k, 0], shapes[k, 1]
        raw, always = raws[:, at : at + rows * columns], fixed[:, first : first + shapes[k, 2]]
        at, first = at + rows * columns, first + shapes[k, 2]
        codes[k], steps[k], gaps[k] = one(
            raw, rows, columns, always, deltas[k], space, settings, counts[k], polygons[k], marks[k], traces[k]
        )
