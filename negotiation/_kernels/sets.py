"""Outer and inner set of one game with perfect monitoring, and of a list of games.

Outer: from the feasible set, `step` with relaxed conditions; every polygon on the way contains all equilibrium
payoffs. Where it crawls, a scout runs ahead by Newton's method and `prove` shows that nothing lies outside its guess.
Inner: from the outer set, `step` with tightened conditions, until the polygon lies within its own image up to r.
Errors of r in each step add up to r / (1 - delta) at most, so conditions tightened by more than twice that leave true
equilibria at this distance from every vertex (docs/solver-perfect.md).

Arrays as in `perfect`. Payoffs arrive raw, (2, P) with the second player's action fastest (`answer` brings them into
[0, 1] and polygons back). space, from `workspace`, holds all scratch memory and is used again for every game.
"""

import numpy as np

from negotiation._kernels.active_structure import MOST_UNKNOWNS, jump_to_fixed_point
from negotiation._kernels.answer import match_vertices, merge_vertices, prepare, write
from negotiation._kernels.bound import prove
from negotiation._kernels.compiled import kernel, lean
from negotiation._kernels.perfect import ALONE, CORNERS, LIVE, POINTS, close, step
from negotiation._kernels.polygon import clip, excess, nearest

# payoffs are in [0, 1]
STILL = 4e-16  # one-sided movement that counts as none
RELAXATION = 4e-15  # relaxation, and tightening, in units of 1 / (1 - delta) and 1 / delta
ARRIVAL = 1e-11  # an outer set that would move this far in 1 / (1 - delta) steps has arrived
JUMP, LIMIT = 1.5, 2e-9  # how far an inner set that shrinks is moved ahead, in what is left of the way, and at most
SIDES = 64  # most directions of a proof, for memory; larger polygons go without one
SCOUT_AFTER = 8  # steps before the first scout; doubled, easy games take none and hard ones start later
SOLVED, EMPTY, APART, UNFINISHED = 0, 1, 2, 3  # how a game ended


@kernel
def memory(profiles, room):
    """Return an empty state and two empty clouds."""
    whole = np.int64
    state = np.empty(profiles, whole), np.empty(2), np.empty((2, room)), np.empty(room, whole), np.zeros(3, whole)
    one = np.empty((2, room)), np.empty(room, whole), np.empty(2 * room, whole)
    two = np.empty((2, room)), np.empty(room, whole), np.empty(2 * room, whole)
    return state, (one, two)


@kernel
def workspace(profiles, fixed):
    """Return the scratch memory for games of up to this many profiles and fixed points."""
    room = 4 * profiles + fixed + SIDES
    whole = np.int64
    points, hull, ring = np.empty(2 * room, whole), np.empty(2 * room + 1, whole), np.empty((2, room + 1))
    spare = np.empty((2, room)), points, hull, ring, np.empty((6, 2)), np.zeros(room, np.bool_)
    slots = np.empty(MOST_UNKNOWNS, whole), np.empty(MOST_UNKNOWNS, whole), np.empty(MOST_UNKNOWNS, whole)
    guess = np.empty(room, whole), *slots, np.empty((SIDES, SIDES + 2))
    levels, who = (np.empty(SIDES), np.empty(SIDES)), (np.empty(SIDES, whole), np.empty(SIDES, whole))
    proof = np.empty((2, SIDES)), *levels, *who, np.empty((5, 2 * SIDES + 1)), np.empty(2 * SIDES + 1, whole)
    roots = np.empty(room + 2, np.int64)
    return memory(profiles, room), memory(profiles, room), spare, guess, proof, roots


@lean
def start(game, state, cloud, spare):
    """Let the polygon be the hull of all payoffs of live profiles and fixed points."""
    g, _, _, fixed, _ = game
    points, tag, _ = cloud
    live, size = state[0], state[4]
    made = np.int64(0)
    for k in range(fixed.shape[1]):
        points[0, made], points[1, made], tag[made] = fixed[0, k], fixed[1, k], -8
        made += 1
    for k in range(size[LIVE]):
        a = live[k]
        points[0, made], points[1, made], tag[made] = g[0, a], g[1, a], 8 * a + ALONE
        made += 1
    close(state, cloud, made, np.int64(0), spare)


@lean
def restart(state, cloud):
    """Make the vertices of the polygon the whole cloud, without owners."""
    _, _, w, mark, size = state
    points, tag, order = cloud
    for k in range(size[CORNERS]):
        points[0, k], points[1, k], tag[k], mark[k] = w[0, k], w[1, k], -8, -8
        order[k], order[size[CORNERS] + k] = k, k
    size[POINTS] = size[CORNERS]


@lean
def copy(source, cloud, target, twin):
    """Copy a state and its cloud."""
    for part in range(3):
        target[4][part] = source[4][part]
    for k in range(source[4][LIVE]):
        target[0][k] = source[0][k]
    for k in range(source[4][CORNERS]):
        target[2][0, k], target[2][1, k], target[3][k] = source[2][0, k], source[2][1, k], source[3][k]
    for k in range(source[4][POINTS]):
        twin[0][0, k], twin[0][1, k], twin[1][k] = cloud[0][0, k], cloud[0][1, k], cloud[1][k]
    for k in range(source[4][POINTS] + source[4][CORNERS]):
        twin[2][k] = cloud[2][k]
    target[1][0], target[1][1] = source[1][0], source[1][1]


@lean
def hurry(state, cloud, before, count, far, spare):
    """Move the polygon `before`, whose image is in `state`, `far` times as far as its image; likewise the threats.

    An inner set may shrink too much and still generate itself, so that it need not crawl to where it would stop.
    """
    _, u, w, _, size = state
    points, tag, _ = cloud
    for k in range(count):
        x, y = nearest(before[0, k], before[1, k], w, size[CORNERS])
        points[0, k] = before[0, k] + far * (x - before[0, k])
        points[1, k] = before[1, k] + far * (y - before[1, k])
        tag[k] = -8
    for i in range(2):
        u[i] = before[i, count] + far * (u[i] - before[i, count])
    close(state, cloud, count, np.int64(0), spare)


@lean
def descend(game, state, clouds, relax, still, spare, guess, roots, most, least):
    """Step, with Newton's method in between, until nothing moves; return (steps, movement)."""
    before, now, leap, moved = spare[3], 0, 3 if relax > 0.0 else 1, np.inf
    for taken in range(1, most + 1):
        count = remember(state, before)
        moved = step(game, state, clouds[now], clouds[1 - now], relax, spare, least)
        now = 1 - now
        if state[4][CORNERS] == 0 or moved <= still:
            return taken, moved
        if taken >= leap:
            far = JUMP / (1.0 - game[4])
            if relax < 0.0 and taken > SCOUT_AFTER and moved * far < LIMIT:
                hurry(state, clouds[now], before, count, far, spare)
            else:
                jump_to_fixed_point(game, state, clouds[now], relax, spare, guess, roots)
            leap = taken + 2 + taken // 8
    return most, moved


@lean
def remember(state, before):
    """Write down the polygon and, behind its vertices, the threats; return the number of vertices."""
    count = state[4][CORNERS]
    for i in range(2):
        for k in range(count):
            before[i, k] = state[2][i, k]
        before[i, count] = state[1][i]
    return count


@lean
def cut(state, cloud, proof, used, spare):
    """Cut the polygon by proven half-planes and raise the threats to match; forget who made the vertices."""
    lam, levels = proof[0], proof[1]
    u, w, size = state[1], state[2], state[4]
    for l in range(used):
        count = clip(lam[0, l], lam[1, l], levels[l], w, size[CORNERS], spare[0])
        for k in range(count):
            w[0, k], w[1, k] = spare[0][0, k], spare[0][1, k]
        size[CORNERS] = count
    u[0], u[1] = max(u[0], -levels[0]), max(u[1], -levels[1])
    restart(state, cloud)


@lean
def outer(game, space, relax, most, least, trace):
    """Iterate down from the feasible set; return (steps, whether it arrived, cloud in use)."""
    (state, clouds), (scout, twins), spare, guess, proof, roots = space
    size = state[4]
    start(game, state, clouds[0], spare)
    now, taken, leap = 0, 0, SCOUT_AFTER
    still = max(STILL, ARRIVAL * (1.0 - game[4]))
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
        steps, _ = descend(game, scout, twins, relax, STILL, spare, guess, roots, SCOUT_AFTER + leap // 4, least)
        taken += steps
        leap = taken + 2 + taken // 4
        if scout[4][CORNERS] == 0:
            continue
        used = prove(game, state, scout[2], scout[4][CORNERS], proof, guess[4])
        if used > 0:
            cut(state, clouds[now], proof, used, spare)
            if size[CORNERS] == 0:
                return taken, True, now
    return taken, False, now


@lean
def outer_distance(state, other, stretch, spare):
    """Return the distance of the outer from the inner polygon, each player's payoffs as shares of the range."""
    count, inner = state[4][CORNERS], other[4][CORNERS]
    if inner == 0:
        return 0.0 if count == 0 else np.inf
    w, v = spare[0], spare[3]
    for i in range(2):
        for k in range(count):
            w[i, k] = state[2][i, k] * stretch[i]
        for k in range(inner):
            v[i, k] = other[2][i, k] * stretch[i]
    return max(excess(w, count, v, inner), 0.0)


@lean
def begin(game, space):
    """Let all profiles live and the threats be the smallest best-reply payoffs."""
    state = space[0][0]
    b, fixed = game[2], game[3]
    for a in range(b.shape[1]):
        state[0][a] = a
    state[4][LIVE] = b.shape[1]
    for i in range(2):
        state[1][i] = np.inf
        for a in range(b.shape[1]):
            state[1][i] = min(state[1][i], b[i, a])
        for k in range(fixed.shape[1]):
            state[1][i] = min(state[1][i], fixed[i, k])


@lean
def inner(game, space, now, tight, most, gap, stretch, least):
    """Find a set (the second state) that generates itself; return (steps, distance), infinite when none was found.

    First from the outer set with Newton's method, then from all payoffs by plain steps.
    """
    (state, clouds), (scout, twins), spare, guess, _, roots = space
    still = max(STILL, 0.25 * (1.0 - game[4]) * tight)
    copy(state, clouds[now], scout, twins[0])
    taken, moved = descend(game, scout, twins, -tight, still, spare, guess, roots, most, least)
    if moved <= still or scout[4][CORNERS] == 0:
        distance = outer_distance(state, scout, stretch, spare)
        if distance <= gap:
            return taken, distance
    copy(state, clouds[now], scout, twins[0])
    start(game, scout, twins[0], spare)
    now, moved = 0, np.inf
    while moved > still and scout[4][CORNERS] > 0 and taken < most:
        moved = step(game, scout, twins[now], twins[1 - now], -tight, spare, least)
        now = 1 - now
        taken += 1
    if moved > still:
        scout[4][CORNERS] = 0
        return taken, np.inf
    return taken, outer_distance(state, scout, stretch, spare)


@kernel
def many(raws, fixed, shapes, deltas, settings, codes, steps, gaps, counts, polygons, marks, traces):
    """Solve games one after the other in the same memory.

    raws (2, all profiles), fixed (2, all fixed points): those of all games, side by side; shapes (n, 3): rows, columns
    and fixed points of each; settings = (margin, gap, most steps). Fills codes, steps, gaps (n,), counts (n, 2),
    polygons (n, 2, V, 2), marks (n, 2, V), outer before inner, and traces (n, T): movement of the first outer steps. A
    count of -v says that V was too small for v vertices.
    """
    margin, gap, most = settings
    profiles, points, least = np.int64(0), np.int64(0), np.empty(2)
    for k in range(len(deltas)):
        profiles, points = max(profiles, shapes[k, 0] * shapes[k, 1]), max(points, shapes[k, 2])
    space = workspace(profiles, points)
    state, scout = space[0][0], space[1][0]
    before, first = 0, 0
    for k in range(len(deltas)):
        rows, columns, delta = shapes[k, 0], shapes[k, 1], deltas[k]
        raw, always = raws[:, before : before + rows * columns], fixed[:, first : first + shapes[k, 2]]
        before, first = before + rows * columns, first + shapes[k, 2]
        game, low, scale, stretch = prepare(raw, rows, columns, always, delta)
        slack = max(margin, RELAXATION / (1.0 - delta), RELAXATION / delta)
        begin(game, space)
        steps[k], arrived, now = outer(game, space, slack, most, least, traces[k])
        scout[4][CORNERS] = 0
        codes[k], gaps[k] = UNFINISHED, np.inf
        if state[4][CORNERS] == 0:
            codes[k], gaps[k] = EMPTY, 0.0
        elif arrived:
            more, gaps[k] = inner(game, space, now, slack, most, gap, stretch, least)
            steps[k] += more
            if gaps[k] <= gap:
                codes[k] = SOLVED
            elif more < most:
                codes[k] = APART
        for part in (state, scout):
            part[4][CORNERS] = merge_vertices(part[2], part[3], part[4][CORNERS])
        match_vertices(state, scout)
        counts[k, 0] = write(state, raw, low, scale, polygons[k, 0], marks[k, 0])
        counts[k, 1] = write(scout, raw, low, scale, polygons[k, 1], marks[k, 1])
