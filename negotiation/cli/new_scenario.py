"""`negotiation new`: a short scenario file that extends another, with examples that only need uncommenting."""

from __future__ import annotations

import os
from pathlib import Path

import tomli_w

from negotiation._files import replace_file
from negotiation.errors import InputError, MachineError, OutputError
from negotiation.trade.files.load import embedded_scenarios, load_scenario
from negotiation.trade.files.problem_collector import name_fault
from negotiation.trade.parameters.parameter import Parameter, number_text
from negotiation.trade.scenario.scenario import Scenario

SUFFIX = ".toml"


def write_new(name: str, parent: str, folder: Path) -> Path:
    """Write NAME.toml in `folder`, extending `parent`, and return its path.

    Raises `InputError` for a name that cannot be a file name and `OutputError` when the file exists already.
    """
    stem = name.removesuffix(SUFFIX)
    if name_fault(stem):
        raise InputError.single("new", "", f"'{name}': {name_fault(stem)}")
    if stem in embedded_scenarios():
        raise InputError.single("new", "", f"'{stem}' is the name of a shipped scenario", "choose another")
    base = load_scenario(parent)
    extends = parent if parent in embedded_scenarios() else os.path.relpath(parent, folder)
    target = folder / f"{stem}{SUFFIX}"
    if os.path.lexists(target):
        raise OutputError(f"{target.name} exists already and was left as it is; choose another name")
    try:
        replace_file(target, new_text(stem, extends, base).encode())
    except OSError as error:
        raise MachineError.unwritable(target.name, error) from None
    return target


def new_text(name: str, extends: str, base: Scenario) -> str:
    """Return the text of a scenario that extends `extends` and changes nothing yet."""
    header = tomli_w.dumps({"format": 1, "name": name, "extends": extends, "title": f"{base.title}, my version"})
    examples = [
        f"# Only what differs from {' '.join(extends.split())} stands here.",
        "# `negotiation show` lists every number with its path.",
        header,
        "# A bare number replaces the value alone; range, unit and meaning stay:",
        *_bare(base),
        "#",
        "# With a source of your own:",
        *_sourced(base),
        "#",
        "# A call of the same name is changed field by field, a new one added; chances sum to 1 (or other_calls):",
        *_call(base),
    ]
    return "\n".join(examples) + "\n"


def _example(base: Scenario) -> tuple[str, Parameter]:
    path = "minerals.leverage" if base.kind == "economy" else next(iter(base.parameters))
    return path, base.parameters[path]


def _bare(base: Scenario) -> list[str]:
    path, parameter = _example(base)
    section, leaf = path.rsplit(".", 1)
    return [f"# [{section}]", f"# {leaf} = {number_text(parameter.value)}"]


def _sourced(base: Scenario) -> list[str]:
    path, parameter = _example(base)
    return [
        f"# [{path}]",
        f"# value = {number_text(parameter.value)}",
        '# source = "my-source"',
        '# dated = "2026-01"',
        "#",
        "# [sources.my-source]",
        '# title = "What it says"',
        '# publisher = "Who says so"',
        '# date = "2026-01"',
        '# url = ""',
    ]


def _call(base: Scenario) -> list[str]:
    if not base.calls:
        return ["# [[calls]]", '# name = "no_call"', "# probability = 1.0", '# regime = "mutual_reversion"']
    call = base.calls[-1]
    path, _ = _example(base)
    return ["# [[calls]]", f"# {tomli_w.dumps({'name': call.name}).strip()}", f'# changes = ["{path} *= 1.1"]']
