"""`negotiation solve`: equilibrium payoff sets of games of one's own, from files of many kinds."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from negotiation.errors import InputError, Problem

if TYPE_CHECKING:
    from negotiation.games.dynamic import AnyGame, DynamicGame
    from negotiation.games.solution import Solution

PANEL = "Answers"
STANDARD_INPUT = "-"
FAULTS = (InputError, ArithmeticError, ValueError)


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command("solve", rich_help_panel=PANEL)(solve)


def solve(
    files: Annotated[
        list[Path], typer.Argument(metavar="GAME ...", help="Files (.json, .nfg, .gam, .csv), or - for standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a game, a line each.")] = False,
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
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="Processes to use; 0 means all cores.")] = 0,
) -> None:
    """Solve games of your own. Example: negotiation solve dilemma.json --json."""
    from negotiation._time_limit import time_limit
    from negotiation.cli.messages import next_command, say
    from negotiation.cli.progress import progress
    from negotiation.cli.solve_answers import More, json_line, text_answer
    from negotiation.cli.solve_more import payoff_of
    from negotiation.cli.warm import compiling
    from negotiation.games.dynamic import DynamicGame
    from negotiation.solve.payoff_sets.solver import monitoring_kind

    more = More(patient, None if support is None else payoff_of(support))
    games, faults = read_all(files, None if discount is None else factor_of(discount))
    told: Callable[..., str] = partial(json_line, proof=proof) if as_json else text_answer
    repeated = [game for _, game in games if isinstance(game, DynamicGame)]
    wanted = {"gap": gap, "iterations": iterations, "seconds": seconds, "static_nash": static_nash or None}
    changes = {name: value for name, value in wanted.items() if value is not None}
    parts = sorted({"perfect" if monitoring_kind(game) == "perfect" else "noisy" for game in repeated})
    with compiling(parts), progress(quiet=as_json) as step:
        found = answers(repeated, changes, jobs or None)
        for path, game in games:
            name = name_of(path)
            began = time.perf_counter()
            try:
                with time_limit(seconds):
                    answer = next(found) if isinstance(game, DynamicGame) else game
                    if isinstance(answer, Exception):
                        raise answer
                    text = told(answer, name, began, more)
            except FAULTS as error:
                faults.append(_named(error, name))
            else:
                say(text)
            step("solving", name)
    if faults:
        raise _together(faults, len(files))
    if not as_json and STANDARD_INPUT not in map(str, files):
        again = ["--discount", discount] if discount is not None else []
        say(next_command("solve", str(files[0]), *again, "--json") + " > answer.json")


def factor_of(text: str) -> Fraction:
    """Return a discount factor as the ratio that is written; raise `InputError` for anything else."""
    from negotiation._numbers import ratio_of_text

    try:
        factor = ratio_of_text(text)
    except ValueError as error:
        raise InputError.single("--discount", text, str(error), "write 0.9 or 9/10") from None
    if not 0 < factor < 1:
        raise InputError.single("--discount", text, "must lie strictly between 0 and 1")
    return factor


def answers(games: Sequence[DynamicGame], changes: dict[str, Any], jobs: int | None) -> Iterator[Solution | Exception]:
    """Yield the solution of each game in order, or why it has none; `changes` replace settings of each kind of solver.

    After a fault games are solved one by one, so that it stays with its own game. So they are under a time limit, which
    is each game's own and begins when its answer is asked for.
    """
    from negotiation.solve.payoff_sets.batch import solve_many
    from negotiation.solve.payoff_sets.solver import DEFAULTS, monitoring_kind, solve

    for sort, run in itertools.groupby(games, key=monitoring_kind):
        rest, options = list(run), DEFAULTS[sort].replace(**changes)
        if options.seconds is None:
            try:
                for found in solve_many(list(rest), options, jobs):
                    rest.pop(0)
                    yield found
            except FAULTS:
                pass
        for game in rest:
            try:
                yield solve(game, options)
            except FAULTS as error:
                yield error


def name_of(path: Path) -> str:
    """Return how a file is called in answers."""
    return "standard input" if str(path) == STANDARD_INPUT else str(path)


def read_all(files: list[Path], discount: Fraction | None) -> tuple[list[tuple[Path, AnyGame]], list[InputError]]:
    """Return the games of all files that can be read, and what is wrong with the others."""
    from negotiation.games.files.formats import read_game

    if [str(path) for path in files].count(STANDARD_INPUT) > 1:
        raise InputError.single("solve", STANDARD_INPUT, "is named twice, standard input can be read once")
    games, faults = [], []
    for path in files:
        try:
            games.append((path, read_game(path, discount)))
        except InputError as error:
            faults.append(error)
    return games, faults


def _named(error: Exception, name: str) -> InputError:
    """Return a fault met while a game was solved as one of its file."""
    if isinstance(error, InputError):
        return InputError(name, error.problems)
    return InputError.single(name, "", f"cannot be solved with numbers of this size ({error})")


def _together(faults: list[InputError], count: int) -> InputError:
    """Return the problems of all files at fault as one error."""
    if count == 1:
        return faults[0]
    return InputError(
        f"{len(faults)} of {count} files",
        [
            Problem(f"{error.origin}: {problem.path}".rstrip(": "), problem.message, problem.hint)
            for error in faults
            for problem in error.problems
        ],
    )
