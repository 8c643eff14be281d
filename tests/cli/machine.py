"""Import the command line once, then run each case in a fork of its own: `machine.py FOLDER < cases.json`.

A case names its words, a way ("full", "closed", "reader gone", "quiet", "quiet full", "ascii", "latin-1", "files",
"no file", "disk", "memory" or ""), and gets back its exit code and what it printed. A start costs milliseconds so.
"""

import contextlib
import json
import os
import resource
import signal
import sys
from pathlib import Path

from negotiation.cli import main
from negotiation.cli.app import VERBS, verb

for name in VERBS:
    verb(name)  # what it needs is imported before the forks

LIMITS = {"files": (resource.RLIMIT_NOFILE, 20), "disk": (resource.RLIMIT_FSIZE, 0)}
LIMITS["no file"] = LIMITS["files"]
LIMITS["memory"] = (resource.RLIMIT_AS, 300 << 20)


def prepare(way, out, err):
    """Give this process the streams and limits of a case."""
    os.dup2(out, 1)
    os.dup2(err, 2)
    if way == "full":
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
    if way == "quiet full":
        os.dup2(os.open("/dev/full", os.O_WRONLY), 2)
    if way == "reader gone":
        ear, mouth = os.pipe()
        os.dup2(mouth, 1)
        os.close(ear)
        os.close(mouth)
    closed = {"closed": 1, "quiet": 2}.get(way)
    encoding = way if way in ("ascii", "latin-1") else "utf-8"
    for number, name in ((1, "stdout"), (2, "stderr")):
        if number == closed:
            os.close(number)
        setattr(sys, name, None if number == closed else os.fdopen(number, "w", encoding=encoding, closefd=False))
    if way in LIMITS:
        kind, most = LIMITS[way]
        resource.setrlimit(kind, (most, most))


def case(words, way):
    """Run one case and return its exit code (minus the signal that killed it), standard output and error."""
    pipes = [os.pipe(), os.pipe()]
    process = os.fork()
    if process == 0:
        prepare(way, pipes[0][1], pipes[1][1])
        os.closerange(3, 64)
        if way == "no file":
            with contextlib.suppress(OSError):  # until none is left
                while True:
                    os.open(os.devnull, os.O_RDONLY)
        signal.alarm(60)
        main(words)
    said = []
    for _, mouth in pipes:
        os.close(mouth)
    for ear, _ in pipes:
        with os.fdopen(ear, "rb") as file:
            said.append(file.read())
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return {
        "words": words,
        "way": way,
        "code": code,
        "out": said[0].decode("latin-1"),
        "err": said[1].decode("latin-1"),
    }


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    answers = []
    for words, way in json.load(sys.stdin):
        before = set(Path().rglob("*"))
        answers.append(case(words, way))
        answers[-1]["new"] = sorted(map(str, set(Path().rglob("*")) - before))
    sys.stdout.write(json.dumps(answers))
