"""`negotiation solve`: equilibrium payoff sets of games of one's own, from files of many kinds."""

import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from negotiation._numbers import ratio_of_text
from negotiation._time_limit import time_limit
from negotiation.cli import solution_text as text
from negotiation.cli.messages import next_command, say
from negotiation.cli.options import AsJson, Jobs
from negotiation.cli.waiting import compiling, progress
from negotiation.errors import InputError, Problem
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


def solve(
    files: Annotated[
        list[Path], typer.Argument(metavar="GAME ...", help="Files (.json, .nfg, .gam, .csv), or - for standard input.")
    ],
    as_json: AsJson = False,
    proof: Annotated[
        bool, typer.Option("--certificate/--no-certificate", help="With --json: attach what `verify` checks.")
    ] = True,
    discount: Annotated[
        str | None, typer.Option("--discount", metavar="FACTOR", help="Discount factor; replaces that of the files.")
    ] = None,
    patient: Annotated[
        bool, typer.Option("--patient-limit", help="Also say what patience can reach at any discount factor.")
    ] = False,
    support: Annotated[
        str | None, typer.Option("--support", metavar="PAYOFF,PAYOFF", help="Also give a strategy worth this payoff.")
    ] = None,
    static_nash: Annotated[
        bool,
        typer.Option(
            "--static-nash", help="Also allow every static Nash equilibrium, mixed ones included, as a continuation."
        ),
    ] = False,
    gap: Annotated[
        float | None, typer.Option("--gap", help="Gap that counts as solved, as a share of the payoff range.")
    ] = None,
    iterations: Annotated[int | None, typer.Option("--iterations", help="Most applications of the operator.")] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", help="Time limit for each game and its proofs.")] = None,
    jobs: Jobs = 0,
) -> None:
    """Solve games of your own. Example: negotiation solve dilemma.json --json (one object a game, a line each)."""
    payoff = None if support is None else _payoff(support)
    games, faults = _read_all(files, None if discount is None else _factor(discount))
    repeated = [game for _, game in games if isinstance(game, DynamicGame)]
    wanted = {"gap": gap, "iterations": iterations, "seconds": seconds, "static_nash": static_nash or None}
    settings = {name: value for name, value in wanted.items() if value is not None}
    parts = sorted({"perfect" if solver.monitoring_kind(game) == "perfect" else "noisy" for game in repeated})
    with compiling(parts), progress(quiet=as_json) as step:
        solutions = _solutions(repeated, settings, jobs or None)
        for path, game in games:
            name = "standard input" if str(path) == STANDARD_INPUT else str(path)
            began = time.perf_counter()
            try:
                with time_limit(seconds):
                    answer = next(solutions) if isinstance(game, DynamicGame) else game
                    if isinstance(answer, Exception):
                        raise answer
                    tell = partial(_json_line, proof=proof) if as_json else _text
                    line = tell(answer, name, began, partial(_besides, patient=patient, payoff=payoff))
            except FAULTS as error:
                faults.append(_of_file(error, name))
            else:
                say(line)
            step("solving", name)
    if faults:
        raise _together(faults, len(files))
    if not as_json and STANDARD_INPUT not in map(str, files):
        again = ["--discount", discount] if discount is not None else []
        say(next_command("solve", str(files[0]), *again, "--json") + " > answer.json")


def _payoff(text: str) -> tuple[float, float]:
    """Return the payoff that `--support` names, "2,2" or "13/3,1"; raise `InputError` for anything else."""
    try:
        first, second = (float(ratio_of_text(part)) for part in text.split(","))
    except ValueError:
        raise InputError.single("--support", text, "is no payoff for each of the two players", "write 2,2") from None
    return first, second


def _factor(text: str) -> Fraction:
    """Return a discount factor as the ratio that is written; raise `InputError` for anything else."""
    try:
        factor = ratio_of_text(text)
    except ValueError as error:
        raise InputError.single("--discount", text, str(error), "write 0.9 or 9/10") from None
    if not 0 < factor < 1:
        raise InputError.single("--discount", text, "must lie strictly between 0 and 1")
    return factor


def _read_all(files: list[Path], discount: Fraction | None) -> tuple[list[tuple[Path, AnyGame]], list[InputError]]:
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


def _solutions(
    games: Sequence[DynamicGame], settings: dict[str, Any], jobs: int | None
) -> Iterator[Solution | Exception]:
    """Yield the solution of each game in order, or why it has none; `settings` replace those of each kind of solver.

    After a fault games are solved one by one, so that it stays with its own game. So they are under a time limit, which
    is each game's own and begins when its answer is asked for.
    """
    for kind, run in itertools.groupby(games, key=solver.monitoring_kind):
        rest, options = list(run), solver.DEFAULTS[kind].replace(**settings)
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


def _besides(
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


def _json_line(
    answer: Solution | OneShotGame, name: str, began: float, besides: Callable[..., Any], proof: bool
) -> str:
    """Return the answer as one line of JSON, with what was asked besides."""
    if isinstance(answer, OneShotGame):
        data = one_shot_object(answer, name)
    else:
        data = solution_object(with_certificate(answer) if proof else answer, name)
    limit, strategy = besides(answer)
    data.update({} if limit is None else {"patient_limit": text.patient_object(limit)})
    data.update({} if strategy is None else {"strategy": text.strategy_object(strategy)})
    return json.dumps({**data, "timing": {"seconds": round(time.perf_counter() - began, 6)}})


def _text(answer: Solution | OneShotGame, name: str, began: float, besides: Callable[..., Any]) -> str:
    """Return the answer for the terminal, with what was asked besides."""
    limit, strategy = besides(answer)
    if isinstance(answer, OneShotGame):
        lines = text.one_shot_lines(answer, name)
    else:
        lines = text.solution_lines(answer, name)
        lines.append(f"  {answer.iterations} applications of the operator, {time.perf_counter() - began:.3g} s")
    lines += [] if limit is None else text.patient_lines(limit)
    return "\n".join(lines if strategy is None else [*lines, *text.strategy_lines(strategy)])


def _of_file(error: Exception, name: str) -> InputError:
    """Return a fault met while a game was solved as one of its file."""
    if isinstance(error, InputError):
        return InputError(name, error.problems)
    return InputError.single(name, "", f"cannot be solved with numbers of this size ({error})")


def _together(faults: list[InputError], count: int) -> InputError:
    """Return the problems of all files at fault as one error."""
    if count == 1:
        return faults[0]
    problems = [
        Problem(f"{error.origin}: {problem.path}".rstrip(": "), problem.message, problem.hint)
        for error in faults
        for problem in error.problems
    ]
    return InputError(f"{len(faults)} of {count} files", problems)
