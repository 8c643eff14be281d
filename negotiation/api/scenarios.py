"""What is asked of a scenario. Wherever a `scenario` is wanted, the name of a shipped one or a path does as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from negotiation._cores import cores
from negotiation._results import Result
from negotiation.analysis.scenario_analysis import Analysis, AnalysisOptions
from negotiation.analysis.scenario_analysis import analyse as analyse_scenario
from negotiation.analysis.shipment_prior import call_assumptions
from negotiation.api.arguments import (
    ScenarioLike,
    amounts_of,
    flag_of,
    names_of,
    number_of,
    refusal,
    scenario_of,
    whole_of,
)
from negotiation.calls.agreement.requirements import Requirements
from negotiation.calls.agreement.requirements import requirements as least_requirements
from negotiation.calls.outcomes.comparison import Comparison
from negotiation.calls.outcomes.comparison import compare_calls as compare
from negotiation.calls.outcomes.outcome import analyse_outcome, analyse_outcomes
from negotiation.calls.signalling.call_game import CallAssumptions, CallGame
from negotiation.calls.signalling.call_game import call_game as solve_call_game
from negotiation.calls.value.call_value import CallValue
from negotiation.calls.value.call_value import call_value as value_of_call
from negotiation.errors import InputError
from negotiation.solve.regimes.analysis import Regime
from negotiation.trade.game.build import build_pact
from negotiation.trade.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Regimes(Result):
    """Every enforcement regime after one call outcome (`label`), `selected` being the key of the one that is chosen."""

    scenario: Scenario
    label: str
    selected: str
    regimes: tuple[Regime, ...]
    unit: str


def load_scenario(scenario: ScenarioLike) -> Scenario:
    """Return a scenario by the name of a shipped one, or from a file.

    Read a number with `s["minerals.leverage"]`, change it with `s.set("minerals.leverage", 0.85)`, change several with
    `s.after("minerals.leverage=0.85", "monitoring.delay_max*=1.5")`. Raises `InputError` with every problem of a file.

    >>> import negotiation as ng
    >>> s = ng.load_scenario("rollback-2025")
    >>> s.set("minerals.leverage", 0.85)["minerals.leverage"]
    0.85
    """
    return scenario_of(scenario)


def analyse(
    scenario: ScenarioLike,
    calls: str | list[str] | tuple[str, ...] | None = None,
    quick: bool = False,
    certify: bool = False,
    seed: int = 7,
    jobs: int = 1,
) -> Analysis:
    """Return everything that the report says about a scenario: what `negotiation run` computes.

    calls: outcomes by name, all if left out. quick: without payoff sets and break-evens under the best trigger sets.
    certify: also check payoff sets exactly and prove which patience the deal needs. seed: of the simulated paths.
    jobs: processes, 0 for all cores; the answer does not depend on it.
    """
    known = scenario_of(scenario)
    names = tuple(known.call(name).name for name in names_of("calls", calls))
    options = AnalysisOptions(
        calls=names,
        seed=whole_of("seed", seed),
        quick=flag_of("quick", quick),
        certify=flag_of("certify", certify),
        jobs=whole_of("jobs", jobs) or cores(),
    )
    return analyse_scenario(known, options)


def compare_calls(scenario: ScenarioLike, calls: str | list[str] | tuple[str, ...] | None = None) -> Comparison:
    """Return every call outcome of a scenario (or those named) side by side: does the deal hold, by which rule, when?

    >>> import negotiation as ng
    >>> ng.compare_calls("rollback-2025", "no_call").rows()[0]["holds"]
    True
    """
    return compare(scenario_of(scenario), names_of("calls", calls))


def regimes(scenario: ScenarioLike, call: str = "no_call") -> Regimes:
    """Return every enforcement regime after a call outcome, with the terms on which it holds."""
    known = scenario_of(scenario)
    if not isinstance(call, str):
        raise refusal("call", call, "the name of a call outcome")
    outcome = analyse_outcome(known, known.call(call))
    return Regimes(known, outcome.call.label, outcome.call.regime, outcome.regimes, known.unit)


def requirements(scenario: ScenarioLike, caps: Any = None, prices: Any = None) -> Requirements:
    """Return what a call must deliver so that the deal enforces itself: each instrument alone, and the least package.

    caps: the most that can be delivered, by instrument: {"side_payment": 0} or "side_payment=0". prices: what a unit
    of an instrument costs the two (judged).
    """
    return least_requirements(scenario_of(scenario), amounts_of("caps", caps), amounts_of("prices", prices))


def call_game(scenario: ScenarioLike, prior: float | None = None) -> CallGame:
    """Return the call as a sender-receiver game with all its perfect Bayesian equilibria.

    prior: P(strategic type), between 0 and 1; by default what the shipments suggest.
    """
    known = scenario_of(scenario)
    if prior is None:
        assumptions = call_assumptions(known)
    else:
        assumptions = CallAssumptions(prior=float(number_of("prior", prior, 0, 1)), prior_source="given")
    return solve_call_game(build_pact(known, fine=False), assumptions)


def call_value(scenario: ScenarioLike) -> CallValue:
    """Return what a call is worth to each side and to those who watch: over none, and now over in a month."""
    known = scenario_of(scenario)
    if len(known.calls) < 2:
        text = f"names {len(known.calls)} call outcomes, a call is worth something over no call only"
        raise InputError.single(known.name, "calls", text)
    return value_of_call(known, analyse_outcomes(known))
