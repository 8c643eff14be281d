"""The application: its help, its one place for errors, and the list of commands.

To add a command, write a module with its function and name it in `VERBS`. The module is imported when the command is
asked for, and what computes is imported by the function that computes, so that every help and refusal is quick.
"""

import importlib
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from negotiation._version import __version__
from negotiation.cli.guard import told
from negotiation.cli.messages import say

ANSWERS_PANEL, FILES_PANEL, NO_PANEL = "Answers", "Scenario files", ""
# name of the command -> its panel, the module below `negotiation.cli` and what is in it, and what the list says of it
VERBS = {
    "run": (ANSWERS_PANEL, "run:run", "Solve a scenario, write the report, and print the answer."),
    "brief": (ANSWERS_PANEL, "run:brief", "Write the answer on one page, for who picks up the telephone."),
    "report": (ANSWERS_PANEL, "run:report", "Render the report of a run again, without solving again."),
    "evidence": (ANSWERS_PANEL, "evidence:group", "Defiance or delay: what the shipments say."),
    "deliver": (ANSWERS_PANEL, "deliver:deliver", "Say what the call must deliver."),
    "solve": (ANSWERS_PANEL, "solve:solve", "Solve games of your own."),
    "threshold": (ANSWERS_PANEL, "threshold:threshold", "Find proven thresholds of a parameter."),
    "verify": (ANSWERS_PANEL, "verify:verify", "Check the certificates in a result in exact arithmetic."),
    "study": (ANSWERS_PANEL, "study:group", "Thousands of what-ifs: sweeps, sensitivity, scenario discovery."),
    "list": (FILES_PANEL, "scenarios:list_scenarios", "List the scenarios that are shipped."),
    "show": (FILES_PANEL, "scenarios:show", "Look numbers up: value, plausible range, unit, meaning, source and date."),
    "check": (FILES_PANEL, "scenarios:check", "Check a scenario file."),
    "new": (FILES_PANEL, "new_scenario:new", "Start a scenario of your own, which extends another."),
    "compare": (FILES_PANEL, "compare:compare", "Say what differs between two scenarios, or two results."),
    "reference": (NO_PANEL, "scenarios:reference", "Print a page of the documentation that is made from the code."),
}

TEACHES = """Will a deal on tariffs and critical minerals enforce itself, and what must a leaders' call deliver?

A scenario file holds sourced numbers. A call changes some of them. The solver says which promises then hold."""

FIRST_STEPS = """First steps:  negotiation list  ·  negotiation show rollback-2025  ·  negotiation new mine

Exit codes: 0 done, whatever the answer · 1 something you asked to be checked does not hold · 2 the input is wrong ·
3 the machine failed (disk, memory, output, a process that died) · 130 interrupted"""


def verb(name: str) -> Any:
    """Return a command, or a group of commands, with its options; its module is imported now."""
    module, _, member = VERBS[name][1].partition(":")
    group = getattr(importlib.import_module(f"negotiation.cli.{module}"), member)
    if not isinstance(group, typer.Typer):
        function, group = group, typer.Typer(add_completion=False, rich_markup_mode="rich")
        group.command(name)(function)
    return typer.main.get_command(group)


class Guarded(TyperGroup):
    """Where a failure inside a command becomes a message and an exit code, before typer makes something else of it."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what fails on purpose, or in the machine, ends with its exit code."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            code = told(error)
            if code is None:
                raise
            raise typer.Exit(code) from None


class Verbs(Guarded):
    """The list of commands; the one that is asked for is loaded."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name, the command and its words."""
        name, command, words = super().resolve_command(ctx, args)
        return name, command and verb(str(name)), words


app = typer.Typer(
    cls=Verbs,
    help=TEACHES,
    epilog=FIRST_STEPS,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        say(f"negotiation {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Hold the options that come before the command."""


for name, (panel, _, words) in VERBS.items():
    app.command(name, help=words, rich_help_panel=panel, hidden=panel == NO_PANEL)(options)
