"""A package as an automaton of three states, checked by one-shot deviations, state by state.

After a low month in good standing, or in a month of the response, player 1 pays the compensation or leaves for the
punishment; then a public lottery starts the response or ends the deal. Any other action of player 0 is an exit and
leads to the punishment.
"""

from collections.abc import Mapping

import numpy as np

from negotiation.calls.agreement.instruments import (
    AUDIENCE,
    COMMITMENT,
    COMPENSATION,
    INSTRUMENT_PATHS,
    PATIENCE,
    SIDE,
    VERIFICATION,
    AgreementProblem,
)
from negotiation.calls.agreement.packages import Package
from negotiation.games.automaton import Automaton
from negotiation.solve.automata.pact_checks import pact_check, pact_values
from negotiation.solve.regimes.withheld_shares import ShareDeviation, best_share
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change

STATES = ("good standing", "response", "war")
CHANCE_EXCESS = 1e-7  # by which rounding may leave a chance above 1: larger ones are errors of the design


def package_slack(problem: AgreementProblem, package: Package, delivered: Mapping[str, float] | None = None) -> float:
    """Return the least slack of a one-shot deviation from a package's automaton, and of leaving instead of paying.

    delivered: amounts in the place of the package's own, with its threat as it is.
    """
    amounts = delivered or package.amounts
    pact, automaton = problem.pact(amounts), package_automaton(problem, package, amounts)
    check = pact_check(pact, automaton)
    after_low = automaton.transition[0, pact.mask(pact.trigger).argmax()]
    stake = pact.discount * float(after_low @ check.values[:, 1] - check.values[-1, 1])
    return min(check.worst.slack, stake - (1 - pact.discount) * amounts[COMPENSATION])


def package_share(problem: AgreementProblem, package: Package) -> ShareDeviation | None:
    """Return the unlisted share that gains player 1 most in any state of a package's automaton; None without shares."""
    amounts = package.amounts
    verified = [Change(INSTRUMENT_PATHS[VERIFICATION], "set", amounts[VERIFICATION])] if VERIFICATION in amounts else []
    pact = problem.pact(amounts).replace(fine=build_pact(problem.scenario.after(verified)).fine)
    automaton = package_automaton(problem, package)
    values = pact_values(pact, automaton)
    standing = np.arange(automaton.n_states) < automaton.n_states - 1
    due = standing * (amounts[AUDIENCE] + amounts[COMPENSATION])
    return best_share(pact, automaton, values, np.outer(due, pact.mask(pact.trigger)))


def package_automaton(
    problem: AgreementProblem, package: Package, delivered: Mapping[str, float] | None = None
) -> Automaton:
    """Return the automaton of a package, `delivered` in the place of its amounts; a state that is not reached is left
    out.
    """
    amounts, threat = delivered or package.amounts, package.threat
    response, ending = punishment_chances(package)
    pact = problem.pact(amounts)
    mask, last = pact.mask(pact.trigger), 2 if response else 1
    after_low = np.array([1 - response - ending, response, ending] if response else [1 - ending, ending])
    rows = [pact.deal[0]] if threat.row is None or not response else [pact.deal[0], threat.row]
    transition = np.zeros((last + 1, pact.monitoring.n_signals, last + 1))
    adjustments = np.zeros((last + 1, 2, *pact.stage.shape))
    for state, row in enumerate(rows):
        transition[state] = np.outer(mask, after_low)
        transition[state, :, 0] += 1 - mask
        # what pledges and payments add in a month in which player 0 should play `row`
        low = pact.monitoring.likelihood[row] @ mask
        adjustments[state, 0] = -amounts[COMMITMENT]
        adjustments[state, 0, row] = pact.pledges.compensation_efficiency * amounts[COMPENSATION] * low - amounts[SIDE]
        adjustments[state, 1, row] = amounts[SIDE] - (amounts[AUDIENCE] + amounts[COMPENSATION]) * low
    transition[last, :, last] = 1
    names = STATES if response else (STATES[0], STATES[2])
    actions = np.array([*((row, pact.deal[1]) for row in rows), pact.punishment])
    return Automaton(names, actions, transition, np.array([[last, -1]] * (last + 1)), adjustments)


def punishment_chances(package: Package) -> tuple[float, float]:
    """Return the chances of the response and of the end after a low month that give a package its stake."""
    if package.stake <= 0:
        return 0.0, 0.0
    d = package.amounts[PATIENCE]
    if package.threat.row is not None:
        return _chance(package.stake / (d * package.threat.loss)), 0.0
    return 0.0, _chance(package.stake * (1 - d) / (d * (package.values[1] + package.threat.loss)))


def _chance(number: float) -> float:
    """Return a chance that rounding may have left a hair above one."""
    return min(number, 1.0) if number < 1 + CHANCE_EXCESS else number
