"""`negotiation solve`: equilibrium payoff sets of games of one's own, from JSON files."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from negotiation.games.dynamic import DynamicGame
    from negotiation.games.solution import Solution

PANEL = "Answers"


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
    seconds: Annotated[float | None, typer.Option("--seconds", help="Time limit for each game.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="Processes to use; 0 means all cores.")] = 0,
) -> None:
    """Solve games of your own. Example: negotiation solve dilemma.json --json."""
    from negotiation.cli.messages import next_command, say
    from negotiation.cli.progress import progress
    from negotiation.cli.solution_text import solution_text
    from negotiation.cli.warm import compiling
    from negotiation.report.solution_data import solution_object
    from negotiation.solve.certify import certified
    from negotiation.solve.sets import kind

    games = read_all(files)
    wanted = {"gap": gap, "iterations": iterations, "seconds": seconds, "static_nash": static_nash or None}
    changes = {name: value for name, value in wanted.items() if value is not None}
    parts = sorted({"perfect" if kind(game) == "perfect" else "noisy" for game in games})
    with compiling(parts), progress(quiet=as_json) as step:
        began = time.perf_counter()
        for path, solution in zip(files, answers(games, changes, jobs or None), strict=True):
            if as_json:
                answer = solution_object(certified(solution) if proof else solution, str(path))
                answer["timing"] = {"seconds": round(time.perf_counter() - began, 6)}
                say(json.dumps(answer))
            else:
                say(solution_text(solution, str(path), time.perf_counter() - began))
            began = time.perf_counter()
            step("solving", str(path))
    if not as_json:
        say(next_command("solve", str(files[0]), "--json") + " > answer.json")


def answers(games: Sequence[DynamicGame], changes: dict[str, Any], jobs: int | None) -> Iterator[Solution]:
    """Yield the solution of each game in order; `changes` replace single settings of each kind of solver."""
    from negotiation.solve.many import solve_many
    from negotiation.solve.sets import DEFAULTS, kind

    for sort, run in itertools.groupby(games, key=kind):
        yield from solve_many(list(run), DEFAULTS[sort].replace(**changes), jobs)


def read_all(files: list[Path]) -> list[DynamicGame]:
    """Return the games of all files; raise `InputError` with the problems of every file that has some."""
    from negotiation.errors import InputError, Problem
    from negotiation.games.game_file import read_game

    games, faults = [], []
    for path in files:
        try:
            games.append(read_game(path))
        except InputError as error:
            faults.append(error)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise InputError(
            f"{len(faults)} of {len(files)} files",
            [
                Problem(f"{error.origin}: {problem.path}".rstrip(": "), problem.message, problem.hint)
                for error in faults
                for problem in error.problems
            ],
        )
    return games
