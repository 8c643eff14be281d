"""The page of the Python API, made from the docstrings: docs/api.md."""

import importlib
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import negotiation
from negotiation._results import Result
from negotiation.trade.scenario.scenario import Scenario

OPENING = """# The Python API

Made by `negotiation reference --python` from the docstrings; do not edit it by hand.

    >>> import negotiation as ng

Everything a notebook needs is a name of `ng`. Arguments are taken as people have them: a scenario, its name or its
file; changes as texts; games as matrices, dicts, files, or objects of nashpy, QuantEcon and pygambit. What makes no
sense raises `ng.InputError` with one sentence. Results are frozen values that compare by content.
"""
REFERENCE_GROUPS = (
    ("Scenarios and calls", "negotiation.api.scenarios"),
    ("Games of your own", "negotiation.api.games"),
    ("Claims for `threshold`", "negotiation.solve.thresholds.claims"),
    ("Evidence, studies, proofs and reports", "negotiation.api.records"),
)
METHODS: tuple[tuple[str, str, type, tuple[str, ...]], ...] = (
    ("Every result", "result", Result, ("rows", "to_frame", "plot")),
    ("A scenario", "scenario", Scenario, ("__getitem__", "set", "after", "without_changes")),
)


def api_reference() -> str:
    """Return docs/api.md as the code has it."""
    parts = [OPENING]
    for title, home in REFERENCE_GROUPS:
        parts.append(f"## {title}\n")
        module = importlib.import_module(home)
        names = [name for name in vars(module) if name in negotiation.__all__ and vars(module)[name].__module__ == home]
        parts += [_entry(f"ng.{name}", getattr(module, name)) for name in names]
    for title, word, owner, methods in METHODS:
        parts.append(f"## {title}\n")
        parts += [_entry(f"{word}.{name}", getattr(owner, name)) for name in methods]
    return "\n".join(parts)


def _entry(name: str, function: Callable[..., Any]) -> str:
    """Return the name, how it is called, and what its docstring says; its examples are run by the tests."""
    parameters = [
        p.replace(annotation=inspect.Parameter.empty) for p in inspect.signature(function).parameters.values()
    ]
    call = str(inspect.Signature([parameter for parameter in parameters if parameter.name != "self"]))
    words, prompt, example = (inspect.getdoc(function) or "").partition(">>> ")
    return f"### `{name}{call}`\n\n{words}{textwrap.indent(prompt + example, '    ')}\n"
