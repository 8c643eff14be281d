"""What `negotiation solve` computes: games of many files, their solutions in order, each as text or a line of JSON."""

import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from negotiation.cli import solution_text as text
from negotiation.errors import InputError
from negotiation.games.dynamic import AnyGame, DynamicGame, OneShotGame
from negotiation.games.files.load import read_game
from negotiation.games.solution import Solution
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.payoff_sets import solver
from negotiation.solve.payoff_sets.solver import solve_many
from negotiation.solve.scores.limit_set import PatientLimit, patient_limit
from negotiation.solve.solution_record import one_shot_object, solution_object
from negotiation.solve.strategies.construction import supporting_strategy
from negotiation.solve.strategies.public_strategy import PublicStrategy

STANDARD_INPUT = "-"
FAULTS = (InputError, ArithmeticError, ValueError)


def read_all(files: list[Path], discount: Fraction | None) -> tuple[list[tuple[Path, AnyGame]], list[InputError]]:
    """Return the games of all files that can be read, and what is wrong with the others."""
    if [str(path) for path in files].count(STANDARD_INPUT) > 1:
        raise InputError.single("solve", STANDARD_INPUT, "is named twice, standard input can be read once")
    games, faults = [], []
    for path in files:
        try:
            games.append((path, read_game(path, discount)))
        except InputError as error:
            faults.append(error)
    return games, faults


def solutions_of(
    games: Sequence[DynamicGame], settings: dict[str, Any], jobs: int | None
) -> Iterator[Solution | Exception]:
    """Yield the solution of each game in order, or why it has none; `settings` replace those of each kind of solver.

    After a fault games are solved one by one, so that it stays with its own game. So they are under a time limit, which
    is each game's own and begins when its answer is asked for.
    """
    for kind, run in itertools.groupby(games, key=solver.monitoring_kind):
        rest, options = list(run), solver.DEFAULT_OPTIONS[kind].replace(**settings)
        if options.seconds is None:
            try:
                for solution in solve_many(list(rest), options, jobs):
                    rest.pop(0)
                    yield solution
            except FAULTS:
                pass
        for game in rest:
            try:
                yield solver.solve(game, options)
            except FAULTS as error:
                yield error


def limit_and_strategy(
    answer: Solution | OneShotGame, patient: bool, payoff: tuple[float, float] | None
) -> tuple[PatientLimit | None, PublicStrategy | None]:
    """Return what is asked besides the payoff sets: the limit of patience, a strategy worth a payoff."""
    if isinstance(answer, Solution):
        limit = patient_limit(answer.game) if patient else None
        return limit, None if payoff is None else supporting_strategy(answer, payoff)
    if payoff is not None:
        raise InputError.single("game", "discount", "is missing: a strategy needs one", "add --discount 0.9")
    # the discount factor plays no role in the limit of patience
    return patient_limit(answer.repeated(0.5)) if patient else None, None


def json_line(answer: Solution | OneShotGame, name: str, began: float, besides: Callable[..., Any], proof: bool) -> str:
    """Return the answer as one line of JSON, with what was asked besides."""
    if isinstance(answer, OneShotGame):
        data = one_shot_object(answer, name)
    else:
        data = solution_object(with_certificate(answer) if proof else answer, name)
    limit, strategy = besides(answer)
    data.update({} if limit is None else {"patient_limit": text.patient_object(limit)})
    data.update({} if strategy is None else {"strategy": text.strategy_object(strategy)})
    return json.dumps({**data, "timing": {"seconds": round(time.perf_counter() - began, 6)}})


def answer_text(answer: Solution | OneShotGame, name: str, began: float, besides: Callable[..., Any]) -> str:
    """Return the answer for the terminal, with what was asked besides."""
    limit, strategy = besides(answer)
    if isinstance(answer, OneShotGame):
        lines = text.one_shot_lines(answer, name)
    else:
        lines = text.solution_lines(answer, name)
        lines.append(f"  {answer.iterations} applications of the operator, {time.perf_counter() - began:.3g} s")
    lines += [] if limit is None else text.patient_lines(limit)
    return "\n".join(lines if strategy is None else [*lines, *text.strategy_lines(strategy)])
