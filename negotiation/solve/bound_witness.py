"""Outer sets as plain data that an exact checker can verify: a chain of half-plane systems with dual multipliers.

Payoffs are normalised as in `witness`; W(c) = {v : lam_j.v <= c_j}, one polygon a state. The chain starts at `first`
with W(first) containing every stage payoff, in every state. Each link has levels `level` with the set proven so far
inside W(level), and ends at `reached`:

- a step: for every direction j and profile a of its state, some eta >= 0 has F_ja(eta; level) <= reached_j;
- a slide (`down` not None): for every t in [0, length], direction j and profile a, F_ja(eta; level - t down) <
  level_j - t down_j for some eta of its `proofs`; then reached = level - length down. Each F is affine in t: h_W(d) is
  bounded by mu_1 c_1 + mu_2 c_2 for d = mu_1 lam_1 + mu_2 lam_2 with neighbouring directions among `sides`.

    F_ja(eta; c) = (1 - delta) lam_j.g(a) - (1 - delta) sum_k eta_k (g_i(a_k) - g_i(a)) + delta sum_z h_W(d_z),

with deviations k = (player i, other action), z the public outcomes (observed actions, signal), and d_z = rho(z | a)
lam_j + sum_k eta_k (rho(z | a) - rho(z | a_k)) e_i. A profile listed as unenforceable has multipliers eta with
F(eta; level - at down) < 0 for lam = 0: no continuation enforces it. A state all of whose profiles are unenforceable
has no equilibrium. Mathematics and format: docs/certificates.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.games import DynamicGame
from negotiation.solve.certify_data import STEP, whole
from negotiation.solve.incentives import Incentives
from negotiation.solve.operator import Directions, Operator
from negotiation.solve.options import Options
from negotiation.solve.outer import Link, Outer, descend

CLOSE = 1e-3
ABOVE = 4e-15
NEAR = 8  # in 2^-50: what rounding can lift a proven level

Named = list[list[int]]


def coarse(directions: Directions) -> Directions:
    """Return the directions rounded to multiples of 2^-50, as a certificate holds them."""
    return Directions(np.round(directions.lam * STEP) / STEP, directions.at, directions.start)


def record(op: Operator, first: Outer, options: Options) -> Outer | None:
    """Prove the outer set once more, from the feasible set and in its final directions only, keeping the chain."""
    again = Outer(first.directions, first.level, first.win, first.eta, op.alive, first.empty, first.room)
    again.chain = []
    done = descend(op, again, options.gap * CLOSE, int(options.iterations))
    return again if done else None


def sides(lines: Directions, level: Floats) -> list[int]:
    """Return the directions that carry a side of their polygon, or close a gap between two that do."""
    return [int(j) for j in np.flatnonzero(lines.used(lines.polygons(level)))]


def outer_witness(op: Operator, outer: Outer, first: Floats, never: dict[int, Named]) -> dict[str, Any]:
    """Return the chain recorded in `outer` as plain data; its directions must be `coarse`."""
    lines = outer.directions
    ruled_out: set[int] = set()
    held, links = whole(first, up=True), []
    for link in outer.chain or []:
        links.append(_link(op, lines, link, held, ruled_out, never))
        held = [c if end is None else min(c, end) for c, end in zip(held, links[-1]["reached"], strict=True)]
    return {
        "directions": [[int(state), *whole(lam)] for state, lam in zip(lines.at, lines.lam, strict=True)],
        "first": whole(first, up=True),
        "links": links,
        "sides": sides(lines, outer.level),
    }


def _link(
    op: Operator, lines: Directions, link: Link, held: list[int], ruled_out: set[int], never: dict[int, Named]
) -> dict[str, Any]:
    used = sides(lines, link.level)
    level = link.level + ABOVE  # levels that carry no side stand a little higher, so that rounding cannot matter
    level[used] = link.level[used]
    start = [proven if 0 < proven - c < NEAR else c for c, proven in zip(whole(level, up=True), held, strict=True)]
    early = _ruled_out(link, ruled_out)
    length = whole(np.array([link.length]), up=False)[0]
    if link.down is None:
        down, reached = None, [int(np.ceil(x * STEP)) if np.isfinite(x) else None for x in link.reached]
    else:
        down = whole(link.down)
        reached = [c - (length * u >> 50) for c, u in zip(start, down, strict=True)]
    return {
        "sides": used,
        "level": start,
        "down": down,
        "length": length,
        "reached": reached,
        "proofs": [_proof(op, lines, link, number, early, never) for number in range(len(link.probes))],
    }


def _ruled_out(link: Link, ruled_out: set[int]) -> dict[int, int]:
    """Return which profiles the link newly shows unenforceable, each with the earliest probe that does."""
    found: dict[int, int] = {}
    for number in sorted(range(len(link.probes)), key=lambda at: -link.probes[at].at):
        probe = link.probes[number]
        if probe.at <= link.length:
            found.update((int(p), number) for p in np.flatnonzero(~probe.alive) if int(p) not in ruled_out)
    ruled_out.update(p for p, number in found.items() if link.down is None or link.probes[number].at <= link.length)
    return found


def _proof(
    op: Operator, lines: Directions, link: Link, number: int, early: dict[int, int], never: dict[int, Named]
) -> dict[str, Any]:
    inc, probe = op.inc, link.probes[number]
    entries = []
    for j, state in enumerate(lines.at):
        for p in range(inc.first[state], inc.first[state + 1]):
            named = multipliers(op, p, probe.sweep.eta[j, p - inc.first[state]], probe.sweep.binding)
            if probe.alive[p] and named:
                entries.append([j, int(p - inc.first[state]), named])
    proof: dict[str, Any] = {"at": whole(np.array([probe.at]), up=True)[0], "multipliers": entries}
    proof["unenforceable"] = [
        [state := int(np.searchsorted(inc.first, p, side="right") - 1), int(p - inc.first[state]), named]
        for p, at in sorted(early.items())
        if at == number and (named := never.get(p) or multipliers(op, p, link.farkas[p], probe.sweep.binding))
    ]
    if probe.at > 0 and link.down is not None and proof["unenforceable"]:
        proof["sides"] = sides(lines, link.level - probe.at * link.down)
    return proof


def never_deterred(game: DynamicGame, inc: Incentives) -> dict[int, Named]:
    """Return for each dead profile multiplier 1 on a gainful deviation that moves no public outcome."""
    found: dict[int, Named] = {}
    for p in np.flatnonzero(inc.dead):
        state = int(np.searchsorted(inc.first, p, side="right") - 1)
        stage, seen = game.stages[state], game.monitoring[state]
        own = (int(inc.profiles[p][0]), int(inc.profiles[p][1]))
        for player in {0, 1}.difference(seen.observed):
            for action in range(stage.shape[player]):
                to = (action, own[1]) if player == 0 else (own[0], action)
                hidden = np.array_equal(seen.likelihood[to], seen.likelihood[own])
                if hidden and stage.payoffs[player][to] > stage.payoffs[player][own]:
                    found[int(p)] = [[player, action, int(STEP)]]
    return found


def multipliers(op: Operator, p: int, eta: Floats, binding: Ints) -> Named:
    """Return [player, action deviated to, multiplier over 2^50] for each positive multiplier."""
    inc = op.inc
    weights = [(k, round(float(eta[k]) * STEP)) for k in range(inc.nk[p])]
    return [[int(inc.who[p, k]), int(inc.member_row[binding[p, k], 2]), weight] for k, weight in weights if weight > 0]
