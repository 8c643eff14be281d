"""What is proven of the game after a call outcome: payoffs of all its equilibria, not only of simple regimes.

Bounds of a set speak of pure public strategies with public randomisation. The selected regime is checked in exact
ratios; with `certify` so are the sets, and the patience that the deal needs is enclosed.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats, Value
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.stage_game import BargainingPoint, analyse_stage, bargaining_points
from negotiation.calls.proofs.benchmarks import RegimeValue, TransferBenchmark, institution_value, transfer_benchmark
from negotiation.games.automaton import Automaton
from negotiation.games.dynamic import DynamicGame
from negotiation.games.solution import Solution
from negotiation.solve.certificates.automaton import regime_certificate
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.certificates.every_share import every_share_certificate
from negotiation.solve.public.enforceability import Answer, enforceable_in_first_period
from negotiation.solve.public.solver import solve_public
from negotiation.solve.regimes.analysis import standing_charges
from negotiation.solve.regimes.kinds import payment_automaton
from negotiation.solve.renegotiation.weakly_proof import renegotiation_check
from negotiation.solve.thresholds.claims import CanPlay
from negotiation.solve.thresholds.monotonicity import in_patience
from negotiation.solve.thresholds.threshold import Threshold, threshold
from negotiation.trade.game.repeated_game import pact_game, repeated_game
from negotiation.verify.automaton import Payment
from negotiation.verify.checker import CertificateVerdict

JOINT = np.array([1.0, 1.0])  # weights of the joint payoff
PATIENCE_RANGE = (0.05, 0.995)  # the least discount factor is looked for in between; closer to 1 sets take minutes
PATIENCE_WIDTH = 0.01  # bounds the stretch between proven no and proven yes; half of it costs one more solved game
UPWARDS = 1.0 + 1e-9  # a payment that makes a condition bind is rounded up, so that rounding cannot break it


class RegimeProof(Value, kw_only=True):
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


class ProvenOutcome(Value, kw_only=True):
    """The game after one call outcome, solved.

    outcome: its name. solution: inner and outer payoff sets of every state; play starts in the first. first_month:
    whether some equilibrium starts with the deal. regime, regime_certificate: the exact check of the selected regime.
    bargaining: points on the frontier of the inner set. institution: how much of the frontier each simple regime
    attains. transfers: compensation against the best that voluntary payments can do. negotiable: which regimes are
    weakly renegotiation-proof. shares, shares_certificate: the exact check that no share at all pays where the selected
    regime holds, None where that is not asked or nothing encloses the shares. patience: discount factors at which the
    deal can be played first, None unless asked for.
    """

    outcome: str
    solution: Solution
    first_month: Answer
    regime: CertificateVerdict
    regime_certificate: Mapping[str, Any]
    bargaining: tuple[BargainingPoint, ...]
    institution: tuple[RegimeValue, ...]
    transfers: TransferBenchmark
    negotiable: tuple[RegimeProof, ...]
    shares: CertificateVerdict | None = None
    shares_certificate: Mapping[str, Any] | None = None
    patience: Threshold | None = None

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Vertices (V, 2) of the inner and of the outer set of the state in which play starts, in the game's unit."""
        return self.solution.inner[0].vertices, self.solution.outer[0].vertices

    @property
    def best_joint(self) -> tuple[float, float]:
        """Largest joint payoff: some equilibrium gives the first number, none more than the second."""
        return self.solution.inner[0].support(JOINT), self.solution.outer[0].support(JOINT)

    @property
    def checked(self) -> bool:
        """Whether the sets were checked in exact arithmetic."""
        return self.solution.certificate is not None


def prove(outcome: Outcome, certify: bool = False) -> ProvenOutcome:
    """Return what is proven of one call outcome; `certify` adds seconds of exact checks and thresholds."""
    pact = outcome.game.pact
    game = pact_game(pact)
    solution = solve_public(game)
    if certify:  # first, so that everything below speaks of the sets that are proven
        solution = with_certificate(solution)
    proof, verdict = regime_proof(outcome)
    shares, shares_certificate = share_proof(outcome)
    proven = ProvenOutcome(
        outcome=outcome.call.name,
        solution=solution,
        first_month=enforceable_in_first_period(solution, pact.deal),
        regime=verdict,
        regime_certificate=proof,
        bargaining=bargaining_points(analyse_stage(pact.stage), solution.inner[0]),
        institution=institution_value(outcome, solution),
        transfers=transfer_benchmark(outcome),
        negotiable=renegotiation_proofs(outcome),
        shares=shares,
        shares_certificate=shares_certificate,
    )
    return proven.replace(patience=patience_threshold(game, outcome)) if certify else proven


def prove_all(outcomes: Iterable[Outcome], certify: bool, progress: Callable[[str], None]) -> tuple[ProvenOutcome, ...]:
    """Return what is proven of several call outcomes, in order; progress: called with the name of each when done.

    Nothing where delays last: payoff sets and exact checks are those of months that are drawn anew.
    """
    proven = []
    for outcome in outcomes:
        if outcome.game.pact.delays is not None:
            continue
        proven.append(prove(outcome, certify))
        progress(outcome.call.name)
    return tuple(proven)


def regime_proof(outcome: Outcome) -> tuple[dict[str, Any], CertificateVerdict]:
    """Return the certificate of the selected regime and the exact checker's verdict on it."""
    pact, regime = outcome.game.pact, outcome.selected
    game = repeated_game(pact)
    automaton: Automaton = regime.automaton
    payments: tuple[Payment, ...] = ()
    if regime.payment:
        amount = regime.payment * UPWARDS
        automaton = payment_automaton(pact, pact.mask(regime.trigger), amount)
        payments = (Payment(1, Fraction(amount), 0, 1),)
    return regime_certificate(game, automaton, None, payments)


def share_proof(outcome: Outcome) -> tuple[CertificateVerdict | None, Mapping[str, Any] | None]:
    """Return the exact checker's verdict that no share pays under the selected regime, and what it checked; else None.

    Only where the deal holds, any share may be chosen, and bounds on payoffs and signals are known.
    """
    pact, regime = outcome.game.pact, outcome.selected
    if outcome.proof is None:
        return None, None
    charges = standing_charges(pact, regime.automaton, pact.mask(regime.trigger), regime.payment)
    proof = every_share_certificate(pact, regime.automaton, charges)
    return (None, None) if proof is None else (proof[2], proof[1])


def patience_threshold(game: DynamicGame, outcome: Outcome) -> Threshold:
    """Return at which discount factors some equilibrium starts with the deal, proven at both ends."""

    def game_at(discount: float) -> DynamicGame:
        return game.replace(discount=discount, exact_discount=None)

    low, high = PATIENCE_RANGE
    monotone = in_patience(game_at, [low, 0.5, high])
    claim = CanPlay(outcome.game.pact.deal)
    return threshold(
        game_at, claim, low, high, monotone, width=PATIENCE_WIDTH, parameter="the discount factor"
    ).certified()


def renegotiation_proofs(outcome: Outcome) -> tuple[RegimeProof, ...]:
    """Return which regimes of an outcome nobody would call again to skip a punishment of, in their order.

    A regime passes on the path when no continuation that occurs while everybody keeps to it (false alarms included) is
    strictly better for both than another, and fully when that also holds after deviations (Farrell, Maskin 1989).
    """
    game = repeated_game(outcome.game.pact)
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
                on_path=check.on_path is None,
                fully=check.anywhere is None,
                broken="" if worst is None else worst.sentence(),
            )
        )
    return tuple(proofs)
