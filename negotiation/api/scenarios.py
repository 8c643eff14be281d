"""What is asked of a scenario. Wherever a `scenario` is wanted, the name of a shipped one or a path does as well."""

from typing import Any

from negotiation._cores import cores
from negotiation._results import Result
from negotiation.analysis.call_answers import call_assumptions
from negotiation.analysis.scenario_analysis import Analysis, AnalysisOptions
from negotiation.analysis.scenario_analysis import analyse as analyse_scenario
from negotiation.api import arguments as given
from negotiation.api.arguments import Names, ScenarioLike, scenario_of
from negotiation.calls.agreement import requirements as agreement
from negotiation.calls.outcomes import comparison
from negotiation.calls.outcomes.outcome import analyse_outcome, analyse_outcomes
from negotiation.calls.signalling import call_game as signalling
from negotiation.calls.value import call_value as value
from negotiation.errors import InputError
from negotiation.solve.regimes.analysis import Regime
from negotiation.trade.game.build import build_pact
from negotiation.trade.scenario.scenario import Scenario


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
    calls: Names = None,
    quick: bool = False,
    certify: bool = False,
    seed: int = 7,
    jobs: int = 1,
) -> Analysis:
    """Return everything that the report says about a scenario: what `negotiation run` computes.

    calls: outcomes by name, all if left out. quick: without payoff sets, and with fewer paths.
    certify: also check payoff sets exactly and prove which patience the deal needs. seed: of the simulated paths.
    jobs: processes, 0 for all cores; the answer does not depend on it.
    """
    loaded = scenario_of(scenario)
    options = AnalysisOptions(
        calls=tuple(loaded.call(name).name for name in given.names_of("calls", calls)),
        seed=given.whole_of("seed", seed),
        quick=given.flag_of("quick", quick),
        certify=given.flag_of("certify", certify),
        jobs=given.whole_of("jobs", jobs) or cores(),
    )
    return analyse_scenario(loaded, options)


def compare_calls(scenario: ScenarioLike, calls: Names = None) -> comparison.Comparison:
    """Return every call outcome of a scenario (or those named) side by side: does the deal hold, by which rule, when?

    >>> import negotiation as ng
    >>> ng.compare_calls("rollback-2025", "no_call").rows()[0]["holds"]
    True
    """
    return comparison.compare_calls(scenario_of(scenario), given.names_of("calls", calls))


def regimes(scenario: ScenarioLike, call: str = "no_call") -> Regimes:
    """Return every enforcement regime after a call outcome, with the terms on which it holds."""
    loaded = scenario_of(scenario)
    if not isinstance(call, str):
        raise given.refusal("call", call, "the name of a call outcome")
    outcome = analyse_outcome(loaded, loaded.call(call))
    return Regimes(loaded, outcome.call.label, outcome.call.regime, outcome.regimes, loaded.unit)


def requirements(scenario: ScenarioLike, caps: Any = None, prices: Any = None) -> agreement.Requirements:
    """Return what a call must deliver so that the deal enforces itself: each instrument alone, and the least package.

    caps: the most that can be delivered, by instrument: {"side_payment": 0} or "side_payment=0". prices: what a unit
    of an instrument costs the two (judged).
    """
    most, costs = given.amounts_of("caps", caps), given.amounts_of("prices", prices)
    return agreement.requirements(scenario_of(scenario), most, costs)


def call_game(scenario: ScenarioLike, prior: float | None = None) -> signalling.CallGame:
    """Return the call as a sender-receiver game with all its perfect Bayesian equilibria.

    prior: P(strategic type), between 0 and 1; by default what the shipments suggest.
    """
    loaded = scenario_of(scenario)
    if prior is None:
        assumptions = call_assumptions(loaded)
    else:
        chance = float(given.number_of("prior", prior, 0, 1))
        assumptions = signalling.CallAssumptions(prior=chance, prior_source="given")
    return signalling.call_game(build_pact(loaded, fine=False), assumptions)


def call_value(scenario: ScenarioLike) -> value.CallValue:
    """Return what a call is worth to each side and to those who watch: over none, and now over in a month."""
    loaded = scenario_of(scenario)
    if len(loaded.calls) < 2:
        text = f"names {len(loaded.calls)} call outcomes, a call is worth something over no call only"
        raise InputError.single(loaded.name, "calls", text)
    return value.call_value(loaded, analyse_outcomes(loaded))
