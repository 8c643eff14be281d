"""Run the checks; the first time, set everything up.

    python3 tests                    lint, format, types, layers and tests
    python3 tests [pytest options]   only pytest, with these options: python3 tests tests/solve -k nash

Exit codes: 0 when everything passed, 1 when something failed or the set-up did, 130 when interrupted, else pytest's.
"""

# No annotations and no f-strings: this file has to parse on any Python, to tell an old one which version is needed.
import sys

CHECKS = (
    ("lint", ["-m", "ruff", "check", "."]),
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("types", ["-m", "mypy"]),
    ("layers", ["-c", "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"]),
    ("tests", ["-m", "pytest", "-n", "auto"]),
)


def main(arguments):
    """Run every check, or pytest alone with `arguments`, in the project's environment; return the exit code."""
    import runpy
    from pathlib import Path

    root = Path(__file__).resolve().parents[1]
    runpy.run_path(str(root / "bootstrap" / "enter.py"))["enter"](root, ["test"])
    if arguments:
        return call(["-m", "pytest", "--rootdir", str(root), "-c", str(root / "pyproject.toml")] + arguments, None)
    return run_all(root)


def run_all(root):
    """Run the checks one after the other, each whatever became of the others, and sum up."""
    import time

    results = []
    for name, command in CHECKS:
        sys.stdout.write("== " + name + ": python " + " ".join(command) + "\n")
        sys.stdout.flush()
        start = time.monotonic()
        code = call(command, root)
        results.append((name, code, time.monotonic() - start))
    for name, code, seconds in results:
        sys.stdout.write(
            name.ljust(8) + ("ok" if code == 0 else "FAILED").ljust(8) + str(round(seconds, 1)).rjust(6) + " s\n"
        )
    return int(any(code for _, code, _ in results))


def call(command, folder):
    """Run Python with `command` in `folder` and return its exit code; when interrupted let it clean up first."""
    import subprocess

    process = subprocess.Popen([sys.executable] + command, cwd=folder)
    try:
        return process.wait()
    except KeyboardInterrupt:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()
        raise


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - older ones run this file too
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.exit("negotiation needs Python 3.11 or newer; this is Python " + found + " (" + sys.executable + ")")
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        sys.exit(130)
