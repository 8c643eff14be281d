"""Run an experiment; the first time, set everything up.

    python3 experiments [NAME] [options]    run experiments/NAME.py (default: call_outcomes)
    python3 experiments NAME --help         the options of one experiment
    python3 experiments --list              the experiments there are

Exit codes: 0 done, 1 the set-up failed, 2 the input is wrong, 3 the machine failed, 130 interrupted.
"""

# No annotations and no f-strings: this file has to parse on any Python, to tell an old one which version is needed.
import sys

DEFAULT = "call_outcomes"


def main(arguments):
    """Run the experiment that `arguments` name, in the project's environment."""
    import runpy
    from pathlib import Path

    here = Path(__file__).resolve().parent
    scripts = {path.stem: path for path in sorted(here.glob("[a-z]*.py"))}
    if arguments[:1] in (["--list"], ["--help"], ["-h"]):
        sys.stdout.write(listing(scripts) if arguments == ["--list"] else __doc__ + "\n" + listing(scripts))
        return 0
    named = bool(arguments) and not arguments[0].startswith("-")
    name = arguments[0] if named else DEFAULT
    name = Path(name).stem if name.endswith(".py") else name
    if name not in scripts:
        sys.stderr.write(unknown(name, scripts))
        return 2
    runpy.run_path(str(here.parent / "bootstrap" / "enter.py"))["enter"](here.parent)
    return run(scripts[name], arguments[1:] if named else arguments)


def run(script, options):
    """Run a script as `__main__` and end; an interruption and a mistake in the input end without a traceback."""
    import runpy

    from negotiation._cores import one_thread_each
    from negotiation.cli.guard import guarded

    one_thread_each()
    sys.argv = [str(script)] + options
    guarded(lambda: runpy.run_path(str(script), run_name="__main__"))


def listing(scripts):
    """Return a line for each script: its name and the first line of its docstring."""
    import ast

    lines = []
    for name, path in scripts.items():
        text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        lines.append("  " + name.ljust(max(map(len, scripts)) + 2) + text.split("\n")[0] + "\n")
    return "".join(lines) or "there are no experiments here\n"


def unknown(name, scripts):
    """Return the sentence for a name that no script has."""
    import difflib

    close = difflib.get_close_matches(name, scripts, n=1, cutoff=0.4)
    hint = "did you mean '" + close[0] + "'?" if close else "there are: " + (", ".join(scripts) or "none")
    return "experiments: there is no experiment '" + name + "'; " + hint + " (python3 experiments --list)\n"


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - older ones run this file too
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.exit("negotiation needs Python 3.11 or newer; this is Python " + found + " (" + sys.executable + ")")
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:  # before the experiment itself, which sees to its own
        sys.stderr.write("\ninterrupted\n")
        code = 130
    except OSError as error:
        sys.stderr.write("experiments: " + str(error) + "\n")
        sys.stdout = None  # what it still holds would fail again
        code = 3
    sys.exit(code)
