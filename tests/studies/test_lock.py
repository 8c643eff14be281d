"""The lock of a folder: one holder at a time, free again when it lets go or dies, also where `fcntl` is absent."""

import subprocess
import sys

import pytest

from negotiation._files import lock_folder

HOLDER = """
import sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")  # of a lock that is only a file
if sys.argv[2] == "absent":
    sys.modules["fcntl"] = None
from negotiation._files import lock_folder
lock = lock_folder(Path(sys.argv[1]))
try:
    lock_folder(Path(sys.argv[1]))
except BlockingIOError:
    print("held", flush=True)
if sys.argv[3] == "wait":
    sys.stdin.read()
lock.release()
lock_folder(Path(sys.argv[1])).release()
print("free", flush=True)
"""


@pytest.mark.parametrize("fcntl", ["there", "absent"])
def test_one_holder_at_a_time(tmp_path, fcntl):
    done = subprocess.run(
        [sys.executable, "-c", HOLDER, str(tmp_path), fcntl, "go"], capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("held\nfree\n", "")


def test_a_holder_that_is_killed_holds_nothing(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path), "there", "wait"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BlockingIOError):
            lock_folder(tmp_path)
        holder.kill()
        holder.wait()
    lock_folder(tmp_path).release()
