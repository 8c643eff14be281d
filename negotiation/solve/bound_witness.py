"""Outer sets as plain data that an exact checker can verify: a chain of half-plane systems with dual multipliers.

Payoffs are normalised as in `witness`; W(c) = {v : lam_j.v <= c_j}, one polygon a state. The chain starts at `first`
with W(first) containing every stage payoff, in every state. Each link has levels `level` with the set proven so far
inside W(level), and ends at `reached`:

- a step: for every direction j and profile a of its state, some eta >= 0 has F_ja(eta; level) <= reached_j;
- a slide (`down` not None): for every t in [0, length], direction j and profile a, F_ja(eta; level - t down) <
  level_j - t down_j for some eta of its `proofs`; then reached = level - length down. Each F is affine in t if h_W is
  bounded by mu_1 c_1 + mu_2 c_2 for d = mu_1 lam_1 + mu_2 lam_2 with neighbouring directions that carry a side.

    F_ja(eta; c) = (1 - delta) lam_j.g(a) - (1 - delta) sum_k eta_k (g_i(a_k) - g_i(a)) + delta sum_z h_W(d_z),

with deviations k = (player i, other action), z the public outcomes (observed actions, signal), and d_z = rho(z | a)
lam_j + sum_k eta_k (rho(z | a) - rho(z | a_k)) e_i. A profile listed as unenforceable has multipliers eta with
sum_z h_W(sum_k eta_k (rho(z | a) - rho(z | a_k)) e_i) - (1 - delta) / delta sum_k eta_k (g_i(a_k) - g_i(a)) < 0: no
continuation in W(level - at down) enforces it. A state all of whose profiles are unenforceable has no equilibrium.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.solve.operator import Directions, Operator
from negotiation.solve.options import Options
from negotiation.solve.outer import Link, Outer, Probe, descend

CLOSE = 1e-3


def record(op: Operator, first: Outer, options: Options) -> Outer | None:
    """Prove the outer set once more, from the feasible set and in its final directions only, keeping the chain."""
    again = Outer(first.directions, first.level, first.win, first.eta, op.alive, first.empty, first.room)
    again.chain = []
    done = descend(op, again, options.gap * CLOSE, int(options.iterations))
    return again if done else None


def outer_witness(op: Operator, outer: Outer, first: Floats) -> dict[str, Any]:
    """Return the chain recorded in `outer` as plain data."""
    lines = outer.directions
    return {
        "directions": [
            {"state": int(state), "direction": [float(x), float(y)]}
            for state, (x, y) in zip(lines.at, lines.lam, strict=True)
        ],
        "first": first.tolist(),
        "links": [_link(op, lines, link) for link in outer.chain or []],
    }


def _link(op: Operator, lines: Directions, link: Link) -> dict[str, Any]:
    reached = [float(level) if np.isfinite(level) else None for level in link.reached]
    return {
        "level": link.level.tolist(),
        "down": None if link.down is None else link.down.tolist(),
        "length": float(link.length),
        "reached": reached,
        "proofs": [_proof(op, lines, probe, link.farkas) for probe in link.probes],
    }


def _proof(op: Operator, lines: Directions, probe: Probe, farkas: Floats) -> dict[str, Any]:
    inc, binding = op.inc, probe.sweep.binding
    entries = []
    for j, state in enumerate(lines.at):
        for p in range(inc.first[state], inc.first[state + 1]):
            eta = probe.sweep.eta[j, p - inc.first[state]]
            if probe.alive[p] and (eta > 0).any():
                entries.append([j, int(p - inc.first[state]), _named(op, p, eta, binding)])
    gone = np.flatnonzero(~probe.alive & ~inc.dead)
    return {
        "at": float(probe.at),
        "multipliers": entries,
        "unenforceable": [
            {
                "state": (state := int(np.searchsorted(inc.first, p, side="right") - 1)),
                "profile": int(p - inc.first[state]),
                "multipliers": _named(op, int(p), farkas[p], binding),
            }
            for p in gone
        ],
    }


def _named(op: Operator, p: int, eta: Floats, binding: Ints) -> list[list[float]]:
    """Return [player, action deviated to, multiplier] for each positive multiplier, in normalised payoffs."""
    inc = op.inc
    named = []
    for k in range(inc.nk[p]):
        if eta[k] > 0:
            member = binding[p, k]
            named.append([int(inc.who[p, k]), int(inc.member_row[member, 2]), float(eta[k])])
    return named
