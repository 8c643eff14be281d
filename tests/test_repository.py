"""What holds for the whole repository: nothing of one machine in it, documented modules, a silent and light library."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Put together from parts, so that this file does not contain what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:work|root|home/\w+|Users/\w+)/|file:/" + "//")
REGISTRY_HOSTS = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]
GENERATED = re.compile(r"(^|/)(results|dist|build|__pycache__|\.venv|\.benchmarks|\.\w+_cache)/|\.(pyc|nbi|nbc|log)$")


def tracked(*patterns: str) -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: what is tracked is not known")
    listing = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]
    assert files, f"no tracked file matches {patterns}"
    return files


def hits(pattern: re.Pattern[str], text: str) -> list[int]:
    """Return the numbers of the lines that match."""
    return [number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


def test_no_tracked_file_names_a_path_of_one_machine_or_a_registry_host() -> None:
    hosts = re.compile("|".join(re.escape(host) for host in REGISTRY_HOSTS))
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}:{line}" for line in hits(MACHINE_PATH, text) + hits(hosts, text)]
    assert found == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("see /" + "work/main/x.py", True),
        ("'/" + "home/ann/data.csv'", True),
        ("/" + "root/.cache", True),
        ("https://example.org/" + "work/paper.pdf", False),
        ("import/" + "work/x and ./" + "work/x", False),
        ("homework/" + "root/", False),
    ],
)
def test_the_machine_path_pattern_catches_paths_and_leaves_addresses(line: str, caught: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is caught


def test_no_generated_output_is_tracked() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert [name for name in names if GENERATED.search(name)] == []


def test_every_module_opens_with_a_docstring() -> None:
    without = [path for path in tracked("*.py") if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert [str(path.relative_to(ROOT)) for path in without] == []


def test_the_library_prints_only_at_the_command_line() -> None:
    found = []
    for path in tracked("negotiation/*.py"):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("negotiation/cli/"):
            continue
        found += [
            f"{name}:{node.lineno}"
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "pprint"}
        ]
    assert found == []


def test_importing_the_package_stays_light() -> None:
    heavy = {"numba", "matplotlib", "nashpy", "pydantic", "flint"}
    code = f"import sys, negotiation; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_decisions_stand_in_their_index() -> None:
    opening = re.compile(r"# (\d+)\. (.+)\n\n(\d{4}-\d\d-\d\d), (.+)\.\n")
    rows = ["| number | title | date | status |", "|---|---|---|---|"]
    for path in tracked("docs/decisions/0*.md"):
        found = opening.match(path.read_text(encoding="utf-8"))
        assert found, path.name
        assert int(path.name[:4]) == int(found[1])
        rows.append("| [{}]({}) | {} | {} | {} |".format(found[1], path.name, *found.groups()[1:]))
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    assert [line for line in index.splitlines() if line.startswith("|")] == rows


def test_the_index_of_the_documents_names_each() -> None:
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    pages = [path.relative_to(ROOT / "docs") for path in tracked("docs/*.md", "docs/*.ipynb")]
    own_index = ("decisions", "measurements")
    missing = [
        page.as_posix() for page in pages if page.parts[0] not in own_index and f"({page.as_posix()})" not in index
    ]
    assert missing == ["README.md"]


def test_every_process_of_the_package_is_started_where_it_also_ends_with_its_driver() -> None:
    files = [path for path in tracked("negotiation/*.py") if "import subprocess" in path.read_text(encoding="utf-8")]
    assert [path.name for path in files] == ["_processes.py"]


POSIX_ONLY = {
    "os": "fork forkpty killpg getpgid setpgid setsid getuid geteuid getgid setuid initgroups sched_getaffinity nice "
    "chown lchown mkfifo mknod statvfs uname getloadavg sysconf wait waitpid WNOHANG pipe2 posix_spawn execve execv "
    "pread pwrite O_NONBLOCK O_NOFOLLOW O_DIRECTORY O_CLOEXEC fchmod fchown openpty ttyname register_at_fork",
    "signal": "SIGKILL SIGALRM SIGHUP SIGUSR1 SIGUSR2 SIGPIPE SIGXFSZ SIGCHLD SIGSTOP SIGCONT alarm setitimer pause "
    "pthread_sigmask pthread_kill sigwait set_wakeup_fd",
}
MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "posix"}
# where each has a counterpart for Windows beside it, which a test with a faked platform runs
COUNTERPARTS = {
    ("enter.py", "execve"),
    ("_cores.py", "sched_getaffinity"),
    ("installer.py", "fcntl"),
    ("installer.py", "killpg"),
    ("installer.py", "SIGKILL"),
    ("_processes.py", "pthread_sigmask"),
    ("_processes.py", "SIGKILL"),
    ("guard.py", "resource"),
    ("pdf.py", "geteuid"),
}


def test_what_exists_on_posix_alone_has_a_counterpart() -> None:
    used = set()
    for path in tracked("negotiation/*.py", "bootstrap/*.py", "experiments/*.py", "tests/__main__.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                names = [node.attr] if node.attr in POSIX_ONLY.get(node.value.id, "").split() else []
            elif isinstance(node, ast.Import):
                names = [name.name for name in node.names if name.name in MODULES]
            elif isinstance(node, ast.ImportFrom):
                names = [str(node.module)] if node.module in MODULES else []
            used |= {(path.name, name) for name in names}
    assert used == COUNTERPARTS
