"""Names of the whole package, read off its syntax: what house rules say of classes, variables, calls and constants."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "negotiation"
TREES = {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")}
# A reader learns nothing from them: what was found, which item, whose own?
FILLERS = {"found", "item", "at", "own", "known", "seen", "settled", "kept", "held", "raised", "mended"}


def names_given(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every name that a file gives, with its line: variables, arguments, functions, attributes, other imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, 0
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name, node.lineno


def test_each_class_name_stands_once() -> None:
    homes = defaultdict(list)
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(file)
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_no_name_is_a_bare_participle_or_a_filler() -> None:
    fillers = [
        f"{file}:{line} {name}"
        for file, tree in TREES.items()
        for name, line in names_given(tree)
        if name.strip("_") in FILLERS
    ]
    assert fillers == []


@pytest.mark.parametrize(
    "text",
    ["found = 1", "def f(*, own): 0", "def _kept(): 0", "x.seen: int = 1", "[at for at in x]", "import a as known"],
)
def test_fillers_are_caught_wherever_a_name_is_given(text: str) -> None:
    assert FILLERS & {name.strip("_") for name, _ in names_given(ast.parse(text))}


def test_no_call_has_more_than_five_positional_arguments() -> None:
    """Kernels among themselves are left out: packed into tuples, their arrays would cost reference counts.

    `fields_of` takes the names of fields, which are no arguments that could be exchanged.
    """
    long = [
        f"{file}:{node.lineno} {ast.unparse(node.func)}"
        for file, tree in TREES.items()
        if not file.startswith("_kernels/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and len(node.args) > 5 and ast.unparse(node.func) != "fields_of"
    ]
    assert long == []


def constants(file: str) -> Iterator[tuple[str, ast.expr, ast.stmt]]:
    """Yield the constants of a module: name in capitals, value, statement; a tuple of names gives each its part."""
    for statement in TREES[file].body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            names, value = target.elts if isinstance(target, ast.Tuple) else [target], statement.value
            pairs = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            for name, part in zip(names, value.elts if pairs else [value] * len(names), strict=True):
                if isinstance(name, ast.Name) and name.id.isupper():
                    yield name.id, part, statement


def is_numeric(value: ast.expr) -> bool:
    """Whether a value is made of numbers alone, and is more than 0 and 1 as exact numbers."""
    leaves = [node for node in ast.walk(value) if isinstance(node, ast.Constant)]
    exact = isinstance(value, ast.Call) and ast.unparse(value.func) == "Fraction" and len(leaves) == 1
    return bool(leaves) and not exact and all(type(leaf.value) in (int, float) for leaf in leaves)


def test_each_numeric_constant_has_a_comment() -> None:
    """On a line of its statement, or above it, or above the run of statements that it stands in."""
    bare = []
    for file in TREES:
        lines = (PACKAGE / file).read_text("utf-8").splitlines()
        for name, value, statement in constants(file):
            above = statement.lineno - 2
            while above >= 0 and lines[above][:1].isalpha() and "#" not in lines[above]:
                above -= 1
            text = [
                lines[above] if lines[above].startswith("#") else "",
                *lines[statement.lineno - 1 : statement.end_lineno],
            ]
            if is_numeric(value) and not any("#" in line for line in text):
                bare.append(f"{file} {name}")
    assert bare == []


# Each figure lays out its own picture, in pixels, under the same few names; a view of the API is looked up by its name.
LAYOUT, LOOKED_UP = ("report/figures/", "report/render/"), {"VIEWS"}


def test_a_constant_has_one_value_in_the_whole_package() -> None:
    values = defaultdict(dict)
    for file in TREES:
        for name, value, _ in constants(file) if not file.startswith(LAYOUT) else ():
            if name not in LOOKED_UP and not (isinstance(value, ast.Attribute) and value.attr == name):
                values[name][file] = ast.unparse(value)
    assert {name: homes for name, homes in values.items() if len({*homes.values()}) > 1} == {}


def test_names_say_punishment_and_not_war() -> None:
    """The page calls it war, as it says deal for the agreement; keys of files stay."""
    assert [
        f"{file}:{line} {name}"
        for file, tree in TREES.items()
        if not file.startswith(LAYOUT)
        for name, line in names_given(tree)
        if "war" in name.lower().split("_")
    ] == []
