"""Every command and snippet of the documents runs: in order, in an empty folder, from an installed package."""

import doctest
import os
import re
import shutil
import subprocess

import pytest

from negotiation._kernels import compiled
from negotiation.cli.app import VERBS, verb
from tests.documents import LANGUAGES, steps
from tests.installed import ROOT, folder_of_commands

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
STEPS = {path.relative_to(ROOT).as_posix(): steps(path.read_text(encoding="utf-8")) for path in DOCUMENTS}

# run from a checkout and make an environment: by hand, and in .ci/run
FROM_A_CHECKOUT = ("python3 experiments", "python3 tests", "python3 -m venv", ".venv/bin/python ")
# minutes of work, or what another command of the documents runs already with other numbers
SLOW = (
    ".venv/bin/negotiation run --certify --call no_call --set china_choice=listed",
    ".venv/bin/negotiation brief",
    "negotiation run --set minerals.leverage=0.85",
    "negotiation run mine.toml",
    "negotiation run textbook --set payoffs.row.defect.cooperate=6",
    "negotiation run estimated.toml",
    "negotiation run two-figures-2025 --quick --call no_call --set monitoring.common_trigger=0 "
    "--set minerals.others_anger=1.5",
    "negotiation evidence --headline",
    "negotiation deliver june-2025 --price patience=2 --certify --json",
)
GETTING = "README.md#two-commands"
SHOWN = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the documents' commands are typed into bash")


def command(step):
    """Return the command of a line without its comment."""
    return re.split(r"\s{2,}#", step.text)[0].strip()


def is_slow(step):
    return step.kind == "shell" and command(step) in SLOW


class Reader:
    """Does what a document says in `folder`; `environment` holds the installed package."""

    def __init__(self, folder, environment):
        self.folder, self.printed = folder, None
        (folder / ".venv").symlink_to(environment)
        paths = os.pathsep.join([str(folder_of_commands(environment)), os.environ["PATH"]])
        gone = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
        self.variables = {name: text for name, text in os.environ.items() if name not in gone} | {"PATH": paths}
        if compiled.folder() is not None:  # the same kernels as those of this checkout
            self.variables["NUMBA_CACHE_DIR"] = str(compiled.folder().parent)

    def run(self, *words):
        done = subprocess.run(
            words, cwd=self.folder, env=self.variables, capture_output=True, text=True, timeout=900, check=False
        )
        assert done.returncode == 0, f"{words[-1]}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        self.printed = done.stdout

    def do(self, step):
        file = self.folder / (step.file or "fragment.toml")
        if step.kind == "shell":
            self.run("bash", "-euo", "pipefail", "-c", command(step))
        elif step.kind == "text":
            shown = doctest.OutputChecker().check_output(step.text, self.printed, SHOWN)
            assert shown, f"line {step.line}: shown\n{step.text}\nbut printed\n{self.printed}"
        elif step.kind == "python":
            self.run("python", "-c", step.text)
        elif step.file:
            assert file.exists() == step.grows, f"line {step.line}: {file.name}"
            file.write_text((file.read_text(encoding="utf-8") if step.grows else "") + step.text, encoding="utf-8")
        else:
            file.write_text('extends = "rollback-2025"\n' + step.text, encoding="utf-8")
            self.run("negotiation", "check", file.name)

    def doctests(self, document):
        self.run("python", "-c", "import doctest, sys; sys.exit(doctest.testfile(sys.argv[1], False)[0])", document)


def prepares(step):
    """Whether a later command may need what this step leaves behind: a file that is saved or named."""
    return bool(step.file) or (step.kind == "shell" and re.search(r">|\bnew\b|\w\.toml$", command(step)) is not None)


@pytest.mark.parametrize("document", [name for name, found in STEPS.items() if found])
def test_what_a_document_shows_runs(document, installed, tmp_path):
    reader, left_out = Reader(tmp_path, installed), False
    for step in STEPS[document]:
        if step.kind in ("doctest", "formula") or step.text.startswith(FROM_A_CHECKOUT):
            continue
        left_out = is_slow(step) or (left_out and step.kind == "text")
        if not left_out:
            reader.do(step)
    if any(step.kind == "doctest" for step in STEPS[document]):
        reader.doctests(ROOT / document)


@pytest.mark.slow
@pytest.mark.parametrize("document", [name for name, found in STEPS.items() if any(map(is_slow, found))])
def test_what_a_document_leaves_for_later_runs_too(document, installed, tmp_path):
    """The slow commands, each after the files that were saved before it."""
    reader, shown = Reader(tmp_path, installed), False
    for step in STEPS[document]:
        shown = is_slow(step) or (shown and step.kind == "text")
        if shown or (prepares(step) and not step.text.startswith(FROM_A_CHECKOUT)):
            reader.do(step)


def test_the_package_is_the_installed_one(installed, tmp_path):
    Reader(tmp_path, installed).run(
        "python", "-c", f"import negotiation as n, sys; sys.exit(not n.__file__.startswith({str(installed)!r}))"
    )
    with pytest.raises(AssertionError):
        Reader(tmp_path / "..", installed).run("python", "-c", "import experiments")


@pytest.mark.parametrize("document", STEPS)
def test_blocks_say_what_they_are(document):
    """No block escapes by an unknown language, a command that is no command of ours, or a formula with code in it."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for step in STEPS[document]:
        assert step.kind in ("shell", "doctest", "formula", *LANGUAGES), f"line {step.line}"
        assert step.kind not in ("json", "csv") or step.file, f"line {step.line} does not say where to save this"
        if step.kind == "formula":
            assert "import " not in step.text
            assert "negotiation" not in step.text
    bare = any(step.kind == "shell" and step.text.startswith("negotiation ") for step in STEPS[document])
    assert not bare or GETTING in text, "does not say how to get the command"


def test_exceptions_are_in_the_documents():
    lines = [command(step) for found in STEPS.values() for step in found if step.kind == "shell"]
    assert [text for text in SLOW if text not in lines] == []
    assert [text for text in FROM_A_CHECKOUT if not any(line.startswith(text) for line in lines)] == []


@pytest.mark.parametrize("document", STEPS)
def test_commands_in_sentences_exist(document):
    """A command that a sentence mentions has a verb that exists, and only options that the verb takes."""
    text = re.sub(r"```.*?```", "", (ROOT / document).read_text(encoding="utf-8"), flags=re.DOTALL)
    for mention in re.findall(r"`negotiation ([a-z][^`]*)`", text):
        name, *words = mention.split()
        assert name in VERBS, mention
        found = verb(name)
        if words and words[0] in getattr(found, "commands", ()):
            found = found.commands[words.pop(0)]
        known = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in words if word.startswith("--")} <= known, mention
    for name in re.findall(r"`python3 experiments ([a-z_]+)", text):
        assert (ROOT / "experiments" / f"{name}.py").exists(), name
