"""What can be proven about a package: in any equilibrium at all, and of its own automaton.

Two proofs. With the payoff sets of the repeated game (`solve.public`): can the deal be played in the first month of
SOME pure public equilibrium, yes, no or undecided, at given amounts of an instrument; so the least amount lies between
the largest proven no and the smallest proven yes. And of the package's automaton: no one-shot deviation pays, in exact
ratios, with a hair more of everything than the least amounts, which sit on the edge by construction.

In the repeated game pledges and side payment count in every month in which player 0 keeps its deal action, its
audience cost in every month in which it does not; payments between the two are no part of it, so compensation is not
asked about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from negotiation._values import Floats, Value
from negotiation.calls.deliver_check import check_package, checked, lottery
from negotiation.calls.deliver_package import Package
from negotiation.calls.deliver_terms import COMMITMENT, COMPENSATION, PATIENCE, SIDE, VERIFICATION, Bench, Threat
from negotiation.games.dynamic import DynamicGame
from negotiation.games.pact import Pact
from negotiation.solve.certify import regime_certificate
from negotiation.solve.certify_automaton import Payment
from negotiation.solve.playable import Answer, playable
from negotiation.solve.public import solve_public

LOWEST_PATIENCE = 0.02
STEPS = 6
HAIR = 1e-6
Progress = Callable[[str, str], None]


@dataclass(frozen=True, eq=False)
class Certified(Value):
    """One instrument in any equilibrium: proven not enough at `no`, proven enough at `yes`; None where there is none.

    undecided: whether some amount that was tried lies between, proven neither way.
    """

    instrument: str
    no: float | None
    yes: float | None
    undecided: bool

    def words(self) -> str:
        """Return the answer in words."""
        if self.yes is None:
            return "not proven enough anywhere up to the cap" if self.no is None else f"not enough at {self.no:.4g}"
        if self.no is None:
            return f"enough at {self.yes:.4g}, the least that was tried"
        return f"not enough at {self.no:.4g}, enough at {self.yes:.4g}"


@dataclass(frozen=True, eq=False)
class Certificate(Value):
    """What was proven: `least_patience` at present pledges, each instrument, and whether the package checks exactly.

    present: can the deal be played in month one as things stand? package: None without a package, or where its payments
    leave the checker's format.
    """

    present: Answer
    least_patience: Certified
    instruments: tuple[Certified, ...]
    package: bool | None
    worst_slack: float | None


def certify(bench: Bench, package: Package | None, progress: Progress | None = None) -> Certificate:
    """Return what can be proven at the amounts of a bench, and of a package."""
    say = progress or (lambda _stage, _piece: None)
    present = deal_is_playable(bench, {})
    say("certify", "present")
    patience = _bracket(bench, PATIENCE, LOWEST_PATIENCE, bench.instrument(PATIENCE).cap, say)
    found = []
    for item in bench.instruments:
        if item.key in (COMPENSATION, PATIENCE):
            continue
        if present is Answer.PROVEN_YES:
            found.append(Certified(item.key, None, item.present, False))
        else:
            found.append(_bracket(bench, item.key, item.present, item.cap, say))
    exact = None if package is None else exactly(bench, package)
    say("certify", "package")
    worst = None if package is None else check_package(bench, package).worst.slack
    return Certificate(present, patience, tuple(found), exact, worst)


def deal_is_playable(bench: Bench, amounts: dict[str, float]) -> Answer:
    """Say whether the deal is played in the first month of some pure public equilibrium with these amounts."""
    pact = bench.pact(amounts)
    return playable(solve_public(pledged_game(pact)), pact.deal)


def pledged_game(pact: Pact) -> DynamicGame:
    """Return the repeated game with the pledges of a pact in its stage payoffs (see the module)."""
    mask = pact.mask(pact.trigger)
    stage = pact.stage.replace(payoffs=_pledged(pact, mask))
    return DynamicGame.repeated(stage, pact.discount, pact.monitoring)


def _pledged(pact: Pact, mask: Floats) -> Floats:
    row, pledges = pact.deal[0], pact.pledges
    payoffs = pact.stage.payoffs.copy()
    payoffs[0] -= pledges.row_audience_cost
    payoffs[0, row] += pledges.row_audience_cost - pledges.side_payment
    low = pact.monitoring.likelihood[row] @ mask
    payoffs[1, row] += pledges.side_payment - pledges.column_audience_cost * low
    return payoffs


def _bracket(bench: Bench, key: str, low: float, high: float, say: Progress) -> Certified:
    """Return the closest proven no and proven yes found by halving; both ends are tried first."""
    answers: dict[float, Answer] = {}

    def ask(x: float) -> Answer:
        if x not in answers:
            answers[x] = deal_is_playable(bench, {key: x})
            say("certify", f"{key} {x:.3g}")
        return answers[x]

    if ask(low) is not Answer.PROVEN_YES and ask(high) is not Answer.PROVEN_NO:
        for _ in range(STEPS):
            middle = 0.5 * (low + high)
            if ask(middle) is Answer.PROVEN_YES:
                high = middle
            else:
                low = middle
    yes = [x for x, answer in answers.items() if answer is Answer.PROVEN_YES]
    no = [x for x, answer in answers.items() if answer is Answer.PROVEN_NO]
    return Certified(key, max(no, default=None), min(yes, default=None), Answer.UNDECIDED in answers.values())


def exactly(bench: Bench, package: Package, hair: float = HAIR) -> bool | None:
    """Return whether the automaton of a package, a hair richer, holds in exact ratios; None outside the format.

    Least amounts bind by construction, so what is delivered is raised by a share `hair` of it, and the chances of the
    threat too; several such directions are tried, since more of one side's payment is less for the other.
    """
    present = bench.present
    delivered = [key for key, x in package.amounts if x > present[key]]
    response, ending = lottery(package)
    for factors in _directions(delivered, hair):
        amounts = {key: _raised(key, x, factors.get(key, 0.0)) for key, x in package.amounts}
        for more in (1 + hair, 1.0):
            chances = min(1.0, response * more), min(1.0, ending * more)
            verdict = _verdict(bench, amounts, package.threat, *chances)
            if verdict is None or verdict:
                return verdict
    return False


def _directions(delivered: list[str], hair: float) -> list[dict[str, float]]:
    """Return by how much to raise each delivered instrument: all alike, one much more than the rest, one alone.

    Also in steps: what China loses, more of what it gets in return, still more of what holds the US to that.
    """
    every = dict.fromkeys(delivered, hair)
    steps = {key: hair * {SIDE: 30.0, COMMITMENT: 900.0}.get(key, 1.0) for key in delivered}
    much = [{**every, key: 100 * hair} for key in delivered]
    return [every, steps, *much, *({key: hair} for key in delivered)]


def _raised(key: str, amount: float, share: float) -> float:
    """Return an amount raised by a share of it (patience: of what is missing to one), still inside its domain."""
    if key == PATIENCE:
        return amount + share * (1 - amount)
    return min(amount * (1 + share), 1.0) if key == VERIFICATION else amount * (1 + share)


def _verdict(bench: Bench, amounts: dict[str, float], threat: Threat, response: float, ending: float) -> bool | None:
    found = checked(bench, amounts, threat, response, ending)
    pays = amounts[COMPENSATION]
    if pays and (response or ending):
        return None  # what follows a payment is a lottery, which the format does not know
    pact = bench.pact(amounts)
    game = DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)
    payments = (Payment(1, pays, 0, found.automaton.n_states - 1),) if pays else ()
    _, verdict = regime_certificate(game, found.automaton, payments=payments)
    return verdict.holds
