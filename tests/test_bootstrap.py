"""The two commands: a small project with the real bootstrap and the real `experiments/__main__.py` is set up for real.

It has no dependencies and its own build backend, and pip is told to use no index, so nothing is fetched. While a file
`hold` exists its build waits, so that a set-up can be caught in the middle.
"""

import ast
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from tests.processes import carrying, linux

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="looks for bin in environments")

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "negotiation"
version = "1.0"
dependencies = []
[project.optional-dependencies]
test = []
lacking = ["pip>=9999"]
"""
BACKEND = """
import pathlib, time, zipfile
here = pathlib.Path.cwd()
def build_editable(folder, config_settings=None, metadata_directory=None):
    while (here / "hold").exists():
        time.sleep(0.05)
    info, wheel = "negotiation-1.0.dist-info/", "negotiation-1.0-py3-none-any.whl"
    files = {
        "negotiation.pth": str(here),
        info + "METADATA": "Metadata-Version: 2.1\\nName: negotiation\\nVersion: 1.0\\nProvides-Extra: test\\n",
        info + "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    with zipfile.ZipFile(pathlib.Path(folder) / wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(info + "RECORD", "".join(name + ",,\\n" for name in [*files, info + "RECORD"]))
    return wheel
"""
EXPERIMENTS = {
    "call_outcomes": '"""Where am I?"""\nimport sys\nprint(sys.prefix, *sys.argv[1:])\n',
    "wrong_input": '"""A mistake."""\nfrom negotiation.errors import InputError\n'
    'raise InputError.single("my.toml", "a.b", "unknown key")\n',
    "endless": '"""Until interrupted."""\nimport time\nprint("started", flush=True)\ntime.sleep(60)\n',
}
ENTER = 'import runpy; runpy.run_path("bootstrap/enter.py")["enter"](__import__("pathlib").Path("."), {})'

COPIED = (
    *("bootstrap/enter.py", "bootstrap/installer.py", "negotiation/_cores.py", "negotiation/errors.py"),
    *(f"negotiation/cli/{name}.py" for name in ("__init__", "guard", "messages")),
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "check out"
    (root / "experiments").mkdir(parents=True)
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "backend.py").write_text(BACKEND)
    for name in COPIED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    (root / "negotiation" / "__init__.py").touch()
    shutil.copy(ROOT / "experiments" / "__main__.py", root / "experiments")
    for name, text in EXPERIMENTS.items():
        (root / "experiments" / f"{name}.py").write_text(text)
    yield root
    (root / "hold").unlink(missing_ok=True)  # whatever a failed test left building ends


def start(root: Path, *arguments: str, installed: bool = False) -> subprocess.Popen[str]:
    """Start `python experiments ARGUMENTS` with this interpreter; if `installed`, one that imports the project."""
    dropped = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"}
    environment = {key: value for key, value in os.environ.items() if key not in dropped}
    environment |= {"PIP_NO_INDEX": "1", "NEGOTIATION_TESTED": str(root)} | (
        {"PYTHONPATH": str(root)} if installed else {}
    )
    command = [sys.executable, *(arguments if arguments[:1] == ("-P",) else ("experiments", *arguments))]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=root, env=environment, stdout=pipe, stderr=pipe, text=True)


def run(root: Path, *arguments: str, installed: bool = False) -> tuple[int, str, str]:
    """Run it to the end: exit code, standard output, standard error."""
    process = start(root, *arguments, installed=installed)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def installed_from() -> list[str]:
    """Return the distributions of this interpreter and their versions."""
    return sorted(f"{found.name} {found.version}" for found in metadata.distributions())


def wait_for(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.05)


def made_by_hand(root: Path) -> Path:
    """Make an environment with the pip of this interpreter and nothing else, and return its package folder."""
    subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", root / ".venv"])
    (packages,) = (root / ".venv").glob("lib/python*/site-packages")
    spec = importlib.util.find_spec("pip")
    assert spec is not None
    assert spec.origin is not None
    (packages / "pip").symlink_to(Path(spec.origin).parent)
    return packages


def wait_until_building(root: Path) -> None:
    log = root / ".venv" / "setup.log"
    wait_for(lambda: log.exists() and "editable" in log.read_text())


def test_sets_up_once_mends_in_place_and_never_races(project: Path) -> None:
    venv, ours = project / ".venv", installed_from()
    made_by_hand(project)
    code, out, err = run(project, "--set", "x=1")
    assert (code, out) == (0, f"{venv} --set x=1\n"), err
    assert "setting up" in err
    assert "ready" in err
    assert installed_from() == ours, "the environment that was active is left alone"

    before = (venv / "setup.log").stat().st_mtime_ns
    assert run(project) == (0, f"{venv}\n", "")
    assert (venv / "setup.log").stat().st_mtime_ns == before

    # A changed pyproject.toml, met by two commands at once: one installs, in place, and the other waits for it.
    (venv / "mine").touch()
    with (project / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    (project / "hold").touch()
    first = start(project)
    wait_for(lambda: json.loads((venv / "setup.json").read_text()) == {})
    second = start(project)
    assert second.stderr is not None
    assert second.stderr.readline() == "waiting for another set-up of this checkout to end\n"
    (project / "hold").unlink()
    assert "setting up" in first.communicate(timeout=60)[1]
    assert second.communicate(timeout=60) == (f"{venv}\n", "")
    assert (first.returncode, second.returncode) == (0, 0)
    assert (venv / "mine").exists()


@linux
def test_a_killed_set_up_leaves_no_process_and_is_built_anew(project: Path) -> None:
    venv = project / ".venv"
    made_by_hand(project)
    (venv / "half-made").touch()
    (project / "hold").touch()
    killed = start(project)
    wait_until_building(project)
    mark = f"NEGOTIATION_TESTED={project}".encode()
    wait_for(lambda: len(carrying(mark, "environ")) >= 4)  # the set-up, the leader of its step, pip, and what builds
    killed.kill()
    killed.communicate()
    wait_for(lambda: carrying(mark, "environ") == [])
    (project / "hold").unlink()
    assert run(project)[:2] == (0, f"{venv}\n")
    assert not (venv / "half-made").exists()


@linux
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_set_up_that_is_ended_leaves_no_process_and_is_not_taken_for_ready(
    project: Path, how: int, code: int
) -> None:
    """pip has started a process that builds, and both are in a group of their own: both end."""
    made_by_hand(project)
    (project / "hold").touch()
    process = start(project)
    wait_until_building(project)
    mark = f"NEGOTIATION_TESTED={project}".encode()
    wait_for(lambda: len(carrying(mark, "environ")) >= 3)
    process.send_signal(how)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert carrying(mark, "environ") == []
    assert err.endswith("\ninterrupted; the next run sets up again\n") == (how == signal.SIGINT)
    assert "Traceback" not in err
    assert json.loads((project / ".venv" / "setup.json").read_text()) == {}


def test_a_failed_set_up_shows_why_and_the_way_by_hand(project: Path) -> None:
    made_by_hand(project)
    (project / "backend.py").write_text("raise RuntimeError('the backend is broken')")
    code, out, err = run(project)
    assert (code, out) == (1, "")
    assert "the backend is broken" in err
    assert "python3 -m venv .venv && .venv/bin/pip install -e '.'" in err
    assert json.loads((project / ".venv" / "setup.json").read_text()) == {}


def test_an_environment_made_by_hand_is_used_and_not_stamped(project: Path) -> None:
    (made_by_hand(project) / "negotiation.pth").write_text(str(project))
    assert run(project) == (0, f"{project / '.venv'}\n", "")
    assert not (project / ".venv" / "setup.json").exists()


def test_an_active_environment_with_everything_is_used_as_it_is(project: Path) -> None:
    assert run(project, "call_outcomes", "-x", installed=True) == (0, f"{sys.prefix} -x\n", "")
    assert not (project / ".venv").exists()


def test_an_environment_that_lacks_a_requirement_is_not_enough(project: Path) -> None:
    """The checkout is importable in both; pip 9999 does not exist, and the second interpreter is asked from outside."""
    probe = [sys.executable, "-P", project / "bootstrap" / "enter.py"]
    environment = {**os.environ, "PYTHONPATH": str(project)}
    assert subprocess.call([*probe, "test"], env=environment) == 0
    assert subprocess.call([*probe, "test", "lacking"], env=environment) == 3


def test_neither_pip_nor_ensurepip_leaves_nothing_behind(project: Path) -> None:
    hide = (
        "import importlib.util as u; find = u.find_spec; "
        "u.find_spec = lambda name, *rest: None if name in ('pip', 'ensurepip') else find(name, *rest); "
    )
    before = sorted(project.rglob("*"))
    code, _, err = run(project, "-P", "-c", hide + ENTER)
    assert code == 1
    assert f"  sudo apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv\n" in err
    assert "Traceback" not in err
    assert [path for path in sorted(project.rglob("*")) if "__pycache__" not in path.parts] == before


def test_unknown_experiment_is_one_sentence_with_the_nearest_name(project: Path) -> None:
    code, out, err = run(project, "call_outcome")
    assert (code, out) == (2, "")
    assert err.startswith("experiments: there is no experiment 'call_outcome'; did you mean 'call_outcomes'?")
    assert err.count("\n") == 1
    assert not (project / ".venv").exists()


def test_list_shows_the_first_line_of_each_docstring(project: Path) -> None:
    code, out, _ = run(project, "--list")
    assert code == 0
    assert out == "  call_outcomes  Where am I?\n  endless        Until interrupted.\n  wrong_input    A mistake.\n"


def test_a_mistake_in_the_input_and_ctrl_c_end_without_a_traceback(project: Path) -> None:
    assert run(project, "wrong_input", installed=True) == (2, "", "my.toml: a.b: unknown key\n")
    process = start(project, "endless", installed=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30) == ("", "\ninterrupted\n")
    assert process.returncode == 130


@pytest.mark.parametrize("folder", ["experiments", "tests"])
def test_an_old_python_is_told_which_version_is_needed(folder: str) -> None:
    pretend = f"import runpy, sys; sys.version_info = (3, 9, 18); runpy.run_path({folder!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"negotiation needs Python 3.11 or newer; this is Python 3.9.18 ({sys.executable})\n"


@pytest.mark.parametrize("path", ["experiments/__main__.py", "tests/__main__.py"])
def test_the_entry_files_use_no_syntax_that_python_2_7_lacks(path: str) -> None:
    """Python 2.7 has neither f-strings, annotations, unpacking in displays, nor keyword-only arguments."""
    tree = ast.parse((ROOT / path).read_text())
    for node in ast.walk(tree):
        assert not isinstance(node, (ast.JoinedStr, ast.Starred, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef))
        assert not (isinstance(node, ast.FunctionDef) and (node.returns or node.args.kwonlyargs))
        assert not (isinstance(node, ast.arg) and node.annotation)


def test_the_entry_files_and_pyproject_ask_for_the_same_python() -> None:
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text()
    for path in ("experiments/__main__.py", "tests/__main__.py"):
        assert "sys.version_info < (3, 11)" in (ROOT / path).read_text()


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Both modules as on Windows: no fcntl, its locks instead, no process groups, and a note of what is started."""
    import fcntl

    def locking(file: int, how: int, count: int) -> None:
        assert (how, count, os.lseek(file, 0, os.SEEK_CUR)) == (2, 1, 0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PermissionError(13, "Permission denied") from None

    commands: list[tuple[list[str], dict]] = []
    popen = subprocess.Popen

    def started(command, creationflags=0, **options):
        commands.append(([str(word) for word in command], {"creationflags": creationflags, **options}))
        replaced = [sys.executable, "-c", "import time; time.sleep(60)"] if "wait" in command else ["true"]
        return popen(replaced, **options)

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setattr(subprocess, "Popen", started)
    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 512, raising=False)
    for name in ("killpg", "execve", "setsid", "fork"):
        monkeypatch.delattr(os, name)
    found = SimpleNamespace(commands=commands)
    for name in ("enter", "installer"):
        spec = importlib.util.spec_from_file_location(name, ROOT / "bootstrap" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        monkeypatch.setattr(module, "WINDOWS", True)
        setattr(found, name, module)
    return found


def test_on_windows_the_environment_is_made_and_entered(tmp_path: Path, windows: SimpleNamespace) -> None:
    python = windows.enter.interpreter(tmp_path / ".venv")
    assert python.relative_to(tmp_path).as_posix() == ".venv/Scripts/python.exe"
    (tmp_path / ".venv").mkdir()
    windows.installer.Installer(tmp_path / ".venv", python, "py").project(tmp_path, ["test"], rebuild=True)
    words = [command for command, _ in windows.commands]
    assert words[0] == ["py", "-m", "venv", "--without-pip", str(tmp_path / ".venv")]
    assert [str(python), "-m", "pip", "install"] in [command[:4] for command in words]
    for _, options in windows.commands:
        assert options["creationflags"] == 512
        assert not {"start_new_session", "pass_fds", "preexec_fn", "process_group"} & {*options}
    with pytest.raises(SystemExit) as ended:
        windows.enter.restart([str(python), "experiments"], {**os.environ})
    assert ended.value.code == 0
    assert windows.commands[-1][0] == [str(python), "experiments"]


def test_on_windows_an_interrupted_step_ends_with_its_tree(tmp_path: Path, windows: SimpleNamespace) -> None:
    install = windows.installer.Installer(tmp_path, tmp_path / "python.exe", "py")
    install.show = lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
    made, plain = [], subprocess.Popen

    def started(command, **options):
        made.append(plain(command, **options))
        if command[0] == "taskkill":
            made[0].kill()
        return made[-1]

    windows.installer.subprocess.Popen = started
    with pytest.raises(KeyboardInterrupt):
        install.call(["wait"])
    assert windows.commands[-1][0] == ["taskkill", "/F", "/T", "/PID", str(made[0].pid)]
    assert made[0].returncode is not None


def test_on_windows_a_set_up_waits_for_another(tmp_path: Path, windows: SimpleNamespace, capsys) -> None:
    path, order = tmp_path / "setup.lock", []

    def second() -> None:
        with windows.installer.setup_lock(path):
            order.append("second")

    with windows.installer.setup_lock(path):
        other = Thread(target=second)
        other.start()
        wait_for(lambda: "waiting for another set-up" in capsys.readouterr().err)
        order.append("first")
    other.join(30)
    assert order == ["first", "second"]


def test_the_readme_says_how_to_start_on_windows() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert "`py -3.12 experiments` and `py -3.12 tests`" in readme
