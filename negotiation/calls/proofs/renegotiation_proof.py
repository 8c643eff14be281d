"""Which regimes of a call outcome are weakly renegotiation-proof: nobody would call again to skip a punishment.

A regime passes on the path when no continuation that occurs while everybody keeps to it (false alarms included) is
strictly better for both than another; it passes fully when that also holds after deviations (Farrell, Maskin 1989).
Mutual reversion passes neither way, since both prefer the deal; a snapback, in which the punisher gains, may.
"""

from __future__ import annotations

from dataclasses import dataclass

from negotiation._values import Value
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.solve.renegotiation.weakly_proof import renegotiation_check
from negotiation.trade.game.repeated_game import repeated_game


@dataclass(frozen=True, eq=False, kw_only=True)
class RegimeProof(Value):
    """One regime: does it hold as an equilibrium, and is it weakly renegotiation-proof on the path and fully.

    broken: which continuation everybody would rather have, where the full condition fails; empty where it passes.
    """

    regime: str
    label: str
    trigger_rule: str
    holds: bool
    on_path: bool
    fully: bool
    broken: str


def renegotiation_proofs(outcome: Outcome) -> tuple[RegimeProof, ...]:
    """Return the verdict on every regime of an outcome, in the order of its regimes."""
    pact = outcome.game.pact
    game = repeated_game(pact)
    proofs = []
    for regime in outcome.regimes:
        check = renegotiation_check(game, regime.automaton)
        worst = check.on_path or check.anywhere
        proofs.append(
            RegimeProof(
                regime=regime.key,
                label=regime.label,
                trigger_rule=regime.trigger_rule,
                holds=regime.holds,
                on_path=check.passes_on_path,
                fully=check.passes,
                broken="" if worst is None else worst.sentence(),
            )
        )
    return tuple(proofs)
