"""The application: its help, its one place for errors, and the list of commands.

To add a command, write a module with a `register(app)` function and name it in `COMMANDS`. Commands import what they
need when they run, so that `negotiation --help` stays quick.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from negotiation._version import __version__
from negotiation.cli import compare, deliver, evidence, reference, run, scenarios, solve, study, threshold, verify
from negotiation.cli.guard import told
from negotiation.cli.messages import say

COMMANDS = (run, evidence, deliver, solve, threshold, verify, study, scenarios, compare, reference)

TEACHES = """Will a deal on tariffs and critical minerals enforce itself, and what must a leaders' call deliver?

A scenario file holds sourced numbers. A call changes some of them. The solver says which promises then hold."""

FIRST_STEPS = """First steps:  negotiation list  ·  negotiation show rollback-2025  ·  negotiation new mine

Exit codes: 0 done, whatever the answer · 1 something you asked to be checked does not hold · 2 the input is wrong ·
3 the machine failed (disk, memory, output, a process that died) · 130 interrupted"""


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


app = typer.Typer(
    cls=Guarded,
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


for module in COMMANDS:
    module.register(app)
