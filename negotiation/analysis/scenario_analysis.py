"""Everything the main report says about one scenario, computed once: scenario -> analysis, with no page in sight."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from negotiation._processes import Processes
from negotiation._results import Result
from negotiation._values import Value
from negotiation.analysis.call_answers import CallAnswers, assessment_of, call_answers
from negotiation.calls.agreement.requirements import Progress, silent
from negotiation.calls.outcomes.break_even import BreakEven, break_evens
from negotiation.calls.outcomes.comparison import Comparison, compare_calls
from negotiation.calls.outcomes.dilemma import DilemmaWindow, dilemma_windows
from negotiation.calls.outcomes.outcome import Outcome, analyse_outcomes
from negotiation.calls.outcomes.simulated_paths import MONTHS, PATHS, Fan, fan_charts
from negotiation.calls.outcomes.stage_game import StageAnalysis, analyse_stage
from negotiation.calls.outcomes.structural_variants import StructuralVariant, structural_variants
from negotiation.calls.outcomes.uncertain_world import UncertainWorld, uncertain_world
from negotiation.calls.proofs.proven import ProvenOutcome, prove_all
from negotiation.calls.signalling.call_game import CallAssumptions
from negotiation.evidence.answers.assessment import Assessment
from negotiation.trade import MAIN_SCENARIO
from negotiation.trade.files.load import load_scenario
from negotiation.trade.game.build import TradeGame, build_game
from negotiation.trade.scenario.scenario import Scenario

COMPANION = "june-2025"


# starts a computation, in another process or later, and returns how to fetch its result
Start = Callable[..., Callable[[], Any]]


class AnalysisOptions(Value, kw_only=True):
    """What is computed and with which chance: call outcomes by name (none named: all), seed, simulated paths.

    quick leaves out payoff sets and simulates fewer paths. certify: check payoff sets exactly and enclose the patience
    that the deal needs. call_game: assumptions of the game on the call (None: the prior that the shipments suggest).
    jobs: processes to use, whatever the result.
    """

    calls: tuple[str, ...] = ()
    seed: int = 7
    paths: int = PATHS
    months: int = MONTHS
    quick: bool = False
    certify: bool = False
    call_game: CallAssumptions | None = None
    jobs: int = 1


class Analysis(Result, kw_only=True):
    """The answer for one scenario.

    base: the game before any call; stage: what can be played once in it. break_evens: for each key or judged parameter
    and outcome under the threshold trigger, nearest first. fans: in the order of the comparison's rows. before: the
    outcomes without the scenario's own changes. companion: those of the scenario without hindsight. call: the game on
    the call, what it must deliver, and what it is worth. world: in how much of the uncertain world the deal holds, None
    where there is nothing to vary or a user's own automaton to solve. variants: the verdicts under other structures.
    """

    scenario: Scenario
    options: AnalysisOptions
    base: TradeGame
    stage: StageAnalysis
    comparison: Comparison
    break_evens: tuple[BreakEven, ...]
    windows: tuple[DilemmaWindow, ...]
    fans: tuple[tuple[Fan, ...], ...]
    before: tuple[Outcome, ...]
    companion: tuple[Outcome, ...]
    call: CallAnswers | None = None
    world: UncertainWorld | None = None
    variants: tuple[StructuralVariant, ...] = ()
    proven: tuple[ProvenOutcome, ...] = ()

    def verdicts(self) -> dict[str, dict[str, Any]]:
        """Return what is said of each outcome in a line, by its name, as plain data."""
        rows = {}
        for outcome in self.comparison.outcomes:
            share = None if self.world is None else self.world.share_of(outcome.call.name)
            rows[outcome.call.name] = {**outcome.verdict(), "world_share": None if share is None else share.holds}
        return rows

    @property
    def shipments(self) -> Assessment | None:
        """What the shipments say of magnets; None for other minerals, payoffs of one's own, and quick runs."""
        return None if self.options.quick else assessment_of(self.scenario)


def analyse(
    scenario: Scenario,
    options: AnalysisOptions | None = None,
    progress: Progress | None = None,
    meanwhile: Callable[[Analysis, Start], object] | None = None,
) -> Analysis:
    """Return the analysis of a scenario.

    progress: called with (what is being done, one piece of it that is done). With more than one job half of the work is
    done in a process of its own, and `meanwhile` is called with the other half (the comparison of outcomes, the game,
    paths and proofs) and with what starts more work in that process.
    """
    options = options or AnalysisOptions()
    say = progress or silent
    with _beside(options) as start:
        calls = [call for call in scenario.calls if not options.calls or call.name in options.calls]
        # what does not wait for the comparison comes first
        world = start(uncertain_world, scenario, calls, options.seed)
        windows = start(dilemma_windows, scenario)
        variants = start(structural_variants, scenario, calls)
        companion = start(_companion, scenario, options)
        comparison = compare_calls(scenario, options.calls, lambda name: say("call outcomes", name))
        outcomes = comparison.outcomes
        call = start(call_answers, scenario, outcomes, True, options.call_game)
        evens = start(break_evens, scenario, outcomes)
        partial = _without_answers(scenario, options, comparison, say)
        if meanwhile is not None:
            meanwhile(partial, start)
        say("break-evens", "waiting")
        beside = {
            "world": world,
            "companion": companion,
            "call": call,
            "windows": windows,
            "variants": variants,
            "break_evens": evens,
        }
        return partial.replace(**{name: result() for name, result in beside.items()})


def _without_answers(scenario: Scenario, options: AnalysisOptions, comparison: Comparison, say: Progress) -> Analysis:
    """Return the analysis without the parts that another process computes."""
    outcomes = comparison.outcomes
    base = build_game(scenario)
    return Analysis(
        scenario=scenario,
        options=options,
        base=base,
        stage=analyse_stage(base.pact.stage),
        comparison=comparison,
        break_evens=(),
        windows=(),
        fans=_fan_charts(outcomes, options, say),
        before=analyse_outcomes(scenario.without_changes(), options.calls, best_sets=False) if scenario.changes else (),
        companion=(),
        proven=() if options.quick else prove_all(outcomes, options.certify, lambda name: say("payoff sets", name)),
    )


def _fan_charts(outcomes: Iterable[Outcome], options: AnalysisOptions, say: Progress) -> tuple[tuple[Fan, ...], ...]:
    paths = min(options.paths, 500) if options.quick else options.paths
    charts = []
    for outcome in outcomes:
        # one stream an outcome, by name: leaving an outcome out does not change the others
        rng = np.random.default_rng([options.seed, *outcome.call.name.encode()])
        charts.append(fan_charts(outcome, rng, paths, options.months))
        say("simulated paths", outcome.call.name)
    return tuple(charts)


@contextmanager
def _beside(options: AnalysisOptions) -> Iterator[Start]:
    """Yield a function that starts a computation and returns how to fetch its result: in another process, or later."""
    if options.jobs < 2 or options.quick:
        yield lambda function, *arguments: lambda: function(*arguments)
        return
    with Processes(1) as pool:
        # the other process imports what it needs while this one solves the call outcomes
        pool.submit(silent, "", "")
        yield lambda function, *arguments: pool.submit(function, *arguments).result


def _companion(scenario: Scenario, options: AnalysisOptions) -> tuple[Outcome, ...]:
    """Return the outcomes of the scenario that uses only what was known before the call, beside the default's.

    Empty beside any other scenario, and beside a changed one: the changes would have to be made to both.
    """
    if options.quick or scenario.name != MAIN_SCENARIO or scenario.digest() != load_scenario(MAIN_SCENARIO).digest():
        return ()
    return analyse_outcomes(load_scenario(COMPANION), options.calls, best_sets=False)
