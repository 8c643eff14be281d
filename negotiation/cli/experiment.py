"""The frame of every experiment script: its options, its folder, what it says at the end.

A script defines `run(scenario, quick)`, which returns its report and what was computed for it, by name, and ends with
`experiment(run)`; its docstring is the help text. What was computed goes into `results.json` at full precision.
"""

import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from negotiation.cli.app import Guarded
from negotiation.cli.options import Changes, Out
from negotiation.trade import MAIN_SCENARIO

# (scenario, quick) -> the report and the values behind it; a report alone leaves results.json without numbers
Run = Callable[..., Any]


def experiment(
    run: Run, scenario: str = MAIN_SCENARIO, arguments: list[str] | None = None, then: str = "deliver SCENARIO"
) -> None:
    """Run an experiment from the command line; `scenario` is used when none is named.

    then: the `negotiation` command that asks the next question, SCENARIO standing for the scenario and its changes.
    """
    app = typer.Typer(cls=Guarded, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    script = Path(inspect.getfile(run))

    @app.callback(invoke_without_command=True, help=inspect.getdoc(inspect.getmodule(run)))
    def command(
        named: Annotated[str, typer.Option("--scenario", help="Name of a shipped scenario, or a file.")] = scenario,
        changes: Changes = None,
        quick: Annotated[bool, typer.Option("--quick", help="A coarser grid, for a first look.")] = False,
        out: Out = None,
    ) -> None:
        _run(run, script, named, changes or [], quick=quick, out=out, then=then)

    app(args=arguments, prog_name=" ".join(_started(script)))


def _started(script: Path) -> list[str]:
    """Return the words that start a script: one of the project's own experiments by its name, any other as a file."""
    if script.parent.name == "experiments" and (script.parent / "__main__.py").is_file():
        return ["python3", "experiments", script.stem]
    return ["python3", os.path.relpath(script)]


def _run(run: Run, script: Path, named: str, changes: list[str], *, quick: bool, out: Path | None, then: str) -> None:
    import shlex

    from negotiation.cli.messages import next_command, say
    from negotiation.report.document import Report
    from negotiation.report.runs.results import experiment_results
    from negotiation.report.runs.write import publish
    from negotiation.trade.files.load import load_scenario

    scenario = load_scenario(named).after(changes)
    sets = [word for text in changes for word in ("--set", text)]
    words = [*_started(script), "--scenario", named, *sets]
    command = shlex.join([*words, "--quick"] if quick else words)
    reports: list[Report] = []

    def build(digest: str) -> tuple[Report, dict[str, Any]]:
        made = run(scenario, quick=quick)
        report, values = made if isinstance(made, tuple) else (made, {})
        origin = (("run digest", f"`{digest}`"), ("reproduce", f"`{command}`"))
        reports.append(report.replace(provenance=(*report.provenance, *origin)))
        return reports[0], experiment_results(scenario, reports[0], values)

    done = publish(script.stem, scenario, {"quick": quick}, build, out=out, command=command)
    for sentence in reports[0].answer:
        say("  " + sentence.replace("**", "").replace("`", ""))
    say(f"  {done.seconds:.1f} s\n  report   {done.page}")
    follow = [[named, *sets] if word == "SCENARIO" else [word] for word in then.split()]
    say("  " + next_command(*(word for words in follow for word in words)))
