"""A call during a punishment is renegotiation: it can undo the threat that holds the deal.

The least discount factor at which a regime holds when a call restores the pact with probability rho at the end of every
month of punishment or war (Klimenko, Ramey, Watson 2008). Free fresh starts raise the value after a breach, so the
stake shrinks and more patience is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

from negotiation._values import Value
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.regimes.search import least_discount

CHANCES = (0.0, 0.1, 0.25, 0.5)  # that a call restores the pact, a month


@dataclass(frozen=True, eq=False)
class RenegotiationEffect(Value):
    """Least discount factor of one regime for each of `CHANCES` that a call restores the pact; None where it fails."""

    regime: str
    label: str
    least_discounts: tuple[float | None, ...]


def renegotiation_effects(outcome: Outcome) -> tuple[RenegotiationEffect, ...]:
    """Return the effect of renegotiation on every trigger or payment regime of an outcome, threshold trigger."""
    pact = outcome.game.pact
    mask = pact.mask(pact.trigger)[None, :]
    return tuple(
        RenegotiationEffect(
            kind.key,
            kind.label,
            (
                outcome.regime(kind.key).least_discount,
                *(least_discount(pact, kind, mask, restore=chance) for chance in CHANCES[1:]),
            ),
        )
        for kind in regime_kinds(pact)
        if kind.form != "war"
    )
