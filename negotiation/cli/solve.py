"""`negotiation solve`: equilibrium payoff sets of games of one's own, from files of many kinds."""

import time
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from negotiation._numbers import ratio_of_text
from negotiation._time_limit import time_limit
from negotiation.cli.messages import next_command, say
from negotiation.cli.options import AsJson, Jobs
from negotiation.errors import InputError, Problem

Files = Annotated[
    list[Path], typer.Argument(metavar="GAME ...", help="Files (.json, .nfg, .gam, .csv), or - for standard input.")
]
Proof = Annotated[
    bool, typer.Option("--certificate/--no-certificate", help="With --json: attach what `verify` checks.")
]
Discount = Annotated[
    str | None, typer.Option("--discount", metavar="FACTOR", help="Discount factor; replaces that of the files.")
]
Patient = Annotated[
    bool, typer.Option("--patient-limit", help="Also say what patience can reach at any discount factor.")
]
Support = Annotated[
    str | None, typer.Option("--support", metavar="PAYOFF,PAYOFF", help="Also give a strategy worth this payoff.")
]
StaticNash = Annotated[
    bool,
    typer.Option(
        "--static-nash", help="Also allow every static Nash equilibrium, mixed ones included, as a continuation."
    ),
]
Gap = Annotated[float | None, typer.Option("--gap", help="Gap that counts as solved, as a share of the payoff range.")]


def solve(
    files: Files,
    as_json: AsJson = False,
    proof: Proof = True,
    discount: Discount = None,
    patient: Patient = False,
    support: Support = None,
    static_nash: StaticNash = False,
    gap: Gap = None,
    iterations: Annotated[int | None, typer.Option("--iterations", help="Most applications of the operator.")] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", help="Time limit for each game and its proofs.")] = None,
    jobs: Jobs = 0,
) -> None:
    """Solve games of your own. Example: negotiation solve dilemma.json --json (one object a game, a line each)."""
    from negotiation.cli import solutions
    from negotiation.cli.waiting import compiling, progress
    from negotiation.games.dynamic import DynamicGame
    from negotiation.solve.payoff_sets.solver import monitoring_kind

    payoff = None if support is None else _payoff(support)
    games, faults = solutions.read_all(files, None if discount is None else _factor(discount))
    repeated = [game for _, game in games if isinstance(game, DynamicGame)]
    wanted = {"gap": gap, "iterations": iterations, "seconds": seconds, "static_nash": static_nash or None}
    settings = {name: value for name, value in wanted.items() if value is not None}
    parts = sorted({"perfect" if monitoring_kind(game) == "perfect" else "noisy" for game in repeated})
    tell = partial(solutions.json_line, proof=proof) if as_json else solutions.answer_text
    more = partial(solutions.limit_and_strategy, patient=patient, payoff=payoff)
    with compiling(parts), progress(quiet=as_json) as step:
        solved = solutions.solutions_of(repeated, settings, jobs or None)
        for path, game in games:
            name = "standard input" if str(path) == solutions.STANDARD_INPUT else str(path)
            began = time.perf_counter()
            try:
                with time_limit(seconds):
                    answer = next(solved) if isinstance(game, DynamicGame) else game
                    if isinstance(answer, Exception):
                        raise answer
                    line = tell(answer, name, began, more)
            except solutions.FAULTS as error:
                faults.append(_of_file(error, name))
            else:
                say(line)
            step("solving", name)
    if faults:
        raise _together(faults, len(files))
    if not as_json and solutions.STANDARD_INPUT not in map(str, files):
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
