"""What can be proven about a package: in any equilibrium at all, and of its own automaton, in exact ratios.

Any equilibrium is one of the game that `pact_game` makes of a pact with its pledges; compensation is no part of it, so
that is not asked about.
"""

from fractions import Fraction
from itertools import product
from operator import methodcaller

import numpy as np

from negotiation._values import Value
from negotiation.calls.agreement.automaton import package_automaton, package_slack, punishment_chances
from negotiation.calls.agreement.instruments import COMPENSATION, PATIENCE, AgreementProblem, punishments
from negotiation.calls.agreement.linear_programme import EVERY_ROW, LINEAR, optimum
from negotiation.calls.agreement.packages import COARSE, Package, package_at
from negotiation.calls.agreement.requirements import Progress, silent
from negotiation.games.dynamic import DynamicGame
from negotiation.solve.certificates.automaton import regime_certificate
from negotiation.solve.public.enforceability import Answer, enforceable_in_first_period
from negotiation.solve.public.solver import solve_public
from negotiation.solve.thresholds.claims import CanPlay
from negotiation.solve.thresholds.monotonicity import in_patience
from negotiation.solve.thresholds.threshold import threshold
from negotiation.trade.game.repeated_game import pact_game
from negotiation.verify.automaton import Payment

LOWEST_PATIENCE = 0.02  # discount factor at which the search for the least one starts: below it all is near one-shot
WIDTH = 2e-3  # how closely a least amount is enclosed, as a share of its range; half of it costs one more solved game
AMOUNTS = 5  # values judged where the claim is not known to be monotone; twice as many cost twice as many solved games
# by which share what a least package delivers, which binds by construction, may be raised before it is checked in exact
# ratios: it must stand above rounding, and what is proven is about amounts larger by up to this share
HAIR = 1e-5


class InstrumentBounds(Value):
    """One instrument in any equilibrium: the largest amount `no` proven not enough, the least `yes` proven enough.

    None where there is none. how: the whole answer in sentences, with what it rests on.
    """

    instrument: str
    no: float | None
    yes: float | None
    how: str = ""

    def words(self) -> str:
        """Return the answer in words."""
        grid = ", judged on a grid" if "grid" in self.how else ""
        if self.yes is None:
            return "proven neither way" if self.no is None else f"not enough up to {self.no:.4g}{grid}"
        if self.no is None:
            return f"enough from {self.yes:.4g} on{grid}"
        return f"not enough at {self.no:.4g}, enough from {self.yes:.4g} on{grid}"


class AgreementProof(Value):
    """What was proven: `least_patience` at present pledges, each instrument, and whether the package checks exactly.

    present: can the deal be played in month one as things stand? package: None without a package, or where its payments
    leave the checker's format.
    """

    present: Answer
    least_patience: InstrumentBounds
    instruments: tuple[InstrumentBounds, ...]
    package: bool | None
    worst_slack: float | None


def prove_requirements(
    problem: AgreementProblem, package: Package | None, progress: Progress | None = None
) -> AgreementProof:
    """Return what can be proven at the amounts of a problem, and of a package."""
    say = progress or silent
    present = deal_is_playable(problem, {})
    say("certify", "present")
    patience = _bracket(problem, PATIENCE, say, LOWEST_PATIENCE)
    bounds = []
    for key, amount in problem.present.items():
        if key not in (COMPENSATION, PATIENCE):
            enough = present is Answer.PROVEN_YES
            bounds.append(InstrumentBounds(key, None, amount) if enough else _bracket(problem, key, say, amount))
    exact = None if package is None else holds_exactly(problem, package)
    say("certify", "package")
    worst = None if package is None else package_slack(problem, package)
    return AgreementProof(present, patience, tuple(bounds), exact, worst)


def deal_is_playable(problem: AgreementProblem, amounts: dict[str, float]) -> Answer:
    """Say whether the deal is played in the first month of some pure public equilibrium with these amounts."""
    pact = problem.pact(amounts)
    return enforceable_in_first_period(solve_public(pact_game(pact)), pact.deal)


def _bracket(problem: AgreementProblem, key: str, say: Progress, low: float) -> InstrumentBounds:
    """Return the closest proven no and proven yes of one instrument from `low` to its cap, all else as at present."""

    def game_at(amount: float) -> DynamicGame:
        say("certify", f"{key} {amount:.3g}")
        return pact_game(problem.pact({key: amount}))

    high = problem.instruments[key].cap
    answer_by_amount = threshold(
        game_at,
        CanPlay(problem.pact({}).deal),
        low,
        high,
        in_patience(game_at, (low, high)) if key == PATIENCE else None,
        width=WIDTH * (high - low),
        parameter=key.replace("_", " "),
        grid=AMOUNTS,
    ).certified()
    ends = [(stretch.answer, end) for stretch in answer_by_amount.stretches for end in (stretch.low, stretch.high)]
    no = [end for answer, end in ends if answer is Answer.PROVEN_NO]
    yes = [end for answer, end in ends if answer is Answer.PROVEN_YES]
    return InstrumentBounds(key, max(no, default=None), min(yes, default=None), answer_by_amount.words())


def holds_exactly(problem: AgreementProblem, package: Package) -> bool | None:
    """Return whether the automaton of a package, a hair richer, holds in exact ratios; None outside the format.

    Least amounts bind by construction, so all that is delivered may be raised by a share `HAIR` of it, and is raised so
    that the tightest condition has most room: more of one side's payment is less for the other.
    """
    lottery, amounts = any(punishment_chances(package)), package.amounts
    if amounts[COMPENSATION] and lottery:
        return None  # what follows a payment is a lottery, which the format does not know
    richer = {
        **amounts,
        **{key: x + HAIR * (1 - x if key == PATIENCE else x) for key, x in package.used(problem).items()},
    }
    searched = {key: (min(richer[key], 1.0), amounts[key]) for key in COARSE if key in amounts}
    threatened = (0.0, 0.0 if amounts[COMPENSATION] else np.inf)
    bounds = (*((amounts[key], richer[key]) for key in LINEAR), threatened)
    for corner in product(*(dict.fromkeys(ends) for ends in searched.values())):
        at_corner = dict(zip(searched, corner, strict=True))
        pact = problem.pact(at_corner)
        for threat in punishments(pact):
            same = threat.row == package.threat.row
            solved = optimum(pact, threat, bounds, methodcaller("relaxed", EVERY_ROW)) if same else None
            if solved is not None and _certified(problem, package_at(problem, threat, at_corner, *solved)):
                return True
    return False


def _certified(problem: AgreementProblem, package: Package) -> bool:
    """Return whether the automaton of a package, without a lottery after a payment, holds in exact ratios."""
    pact, automaton = problem.pact(package.amounts), package_automaton(problem, package)
    game = DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)
    pays = package.amounts[COMPENSATION]
    payments = (Payment(1, Fraction(pays), 0, automaton.n_states - 1),) if pays else ()
    return regime_certificate(game, automaton, payments=payments)[1].holds
