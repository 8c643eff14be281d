"""Everything the main report says about one scenario, computed once: scenario -> analysis, with no page in sight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from negotiation._values import Value
from negotiation.calls.breakeven import BreakEven, break_even, key_parameters
from negotiation.calls.comparison import Comparison, compare_calls
from negotiation.calls.dilemma import DilemmaWindow, dilemma_windows
from negotiation.calls.headline import Headline, headline
from negotiation.calls.paths import MONTHS, PATHS, Fan, fans
from negotiation.trade.build import TradeGame, build_game
from negotiation.trade.load import load_scenario
from negotiation.trade.scenario import Scenario

COMPANION = "june-2025"
MAIN = "rollback-2025"

Progress = Callable[[str, str], None]


@dataclass(frozen=True, eq=False)
class AnalysisOptions(Value):
    """What is computed and with which chance: call outcomes by name (none named: all), seed, simulated paths.

    quick leaves out break-evens under the best trigger set and simulates fewer paths.
    """

    calls: tuple[str, ...] = ()
    seed: int = 7
    paths: int = PATHS
    months: int = MONTHS
    quick: bool = False


@dataclass(frozen=True, eq=False)
class Analysis(Value):
    """The answer for one scenario.

    base: the game before any call. break_evens: for each key parameter and outcome under the threshold trigger;
    best_set_break_evens the same with the trigger set chosen anew. fans: in the order of the comparison's rows.
    before: headline before the scenario's own changes. companion: headline of the scenario without hindsight.
    """

    scenario: Scenario
    options: AnalysisOptions
    base: TradeGame
    comparison: Comparison
    break_evens: tuple[BreakEven, ...]
    best_set_break_evens: tuple[BreakEven, ...]
    windows: tuple[DilemmaWindow, ...]
    fans: tuple[tuple[Fan, ...], ...]
    headline: Headline
    before: Headline | None
    companion: Headline | None


def analyse(scenario: Scenario, options: AnalysisOptions | None = None, progress: Progress | None = None) -> Analysis:
    """Return the analysis of a scenario.

    progress: called with (what is being done, one piece of it that is done).
    """
    options = options or AnalysisOptions()
    say = progress or _silent
    comparison = compare_calls(scenario, options.calls, lambda name: say("call outcomes", name))
    outcomes = [row.outcome for row in comparison.rows]
    paths = min(options.paths, 500) if options.quick else options.paths
    fan_charts = []
    for index, outcome in enumerate(outcomes):
        # one stream an outcome: leaving an outcome out does not change the others
        rng = np.random.default_rng([options.seed, index])
        fan_charts.append(fans(outcome, rng, paths, options.months))
        say("simulated paths", outcome.call.name)
    break_evens, best = [], []
    for path in key_parameters(scenario):
        break_evens += [break_even(scenario, outcome, path) for outcome in outcomes]
        if not options.quick:
            best += [break_even(scenario, outcome, path, best_set=True) for outcome in outcomes]
        say("break-evens", path)
    return Analysis(
        scenario,
        options,
        build_game(scenario),
        comparison,
        tuple(break_evens),
        tuple(best),
        dilemma_windows(scenario),
        tuple(fan_charts),
        headline(comparison),
        _before(scenario, options),
        _companion(scenario, options),
    )


def _silent(_stage: str, _piece: str) -> None:
    pass


def _before(scenario: Scenario, options: AnalysisOptions) -> Headline | None:
    """Return the headline without the scenario's changes; None when there are none."""
    if not scenario.changes:
        return None
    return headline(compare_calls(scenario.without_changes(), options.calls))


def _companion(scenario: Scenario, options: AnalysisOptions) -> Headline | None:
    """Return the headline of the scenario that uses only what was known before the call, beside the default's."""
    if scenario.name != MAIN or options.quick:
        return None
    return headline(compare_calls(load_scenario(COMPANION), options.calls))
