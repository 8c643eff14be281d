"""The cache of posteriors and compiled kernels: whatever happens to it, answers are the same and one line says so."""

import errno
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from negotiation import _cache
from negotiation._cache import cache_folder, read_cache, write_cache
from negotiation._kernels import compiled


def truncated(file):
    file.write_bytes(file.read_bytes()[:-7])


def emptied(file):
    file.write_bytes(b"")


def flipped(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def a_folder(file):
    file.unlink()
    file.mkdir()


def a_pipe(file):
    file.unlink()
    os.mkfifo(file)


def a_loop(file):
    file.unlink()
    file.symlink_to(file)


DAMAGES = [truncated, emptied, flipped, a_folder, a_loop]
DAMAGES += [a_pipe] if hasattr(os, "mkfifo") else []


@pytest.fixture
def said(caplog):
    """Return a function for the lines that were said, as if by a new process."""
    _cache._say_once.cache_clear()
    caplog.set_level(logging.WARNING, "negotiation")
    return lambda: caplog.messages


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_not_there(tmp_path, said, damage):
    write_cache(tmp_path, "one", b"content")
    assert read_cache(tmp_path, "one") == b"content"
    assert said() == []
    damage(tmp_path / "one")
    assert read_cache(tmp_path, "one") is None
    assert read_cache(tmp_path, "one") is None
    assert len(said()) == 1


def test_every_flipped_bit_is_seen(tmp_path):
    write_cache(tmp_path, "one", b"content")
    whole = (tmp_path / "one").read_bytes()
    for place in range(8 * len(whole)):
        other = bytearray(whole)
        other[place // 8] ^= 1 << place % 8
        (tmp_path / "one").write_bytes(other)
        assert read_cache(tmp_path, "one") is None


def test_a_full_disk_leaves_nothing_and_says_so_once(tmp_path, said, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    write_cache(tmp_path, "one", b"content")
    write_cache(tmp_path, "two", b"content")
    assert list(tmp_path.iterdir()) == []
    (line,) = said()
    assert "No space left on device" in line


def test_without_a_folder_one_line_says_so(said):
    assert read_cache(None, "one") is None
    write_cache(None, "one", b"content")
    write_cache(None, "two", b"content")
    assert len(said()) == 1


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_kernel_is_compiled_again(tmp_path, said, monkeypatch, damage):
    def double(x):
        return 2 * x

    monkeypatch.setattr(compiled, "folder", lambda: tmp_path)
    assert compiled.kernel(double)(1.5) == 3.0
    (file,) = tmp_path.iterdir()
    again = compiled.kernel(double)
    assert again(1.5) == 3.0
    assert sum(again.stats.cache_hits.values()) == 1
    damage(file)
    mended = compiled.kernel(double)
    assert mended(1.5) == 3.0
    assert sum(mended.stats.cache_hits.values()) == 0
    assert said()
    if damage is not a_folder:
        assert sum(_hits(compiled.kernel(double)).values()) == 1


def _hits(function):
    function(1.5)
    return function.stats.cache_hits


def test_the_folder_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "negotiation"
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "missing"))
    assert cache_folder() is None
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "negotiation"


SCRIPT = """
import os
from negotiation._cache import cache_folder
from negotiation._kernels import compiled
def once(x):
    return x + 1
compiled.njit(once)(1)  # imports what only root may read here
os.setgid(54321), os.setuid(54321)
compiled.folder = cache_folder
def double(x):
    return 2 * x
print(compiled.kernel(double)(1.5))
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody unknown")
@pytest.mark.parametrize("home", ["unset", "missing", "read-only"])
def test_an_unknown_user_computes_without_a_cache(tmp_path, home):
    """The user has no entry in the list of users; as such it also cannot write where root can."""
    environment = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_CACHE_HOME")}
    environment["TMPDIR"] = str(tmp_path / "temporary")
    (tmp_path / "temporary").mkdir(mode=0o777)
    (tmp_path / "temporary").chmod(0o777)
    if home != "unset":
        environment["HOME"] = str(tmp_path / "missing" if home == "missing" else tmp_path)
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd="/", env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "3.0\n"), done.stderr
    (line,) = done.stderr.splitlines()  # both the reading and the writing were refused
    assert line.startswith("notice: the cache")
    assert list(Path(tmp_path / "temporary").iterdir()) == []
