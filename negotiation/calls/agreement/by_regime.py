"""The least of each instrument under each named simple regime, with its integer lengths and its own conditions.

The packages of `packages` mix all threats by public lottery. A named regime is what a negotiator would write
down; it needs at least as much of an instrument where its threat is among them, at times less where it punishes longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from negotiation._values import Value
from negotiation.calls.agreement.instruments import COMPENSATION, AgreementProblem, Instrument
from negotiation.calls.agreement.packages import least_by_halving
from negotiation.solve.regimes.kinds import RegimeKind, regime_kinds
from negotiation.solve.regimes.search import TOLERANCE, margins

# as `packages.SCAN` and `HALVINGS`: a step here is one regime at one amount, which is cheaper than a programme
REGIME_SCAN, REGIME_HALVINGS = 7, 30


@dataclass(frozen=True, eq=False)
class RegimeRequirement(Value):
    """What one regime needs: the least amount of each instrument alone, None where its cap is not enough.

    margin: room left as things stand, in the game's unit per month; at least 0 where nothing is needed.
    """

    regime: str
    label: str
    margin: float
    amounts: tuple[tuple[str, float | None], ...]

    @property
    def holds_now(self) -> bool:
        """Whether the regime holds with nothing delivered."""
        return self.margin >= -TOLERANCE


def regime_requirements(problem: AgreementProblem) -> tuple[RegimeRequirement, ...]:
    """Return what every regime with a trigger or a payment needs of each instrument."""
    kinds = [kind for kind in regime_kinds(problem.pact({})) if kind.form != "war"]
    return tuple(_requirement(problem, kind) for kind in kinds)


def _requirement(problem: AgreementProblem, kind: RegimeKind) -> RegimeRequirement:
    # a compensation clause is this regime itself: its cap is always in force
    clause = {COMPENSATION: problem.instrument(COMPENSATION).cap} if kind.form == "payment" else {}
    margin = _margin(problem, kind, clause)
    instruments = [instrument for instrument in problem.instruments if instrument.key != COMPENSATION]
    amounts = tuple((instrument.key, _least(problem, kind, instrument, clause, margin)) for instrument in instruments)
    return RegimeRequirement(kind.key, kind.label, margin, amounts)


def _margin(problem: AgreementProblem, kind: RegimeKind, amounts: Mapping[str, float]) -> float:
    pact = problem.pact(amounts)
    return float(margins(pact, kind, pact.mask(pact.trigger)[None, :], np.array([pact.discount])).max())


def _least(
    problem: AgreementProblem, kind: RegimeKind, instrument: Instrument, clause: Mapping[str, float], margin: float
) -> float | None:
    if margin >= -TOLERANCE:
        return instrument.present

    def enough(amount: float) -> float | None:
        return amount if _margin(problem, kind, {**clause, instrument.key: amount}) >= -TOLERANCE else None

    return least_by_halving(
        instrument.present, instrument.cap, enough, REGIME_SCAN, halvings=REGIME_HALVINGS, close_enough=0.0
    )
