"""What must the call deliver? The least package of pledges, payments, verification and patience that enforces the deal.

Each instrument alone (with its closed form where there is one), each pair, all together at the least cost under stated
prices; who vetoes what; and, where nothing within the caps is enough, which constraint blocks and by how much.
"""

import math
from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np

from negotiation._results import Result
from negotiation._values import FrozenMap, Value
from negotiation.calls.agreement.instruments import (
    AUDIENCE,
    COMMITMENT,
    COMPENSATION,
    PATIENCE,
    SIDE,
    AgreementProblem,
    Instrument,
    agreement_problem,
)
from negotiation.calls.agreement.linear_programme import LINEAR
from negotiation.calls.agreement.packages import (
    Package,
    blocking_constraints,
    cheapest_package,
    feasible_package,
    least_by_halving,
    least_package,
    worst_package,
)
from negotiation.calls.closed_forms import primitives, reversion_discount
from negotiation.calls.enforcement import Enforcement, enforcement
from negotiation.calls.outcomes.outcome import every_regime
from negotiation.errors import InputError
from negotiation.games.pact import Pact
from negotiation.solve.regimes.kinds import RegimeKind, regime_kinds
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import TOLERANCE, regime_values
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.derived import DELAY_STAY
from negotiation.trade.scenario.scenario import Scenario

# as `packages.SCAN` and `HALVINGS`: a step here is one regime at one amount, which is cheaper than a programme
REGIME_SCAN, REGIME_HALVINGS = 7, 30
FRONTIER_POINTS = 6  # amounts of the first instrument on a frontier; each costs a search for the second
Progress = Callable[[str, str], None]


class SingleInstrument(Value):
    """One instrument by itself: the least `package`, None when its cap is not enough.

    closed_form: what permanent reversion needs on China's side (for the US commitment: on the US side); None where
    there is no formula. at_cap: what else blocks at its cap: row or cap -> by how much, by threat.
    """

    instrument: Instrument
    package: Package | None
    closed_form: float | None
    at_cap: tuple[tuple[str, str, float], ...]

    @property
    def amount(self) -> float | None:
        """The least amount, None when no amount up to the cap is enough."""
        return None if self.package is None else self.package.amounts[self.instrument.key]


class InstrumentFrontier(Value):
    """The least amount of `second` for each amount of `first`; None where its cap is not enough."""

    first: str
    second: str
    points: tuple[tuple[float, float | None], ...]


class RegimeRequirement(Value):
    """What one regime needs: the least amount of each instrument alone, None where its cap is not enough.

    margin: room left as things stand, in the game's unit per month; at least 0 where nothing is needed.
    """

    regime: str
    label: str
    margin: float
    amounts: FrozenMap[float | None]

    @property
    def holds_now(self) -> bool:
        """Whether the regime holds with nothing delivered."""
        return self.margin >= -TOLERANCE


class Veto(Value):
    """The worst package that a side still accepts: what it gets, what the punishment would give it, and what binds."""

    player: str
    value: float
    punishment: float
    package: Package


class Requirements(Result, kw_only=True):
    """The answer. now: a package with nothing delivered, None where the deal does not enforce itself as things stand.

    call: label of the outcome whose selected rule is asked, "" without one. enforcement: by which rules the deal
    enforces itself as things stand, with compensation up to its cap. needs: the least of each instrument under each
    named simple regime. together: the cheapest package within the caps, None when there is none; then `block` says what
    stands in the way.
    """

    scenario: Scenario
    problem: AgreementProblem
    call: str
    enforcement: Enforcement
    now: Package | None
    alone: tuple[SingleInstrument, ...]
    pairs: tuple[InstrumentFrontier, ...]
    needs: tuple[RegimeRequirement, ...]
    together: Package | None
    vetoes: tuple[Veto, ...]
    block: tuple[tuple[str, str, float], ...]


def requirements(
    scenario: Scenario,
    caps: Mapping[str, float] | None = None,
    prices: Mapping[str, float] | None = None,
    progress: Progress | None = None,
    pairs: bool = True,
    after: str = "",
) -> Requirements:
    """Return what a call must deliver so that the deal enforces itself; `pairs`: also the frontiers of pairs.

    after: the call outcome whose selected rule is asked, the scenario's first if left out. Raises `InputError` for
    caps, prices and instruments that make no sense (see `agreement_problem`).
    """
    say = progress or silent
    if scenario.delays_last:
        text = "what a call must deliver is computed only where a delay says nothing of the next month"
        raise InputError.single(scenario.name, DELAY_STAY, text, f"--set {DELAY_STAY}=0")
    problem = agreement_problem(scenario, caps, prices)
    now = feasible_package(problem, problem.present)
    alone = {}
    for key, instrument in problem.instruments.items():
        alone[key] = _alone(problem, instrument, now)
        say("alone", key)
    frontiers = []
    if pairs and now is None:
        for first, second in combinations(problem.instruments, 2):
            frontiers.append(_frontier(problem, first, second, alone))
            say("pairs", f"{first} and {second}")
    needs = regime_requirements(problem)
    say("together", "")
    together = cheapest_package(problem)
    asked = scenario.call(after) if after else next(iter(scenario.calls), None)
    return Requirements(
        scenario=scenario,
        problem=problem,
        call="" if asked is None else asked.label,
        enforcement=_enforcement(problem, "" if asked is None else asked.regime),
        now=now,
        alone=tuple(alone.values()),
        pairs=tuple(frontiers),
        needs=needs,
        together=together,
        vetoes=_vetoes(problem),
        block=() if together is not None else blocking_constraints(problem),
    )


def _enforcement(problem: AgreementProblem, asked: str) -> Enforcement:
    """Return by which rules the deal enforces itself; best sets of signals are tried only where nothing else holds."""
    pact = build_pact(problem.scenario)
    cap = problem.instruments[COMPENSATION].cap
    pact = pact.replace(pledges=pact.pledges.replace(compensation_cap=cap))
    by_threshold = enforcement(every_regime(problem.scenario, pact, best_sets=False), asked, pact.discount)
    if any(rule.holds for rule in by_threshold.rules):
        return by_threshold
    return enforcement(every_regime(problem.scenario, pact), asked, pact.discount)


def silent(_stage: str, _piece: str) -> None:
    """Tell nobody of progress."""


def _alone(problem: AgreementProblem, instrument: Instrument, now: Package | None) -> SingleInstrument:
    package = now if now is not None else least_package(problem, instrument.key)
    at_cap: tuple[tuple[str, str, float], ...] = ()
    if package is None:
        at_cap = blocking_constraints(problem, {**problem.present, instrument.key: instrument.cap})
    return SingleInstrument(instrument, package, closed_form(instrument.key, problem.pact({})), at_cap)


def closed_form(key: str, pact: Pact) -> float | None:
    """Return what an instrument alone must be under permanent reversion, all pledges being zero; None without formula.

    With G = g / (q - p) and D = 1 - delta + delta p: a = (G D - delta L_1) / (1 - delta), z = G D / delta - L_1 and
    delta = g / (g + (q - p) L_1 - p g) on China's side, a_U = g_U - delta L_0 (1 - p) / D on the US side, and b = G.
    """
    numbers, d = primitives(pact), pact.discount
    stake, loss, p = numbers.stake, numbers.column_punishment_loss, numbers.low_if_deal
    if not math.isfinite(stake):
        return None
    if key == PATIENCE:
        return reversion_discount(numbers.temptation, loss, p, numbers.low_if_deviation)
    scale = 1 - d + d * p
    formulas = {
        AUDIENCE: (stake * scale - d * loss) / (1 - d),
        SIDE: stake * scale / d - loss,
        COMMITMENT: numbers.row_gain - d * numbers.row_punishment_loss * (1 - p) / scale,
        COMPENSATION: stake,
    }
    return max(0.0, formulas[key]) if key in formulas else None


def _frontier(
    problem: AgreementProblem, first: str, second: str, alone: Mapping[str, SingleInstrument]
) -> InstrumentFrontier:
    """Return the least of one instrument for some amounts of another; searched ones are put on the first axis."""
    if first in LINEAR and second not in LINEAR:
        first, second = second, first
    instrument, enough = problem.instruments[first], alone[first].amount
    points = []
    for x in np.linspace(instrument.present, instrument.cap if enough is None else enough, FRONTIER_POINTS).tolist():
        package = least_package(problem, second, {first: x})
        points.append((x, None if package is None else package.amounts[second]))
    return InstrumentFrontier(first, second, tuple(points))


def _vetoes(problem: AgreementProblem) -> tuple[Veto, ...]:
    pact, vetoes = problem.pact({}), []
    over_deal = np.subtract(pact.stage.payoff(pact.punishment), pact.stage.payoff(pact.deal)).tolist()
    for player, name in enumerate(pact.stage.players):
        package = worst_package(problem, player)
        if package is not None:
            vetoes.append(Veto(name, package.values[player], over_deal[player], package))
    return tuple(vetoes)


def regime_requirements(problem: AgreementProblem) -> tuple[RegimeRequirement, ...]:
    """Return what every regime with a trigger or a payment needs of each instrument, integer lengths included.

    Packages mix all threats by public lottery; a named regime needs at least as much where its threat is among them, at
    times less where it punishes longer.
    """
    requirements_of_rules = []
    for kind in (kind for kind in regime_kinds(problem.pact({})) if kind.form != "punishment"):
        # a compensation clause is this regime itself: its cap is always in force
        clause = {COMPENSATION: problem.instruments[COMPENSATION].cap} if kind.form == "payment" else {}
        margin = _margin(problem, kind, clause)
        others = {key: instrument for key, instrument in problem.instruments.items() if key != COMPENSATION}
        amounts = {key: _least(problem, kind, each, clause, margin) for key, each in others.items()}
        requirements_of_rules.append(RegimeRequirement(kind.key, kind.label, margin, FrozenMap(amounts)))
    return tuple(requirements_of_rules)


def _margin(problem: AgreementProblem, kind: RegimeKind, amounts: Mapping[str, float]) -> float:
    pact = problem.pact(amounts)
    return float(regime_values(pact_arrays(pact, pact.mask(pact.trigger)[None, :]), kind).margin.max())


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
