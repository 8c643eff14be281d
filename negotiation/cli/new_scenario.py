"""`negotiation new`: a short scenario file that extends another, with examples that only need uncommenting."""

import os
from pathlib import Path
from typing import Annotated

import tomli_w
import typer

from negotiation._files import replace_file
from negotiation.cli.messages import next_command, say
from negotiation.errors import InputError, MachineError, OutputError
from negotiation.trade import MAIN_SCENARIO
from negotiation.trade.files.load import SUFFIX, embedded_scenarios, load_scenario
from negotiation.trade.files.problem_collector import name_fault
from negotiation.trade.parameters.parameter import number_text
from negotiation.trade.scenario.scenario import Scenario

TEMPLATE = """\
# Only what differs from {parent} stands here.
# `negotiation show` lists every number with its path.
{header}
# A bare number replaces the value alone; range, unit and meaning stay:
# [{section}]
# {leaf} = {value}
#
# With a source of your own:
# [{section}.{leaf}]
# value = {value}
# source = "my-source"
# dated = "2026-01"
#
# [sources.my-source]
# title = "What it says"
# publisher = "Who says so"
# date = "2026-01"
# url = ""
#
# A call of the same name is changed field by field, a new one added; chances sum to 1 (or other_calls):
# [[calls]]
# {call}
"""
FIRST_CALL = 'name = "no_call"\n# probability = 1.0\n# regime = "mutual_reversion"'


def new(
    name: Annotated[str, typer.Argument(help="Name of the new scenario; NAME.toml is written here.")],
    parent: Annotated[
        str, typer.Option("--from", metavar="SCENARIO", help="What it starts from: a shipped scenario or a file.")
    ] = MAIN_SCENARIO,
) -> None:
    """Start a scenario of your own: a short file that extends another, with examples to uncomment."""
    stem = name.removesuffix(SUFFIX)
    if name_fault(stem):
        raise InputError.single("new", "", f"'{name}': {name_fault(stem)}")
    if stem in embedded_scenarios():
        raise InputError.single("new", "", f"'{stem}' is the name of a shipped scenario", "choose another")
    base = load_scenario(parent)
    target = Path.cwd() / f"{stem}{SUFFIX}"
    extends = parent if parent in embedded_scenarios() else os.path.relpath(parent, target.parent)
    if os.path.lexists(target):
        raise OutputError(f"{target.name} exists already and was left as it is; choose another name")
    try:
        replace_file(target, _text(stem, extends, base).encode())
    except OSError as error:
        raise MachineError.unwritable(target.name, error) from None
    say(f"wrote    {target.name}, which extends {parent}")
    say(next_command("check", target.name))


def _text(name: str, extends: str, base: Scenario) -> str:
    """Return the text of a scenario that extends `extends` and changes nothing yet."""
    path = "minerals.leverage" if base.kind == "economy" else next(iter(base.parameters))
    section, _, leaf = path.rpartition(".")
    call = FIRST_CALL
    if base.calls:
        call = tomli_w.dumps({"name": base.calls[-1].name}) + f'# changes = ["{path} *= 1.1"]'
    return TEMPLATE.format(
        parent=" ".join(extends.split()),
        header=tomli_w.dumps({"format": 1, "name": name, "extends": extends, "title": f"{base.title}, my version"}),
        section=section,
        leaf=leaf,
        value=number_text(base[path]),
        call=call,
    )
