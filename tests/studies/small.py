"""A small study cut into many chunks, for tests that kill it; run as a script it is such a driver.

    python -m tests.studies.small FOLDER ENGINE POINTS      run the study to its end, print its digests
    python -m tests.studies.small FOLDER kills SEED COUNT   run it over and over, killing it at random moments
    python -m tests.studies.small FOLDER full-disk          run it while no file may grow

The second form prints what came of it. It imports everything once and forks: a kill then costs milliseconds, not the
start of an interpreter.
"""

import hashlib
import json
import os
import random
import resource
import signal
import sys
import time
from pathlib import Path

from negotiation.errors import OutputError
from negotiation.studies.run import run_study
from negotiation.studies.study import Study, sample_of
from tests.stored import frozen

CHUNK = 64


def small_study(points=2048, chunk=CHUNK):
    scenario = frozen("rollback-2025")
    # some of these points break the rule between elasticity and preferred tariff: refused ones are part of the table
    ranges = {"minerals.leverage": (0.2, 0.9), "tariffs.us.demand_elasticity": (1.3, 3.5)}
    sample = sample_of("latin_hypercube", ranges, points)
    keys = ("mutual_reversion", "compensation")
    return Study("small", scenario, sample=sample, calls=("no_call", "clarification"), regimes=keys, chunk_points=chunk)


def digests(folder):
    """Return the digest of every final file of a study, and of all parts by name."""
    names = ("study.json", "done.json", "table.csv", "scenario.toml")
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    found["parts"] = sorted(file.name for file in (folder / "parts").iterdir())
    return found


def killed_once(study, folder, seconds):
    """Fork a run and kill it after some time; return whether it was still running."""
    child = os.fork()
    if child == 0:
        try:
            run_study(study, folder, engine="serial")
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def kill_over_and_over(folder, seed, count):
    study, rng = small_study(), random.Random(seed)
    run_study(study, folder / "whole", engine="serial")
    # the first run may have compiled the kernels: only a second one tells how long a run takes
    start = time.perf_counter()
    run_study(study, folder / "whole", engine="serial", fresh=True)
    whole = time.perf_counter() - start
    kills, round_, left = 0, 0, []
    while kills < count:
        target = folder / f"round-{round_}"
        finished = False
        while not finished and kills < count:
            # late kills too: the table and the last files are written at the end
            if killed_once(study, target, rng.uniform(0, 0.5 * whole)):
                kills += 1
                left.append(len(list((target / "parts").glob("0*"))) if (target / "parts").is_dir() else 0)
            else:
                finished = True
        run_study(study, target, engine="serial")
        round_ += 1
    same = [digests(folder / f"round-{n}") == digests(folder / "whole") for n in range(round_)]
    return {"kills": kills, "rounds": round_, "same": same, "left": left, "chunks": -(-study.size // study.chunk)}


def on_a_full_disk(folder, study):
    """Run while no file may grow beyond some kilobytes, as on a full disk; return the message."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, resource.RLIM_INFINITY))
        try:
            run_study(study, folder, engine="serial")
        except OutputError as error:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            (folder / "said.txt").write_text(str(error))
        os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    where, what = Path(sys.argv[1]), sys.argv[2]
    if what == "kills":
        sys.stdout.write(json.dumps(kill_over_and_over(where, int(sys.argv[3]), int(sys.argv[4]))))
    elif what == "full-disk":
        on_a_full_disk(where, small_study(256))
    else:
        run_study(small_study(int(sys.argv[3]), 256), where, engine=what, jobs=2)
        sys.stdout.write(json.dumps(digests(where)))
