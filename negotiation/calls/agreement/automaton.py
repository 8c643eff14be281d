"""A package as an automaton, checked by one-shot deviations: what the programme promises, shown state by state.

States: good standing, a month of the smallest response, war. After a low month in either of the first two player 1 pays
the compensation, then a public lottery starts the response or ends the deal, as the package's threat asks. Pledges,
side payment and compensation count in good standing and in a month of the response, which is part of the deal; any
other action of player 0 is an exit that is seen, costs it its audience cost, and leads to war.
Player 1 may leave the deal, for war, after any low month rather than pay and bear what follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from negotiation._values import Floats, Value
from negotiation.calls.agreement.instruments import (
    AUDIENCE,
    COMMITMENT,
    COMPENSATION,
    PATHS,
    PATIENCE,
    SIDE,
    VERIFICATION,
    AgreementProblem,
    Punishment,
)
from negotiation.calls.agreement.packages import Package
from negotiation.games.automaton import Automaton
from negotiation.games.pact import Pact
from negotiation.solve.automata.one_shot_deviations import Slack, automaton_values, check_automaton
from negotiation.solve.regimes.withheld_shares import ShareDeviation, best_share
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change

STATES = ("good standing", "response", "war")
LEAVE = "leave the deal after a low month"
CHANCE_EXCESS = 1e-7  # by which rounding may leave a chance above 1: larger ones are errors of the design


@dataclass(frozen=True, eq=False)
class PackageAutomaton(Value):
    """A package's automaton: its `values` in good standing (2,), every one-shot deviation in a state that can
    be reached, and the lottery used.

    response, ending: chances after a low month that the response starts, and that the deal ends.
    """

    values: tuple[float, ...]
    slacks: tuple[Slack, ...]
    response: float
    ending: float
    automaton: Automaton

    @property
    def worst(self) -> Slack:
        """The deviation with the smallest slack."""
        return min(self.slacks, key=lambda slack: slack.slack)


def package_automaton(problem: AgreementProblem, package: Package) -> PackageAutomaton:
    """Return the automaton of a package with every one-shot deviation."""
    return automaton_with_lottery(problem, dict(package.amounts), package.threat, *punishment_chances(package))


def package_share(problem: AgreementProblem, package: Package) -> ShareDeviation | None:
    """Return the unlisted share that gains player 1 most in any state of a package's automaton; None without shares."""
    amounts = dict(package.amounts)
    verified = [Change(PATHS[VERIFICATION], "set", amounts[VERIFICATION])] if VERIFICATION in amounts else []
    pact = problem.pact(amounts).replace(fine=build_pact(problem.scenario.after(verified)).fine)
    automaton = package_automaton(problem, package).automaton
    values = automaton_values(pact.stage, pact.monitoring, pact.discount, automaton)
    standing = np.arange(automaton.n_states) < automaton.n_states - 1
    due = standing * (amounts[AUDIENCE] + amounts[COMPENSATION])
    return best_share(pact, automaton, values, np.outer(due, pact.mask(pact.trigger)))


def automaton_with_lottery(
    problem: AgreementProblem, amounts: Mapping[str, float], threat: Punishment, response: float, ending: float
) -> PackageAutomaton:
    """Return the automaton with these amounts, and these chances that a low month is followed by the threat."""
    pact = problem.pact(amounts)
    d, payment = pact.discount, amounts[COMPENSATION]
    after_low = np.array([1 - response - ending, response, ending])
    automaton = _automaton(pact, amounts, pact.punishment[0] if threat.row is None else threat.row, after_low)
    if not response:
        automaton, after_low = _without_response(automaton), after_low[[0, 2]]
    check = check_automaton(pact.stage, pact.monitoring, d, automaton)
    stake = d * float(after_low @ check.values[:, 1] - check.values[-1, 1])
    leaving = Slack(STATES[0], pact.stage.players[1], LEAVE, stake - (1 - d) * payment)
    slacks = (*check.slacks, leaving)
    return PackageAutomaton(tuple(float(value) for value in check.values[0]), slacks, response, ending, automaton)


def _automaton(pact: Pact, amounts: Mapping[str, float], row: int, after_low: Floats) -> Automaton:
    mask = pact.mask(pact.trigger)
    transition = np.zeros((3, pact.monitoring.n_signals, 3))
    for state in (0, 1):
        transition[state, :, 0] = 1 - mask
        transition[state] += np.outer(mask, after_low)
    transition[2, :, 2] = 1
    actions = np.array([pact.deal, (row, pact.deal[1]), pact.punishment])
    adjustments = np.zeros((3, 2, *pact.stage.shape))
    for state in (0, 1):
        adjustments[state] = _standing(pact, amounts, mask, int(actions[state, 0]))
    return Automaton(STATES, actions, transition, np.array([[2, -1]] * 3), adjustments)


def _without_response(automaton: Automaton) -> Automaton:
    """Return the automaton without the month of response, which is never reached."""
    states = [0, 2]
    return Automaton(
        (STATES[0], STATES[2]),
        automaton.actions[states],
        automaton.transition[np.ix_(states, range(automaton.transition.shape[1]), states)],
        np.array([[1, -1]] * 2),
        automaton.adjustments[states],
    )


def punishment_chances(package: Package) -> tuple[float, float]:
    """Return the chances of the response and of the end after a low month that give a package its stake."""
    if package.stake <= 0:
        return 0.0, 0.0
    d = package.amount(PATIENCE)
    if package.threat.row is not None:
        return _chance(package.stake / (d * package.threat.loss)), 0.0
    return 0.0, _chance(package.stake * (1 - d) / (d * (package.values[1] + package.threat.loss)))


def _chance(number: float) -> float:
    """Return a chance that rounding may have left a hair above one."""
    return min(number, 1.0) if number < 1 + CHANCE_EXCESS else number


def _standing(pact: Pact, amounts: Mapping[str, float], mask: Floats, row: int) -> Floats:
    """Return what pledges and payments add to the stage payoffs in a month in which player 0 should play `row`."""
    low = pact.monitoring.likelihood[row] @ mask
    added = np.zeros((2, *pact.stage.shape))
    added[0] = -amounts[COMMITMENT]
    added[0, row] = pact.pledges.compensation_efficiency * amounts[COMPENSATION] * low - amounts[SIDE]
    added[1, row] = amounts[SIDE] - (amounts[AUDIENCE] + amounts[COMPENSATION]) * low
    return added
