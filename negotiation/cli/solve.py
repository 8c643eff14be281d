"""`negotiation solve`: equilibrium payoff sets of games of one's own, from JSON files."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from negotiation.errors import InputError, Problem

if TYPE_CHECKING:
    from negotiation.games.dynamic import DynamicGame
    from negotiation.games.solution import Solution

PANEL = "Answers"
FAULTS = (InputError, ArithmeticError, ValueError)


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command("solve", rich_help_panel=PANEL)(solve)


def solve(
    files: Annotated[list[Path], typer.Argument(metavar="GAME.json ...", help="Game files (docs/game-files.md).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a game, a line each.")] = False,
    proof: Annotated[
        bool, typer.Option("--certificate/--no-certificate", help="With --json: attach what `verify` checks.")
    ] = True,
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
    from negotiation.cli.warm import compiling
    from negotiation.solve.payoff_sets.solver import kind

    games, faults = read_all(files)
    wanted = {"gap": gap, "iterations": iterations, "seconds": seconds, "static_nash": static_nash or None}
    changes = {name: value for name, value in wanted.items() if value is not None}
    parts = sorted({"perfect" if kind(game) == "perfect" else "noisy" for _, game in games})
    with compiling(parts), progress(quiet=as_json) as step:
        found = answers([game for _, game in games], changes, jobs or None)
        for path, _ in games:
            began = time.perf_counter()
            try:
                with time_limit(seconds):
                    answer = next(found)
                    if isinstance(answer, Exception):
                        raise answer
                    text = _json_line(answer, path, proof, began) if as_json else _text(answer, path, began)
            except FAULTS as error:
                faults.append(_named(error, path))
            else:
                say(text)
            step("solving", str(path))
    if faults:
        raise _together(faults, len(files))
    if not as_json:
        say(next_command("solve", str(files[0]), "--json") + " > answer.json")


def _json_line(solution: Solution, path: Path, proof: bool, began: float) -> str:
    from negotiation.solve.certificates.certify import with_certificate
    from negotiation.solve.solution_record import solution_object

    answer = solution_object(with_certificate(solution) if proof else solution, str(path))
    answer["timing"] = {"seconds": round(time.perf_counter() - began, 6)}
    return json.dumps(answer)


def _text(solution: Solution, path: Path, began: float) -> str:
    from negotiation.cli.solution_text import solution_text

    return solution_text(solution, str(path), lambda: time.perf_counter() - began)


def answers(games: Sequence[DynamicGame], changes: dict[str, Any], jobs: int | None) -> Iterator[Solution | Exception]:
    """Yield the solution of each game in order, or why it has none; `changes` replace settings of each kind of solver.

    After a fault games are solved one by one, so that it stays with its own game. So they are under a time limit, which
    is each game's own and begins when its answer is asked for.
    """
    from negotiation.solve.payoff_sets.batch import solve_many
    from negotiation.solve.payoff_sets.solver import DEFAULTS, kind, solve

    for sort, run in itertools.groupby(games, key=kind):
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


def read_all(files: list[Path]) -> tuple[list[tuple[Path, DynamicGame]], list[InputError]]:
    """Return the games of all files that can be read, and what is wrong with the others."""
    from negotiation.games.files.load import read_game

    games, faults = [], []
    for path in files:
        try:
            games.append((path, read_game(path)))
        except InputError as error:
            faults.append(error)
    return games, faults


def _named(error: Exception, path: Path) -> InputError:
    """Return a fault met while a game was solved as one of its file."""
    if isinstance(error, InputError):
        return InputError(str(path), error.problems)
    return InputError.single(str(path), "", f"cannot be solved with numbers of this size ({error})")


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
