"""Proofs that no share player 1 could withhold pays: for every share of the continuum, in every state of an automaton.

Cells of shares on which the bound of `share_conditions` exceeds the tolerance are halved. Values and slopes come from
`FineGrid.enclosure`, rounded outwards to multiples of 2^-50, as the certificate writes them.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats, Value
from negotiation.games import Automaton, DynamicGame
from negotiation.games.pact import Enclosures, FineGrid, Pact
from negotiation.solve.certificates.binding_shares import binding_shares, borders
from negotiation.solve.certificates.encoding import UNIT, certificate, fixed_point, ratio_text
from negotiation.solve.certificates.share_conditions import Conditions, share_conditions
from negotiation.verify.checker import CertificateVerdict, check

GAIN_TOLERANCE = 1e-9  # in the game's unit
LEAST_TOLERANCE = 1e-12  # of player 1's largest payoff; what doubles lose of it may reach a tenth of that
MOST_CELLS = 4000  # looked at before the rest is given up as open; the default scenario needs some 50
PROVEN, BROKEN, OPEN = "proven", "broken", "open"


class StateProof(Value):
    """What is proven of one automaton state.

    answer: "proven" (no share gains more than the tolerance), "broken" (withholding `share` gains more, which is proven
    too) or "open" (neither, with the cells allowed). bound: no share gains more than this, proven. share: the best one
    that is not prescribed, a peak of the gain (1e-9 stands for the least that can be withheld, where 0 is prescribed);
    the prescribed one where there is no other peak (`prescribed`). gain: what `share` gains, at least this where
    "broken"; in the game's unit, in the money of the month.
    """

    state: str
    answer: str
    bound: float
    share: float
    prescribed: bool
    gain: float


class EveryShareProof(Value):
    """What is proven for every share in [0, 1], state by state; cells: how many cover them.

    tolerance: in the game's unit, at least 1e-12 of player 1's largest payoff.

    Where the punishment prescribes player 1's own best share, its largest gain is 0: that it stays below 0 could not
    be proven, so there is a tolerance.
    """

    tolerance: float
    states: tuple[StateProof, ...]
    cells: int

    @property
    def holds(self) -> bool | None:
        """Whether no share pays in any state: None where that is open."""
        answers = {each.answer for each in self.states}
        return False if BROKEN in answers else None if OPEN in answers else True

    @property
    def binding(self) -> StateProof:
        """The state in which a share that is not prescribed comes nearest to paying."""
        return max(self.states, key=lambda each: (each.answer == BROKEN, not each.prescribed, each.gain))


def every_share_proof(
    pact: Pact, automaton: Automaton, charges: Floats, tolerance: float = GAIN_TOLERANCE
) -> EveryShareProof | None:
    """Return what is proven of every share in every state; None where the pact has no enclosures.

    charges: (W, Y), what player 1 pays in a state after a signal (audience cost, compensation), as the automaton's
    adjustments for listed actions have it. Raises `InputError` when the automaton does not fit the pact.
    """
    if not _provable(pact):
        return None
    conditions = share_conditions(pact, automaton, charges)
    return _proof(pact.fine, conditions, automaton.names, _discernible(tolerance, pact))[0]


def every_share_certificate(
    pact: Pact, automaton: Automaton, charges: Floats, tolerance: float = GAIN_TOLERANCE
) -> tuple[EveryShareProof, dict[str, Any], CertificateVerdict] | None:
    """Return the proof, its certificate and the checker's verdict on that; None as in `every_share_proof`."""
    if not _provable(pact):
        return None
    conditions = share_conditions(pact, automaton, charges)
    proof, low, high = _proof(pact.fine, conditions, automaton.names, _discernible(tolerance, pact))
    rows = sorted(set(conditions.rows.tolist()))
    data = certificate(
        "every share",
        DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring),
        automaton=conditions.automaton,
        charges=[[ratio_text(Fraction(each)) for each in row] for row in np.asarray(charges).tolist()],
        values=[ratio_text(value) for value in conditions.values],
        tolerance=ratio_text(Fraction(proof.tolerance)),
        bounds=[ratio_text(Fraction(min(each.bound, proof.tolerance))) for each in proof.states],
        rows=rows,
        pieces=_pieces(pact.fine, low, high, rows),
    )
    return proof, data, check(data)


def _discernible(tolerance: float, pact: Pact) -> float:
    """Return the tolerance, or what doubles can tell of the payoffs where that is more."""
    return max(tolerance, LEAST_TOLERANCE * float(np.abs(pact.stage.payoffs[1]).max()))


def _provable(pact: Pact) -> bool:
    return pact.fine is not None and pact.fine.enclosure is not None and 1 not in pact.monitoring.observed


def _proof(
    fine: FineGrid | None, conditions: Conditions, names: Sequence[str], tolerance: float
) -> tuple[EveryShareProof, Floats, Floats]:
    """Return the proof, and from where to where the cells that cover [0, 1] reach."""
    assert fine is not None
    enclosure, starts = _outwards(fine), borders(fine)
    share, prescribed = binding_shares(fine, conditions)
    lower, upper = (each[:, 0].diagonal() for each in conditions.at_ends(enclosure(share, share)))
    broken = lower > tolerance
    # 0 itself, and the pieces, cut where a share pays
    cuts = np.unique(np.concatenate([starts, share[broken], [1.0]]))
    low, high = np.append(0.0, cuts[:-1]), np.append(0.0, cuts[1:])
    closed: list[tuple[Floats, Floats, Floats]] = []
    looked_at = 0
    while len(low):
        bounds = enclosure(low, high)
        # where a piece begins, the lower end of a cell is a limit; elsewhere it is a share that can be withheld
        reached = np.where(np.isin(low, starts)[:, None], -np.inf, conditions.at_ends(bounds)[0][:, 0])
        exceeds = reached.max(axis=0) > np.where(broken, np.inf, tolerance)
        share, lower = (
            np.where(exceeds, better, old)
            for better, old in ((low[reached.argmax(axis=0)], share), (reached.max(axis=0), lower))
        )
        broken = broken | exceeds
        most, looked_at = conditions.within(bounds, high - low), looked_at + len(low)
        done = (most <= np.where(broken, np.inf, tolerance)).all(axis=1) | (looked_at > MOST_CELLS)
        closed.append((low[done], high[done], most[done]))
        low, high = low[~done], high[~done]
        middle = (low + high) / 2
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    low, high, most = (np.concatenate(parts) for parts in zip(*closed, strict=True))
    bound, order = most.max(axis=0), np.lexsort((high, low))
    answers = np.where(broken, BROKEN, np.where(bound <= tolerance, PROVEN, OPEN))
    gains = np.where(broken, lower, (lower + upper) / 2)
    states = tuple(
        StateProof(
            name,
            str(answers[n]),
            float(bound[n]),
            float(share[n]),
            bool(prescribed[n] and not broken[n]),
            gain=float(gains[n]),
        )
        for name, n in zip(names, conditions.place, strict=True)
    )
    return EveryShareProof(tolerance, states, len(low)), low[order], high[order]


def _outwards(fine: FineGrid) -> Callable[[Floats, Floats], Enclosures]:
    """Return the enclosure with its bounds rounded outwards to what the certificate writes."""
    assert fine.enclosure is not None
    enclosure = fine.enclosure

    def rounded(low: Floats, high: Floats) -> Enclosures:
        scaled = (each * UNIT for each in enclosure(low, high))
        return Enclosures(*(np.stack([np.floor(x[..., 0]), np.ceil(x[..., 1])], axis=-1) / UNIT for x in scaled))

    return rounded


def _pieces(fine: FineGrid | None, low: Floats, high: Floats, rows: list[int]) -> list[dict[str, Any]]:
    """Return the cells as the certificate has them: piece by piece their ends, and bounds as integers over 2^50."""
    assert fine is not None
    bounds, pieces = _outwards(fine)(low, high), []
    begins = np.flatnonzero(np.isin(low, borders(fine)))
    for start, stop in zip(begins, [*begins[1:], len(low)], strict=True):
        # 0 alone has one end and no slope
        cells, single = slice(start, stop), low[start] == high[start]
        inner, last = (slice(0), slice(0)) if single else (cells, slice(stop - 1, stop))
        pieces.append(
            {
                "shares": [ratio_text(Fraction(each)) for each in (*low[cells].tolist(), *high[last].tolist())],
                **{
                    name: _integers(np.concatenate([values[cells, 0], values[last, 1]]))
                    for name, values in (("payoffs", bounds.payoffs[:, :, rows]), ("cumulative", bounds.cumulative))
                },
                "payoff_slopes": _integers(bounds.payoff_slopes[inner][:, rows]),
                "cumulative_slopes": _integers(bounds.cumulative_slopes[inner]),
            }
        )
    return pieces


def _integers(values: Floats) -> list[Any]:
    """Return nested lists of multiples of 2^-50 as whole numbers of them."""
    return [_integers(each) for each in values] if values.ndim > 1 else fixed_point(values)
