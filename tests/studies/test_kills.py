"""Nothing is lost: drivers and workers killed at random moments, full disks, damaged files; always the same bytes."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from negotiation.cli.study import status_of, status_text
from negotiation.errors import MachineError, OutputError
from negotiation.studies import compute
from negotiation.studies.part import FAILED, fingerprint
from negotiation.studies.run import run_study
from negotiation.studies.store import Store
from tests.processes import linux, wait_until, workers_of
from tests.studies.small import digests, small_study

ROOT = Path(__file__).parents[2]
DRIVER = [sys.executable, "-m", "tests.studies.small"]  # with ROOT as working directory


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The digests of an undisturbed run of the study that the embedded tests disturb."""
    folder = tmp_path_factory.mktemp("whole") / "study"
    run_study(small_study(8192, 256), folder, engine="serial")
    return digests(folder)


def test_twenty_kills_at_random_moments_leave_the_same_bytes(tmp_path):
    command = [*DRIVER, str(tmp_path), "kills", "5", "20"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    found = json.loads(done.stdout)
    assert found["kills"] == 20
    assert all(found["same"])
    # the kills hit a study at work: some chunks were there, some were not
    assert any(0 < left < found["chunks"] for left in found["left"])


def start(folder):
    command = [*DRIVER, str(folder), "embedded", "8192"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def parts(folder):
    return list((folder / "parts").glob("0*")) if (folder / "parts").is_dir() else []


@linux
def test_workers_killed_one_after_the_other_lose_nothing(tmp_path, whole):
    folder, rng = tmp_path / "study", random.Random(1)
    driver = start(folder)
    for kept in (2, 12):
        wait_until(lambda kept=kept: len(parts(folder)) >= kept)
        os.kill(rng.choice(wait_until(lambda: workers_of(driver.pid))), signal.SIGKILL)
    told, _ = driver.communicate(timeout=120)
    assert driver.returncode == 0
    assert json.loads(told) == whole


@linux
def test_a_killed_driver_leaves_no_orphans_and_its_work(tmp_path, whole):
    folder = tmp_path / "study"
    driver = start(folder)
    wait_until(lambda: len(parts(folder)) >= 3)
    workers = workers_of(driver.pid)
    assert workers
    driver.kill()
    driver.wait()
    driver.stdout.close()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 20)
    kept = len(parts(folder))
    said = []
    done = run_study(small_study(8192, 256), folder, engine="serial", progress=lambda *what: said.append(what))
    assert done.resumed == kept
    assert f"{done.resumed} of 32 chunks were there" in said[0][2]
    assert digests(folder) == whole


@linux
def test_an_interruption_ends_with_130_and_the_same_command_goes_on(tmp_path):
    words = ["study", "run", "rollback-2025", "--no-report", "--table", "none", "--jobs", "1", "--out", "here"]
    words += ["--vary", "minerals.leverage=0.2:0.9:200", "--vary", "monitoring.noise=0.05:0.2:200"]
    command = [sys.executable, "-m", "negotiation", *words]
    driver = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: len(parts(tmp_path / "here")) >= 2)
    driver.send_signal(signal.SIGINT)
    _, said = driver.communicate(timeout=60)
    assert driver.returncode == 130
    assert "finished chunks are kept; the same command goes on from there" in said
    assert "Traceback" not in said
    kept = len(parts(tmp_path / "here"))
    assert 2 <= kept < 10
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    assert f"{kept} of 10 chunks were there already" in again.stdout


@linux
def test_two_at_once_do_not_get_in_each_others_way(tmp_path, whole):
    folder = tmp_path / "study"
    driver = start(folder)
    wait_until(lambda: len(parts(folder)) >= 1)
    with pytest.raises(OutputError, match="another process is at work in"):
        run_study(small_study(8192, 256), folder, engine="serial")
    told, _ = driver.communicate(timeout=120)
    assert json.loads(told) == whole
    assert run_study(small_study(8192, 256), folder, engine="serial").resumed == 32


def test_a_full_disk_stops_the_study_and_keeps_what_is_there(tmp_path):
    folder = tmp_path / "study"
    run_study(small_study(256), folder, engine="serial")
    want = digests(folder)
    for file in list((folder / "parts").iterdir())[2:]:
        file.unlink()
    subprocess.run([*DRIVER, str(folder), "full-disk"], cwd=ROOT, check=True, timeout=120)
    said = (folder / "said.txt").read_text()
    assert "could not be written" in said
    assert "2 of 4 chunks are kept; run again to compute only the rest" in said
    (folder / "said.txt").unlink()
    run_study(small_study(256), folder, engine="serial")
    assert digests(folder) == want


def test_a_damaged_part_is_found_said_and_computed_again(tmp_path):
    folder = tmp_path / "study"
    run_study(small_study(512), folder, engine="serial")
    want = digests(folder)
    first, second, third = sorted((folder / "parts").iterdir())[:3]
    content = bytearray(first.read_bytes())
    content[len(content) // 2] ^= 1
    first.write_bytes(bytes(content))
    second.write_bytes(second.read_bytes()[:100])
    third.write_bytes(b"")
    said = []
    done = run_study(small_study(512), folder, engine="serial", progress=lambda *what: said.append(what[2]))
    assert done.damaged == 3
    assert "3 damaged part(s) are computed again" in said
    assert digests(folder) == want


def test_a_point_that_fails_is_a_row_with_its_reason_and_spoils_no_other(tmp_path, monkeypatch):
    real = compute.analyse_points

    def breaks(call, points):
        if call.name == "no_call" and (points.value("minerals.leverage") > 0.85).any():
            raise ZeroDivisionError("by hand")
        return real(call, points)

    folder = tmp_path / "whole"
    whole = run_study(small_study(128), folder, engine="serial").store
    monkeypatch.setattr(compute, "analyse_points", breaks)
    broken = run_study(small_study(128), tmp_path / "broken", engine="serial").store
    for one, other in zip(whole.read(), broken.read(), strict=True):
        bad = one.points[:, 0] > 0.85
        assert (other.state[bad, 0] == FAILED).all()
        assert all(other.reasons[int(n), 0] == "ZeroDivisionError: by hand" for n in bad.nonzero()[0])
        assert (one.values[~bad] == other.values[~bad])[one.state[~bad] == 0].sum() > 0
        assert (other.state[:, 1] == one.state[:, 1]).all()
    text = (tmp_path / "broken" / "table.csv").read_text()
    assert "failed" in text
    assert "ZeroDivisionError: by hand" in text


@pytest.mark.parametrize("spoil", ["another", "strangers", "version", "file", "unreadable"])
def test_a_folder_that_is_not_this_studys_is_refused_and_left(tmp_path, spoil):
    folder = tmp_path / "study"
    study = small_study(128)
    if spoil == "file":
        folder.write_text("mine")
    elif spoil == "strangers":
        folder.mkdir()
        (folder / "thesis.txt").write_text("mine")
    else:
        run_study(study, folder, engine="serial")
    if spoil == "version":
        manifest = folder / "study.json"
        manifest.write_text(manifest.read_text().replace('"numpy": "', '"numpy": "0.'))
    if spoil == "unreadable":
        (folder / "study.json").write_text("{")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with pytest.raises(OutputError) as told:
        run_study(study.replace(seed=8) if spoil == "another" else study, folder, engine="serial")
    words = {
        "another": "holds another study",
        "strangers": "holds other files (thesis.txt)",
        "version": "was begun by another version (numpy 0.",
        "file": "which is a file",
        "unreadable": "is not JSON",
    }
    assert words[spoil] in str(told.value)
    assert before == {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}


def test_fresh_forgets_this_study_only(tmp_path):
    folder = tmp_path / "study"
    study = small_study(256)
    run_study(study, folder, engine="serial")
    want = digests(folder)
    for file in (folder / "parts").iterdir():
        file.unlink()
    (folder / "parts" / f"00000-{'0' * 16}.npz").write_bytes(b"")
    done = run_study(study, folder, engine="serial", fresh=True)
    assert (done.resumed, done.damaged) == (0, 0)
    assert digests(folder) == want
    with pytest.raises(OutputError, match="holds another study"):
        run_study(study.replace(seed=8), folder, engine="serial", fresh=True)


def test_a_part_that_goes_bad_after_the_look_is_never_read_as_good(tmp_path):
    folder = tmp_path / "study"
    run_study(small_study(128), folder, engine="serial")
    store = Store.open_to_read(folder)
    victim = folder / "parts" / store.parts[1]
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    with pytest.raises(OutputError, match="run the study again to mend it"):
        list(store.read())


def odd_parts(folder):
    """Put things among the parts that are none: other names, folders, pipes, dead links, moved parts."""
    place = folder / "parts"
    names = sorted(file.name for file in place.iterdir())
    (place / "²-0123456789abcdef.npz").write_bytes(b"digits, but none that int() reads")
    (place / "99999999999999999999-0123456789abcdef.npz").write_bytes(b"")
    (place / "notes.txt").write_text("mine")
    first, second, third, fourth = (place / name for name in names[:4])
    moved = second.read_bytes()
    first.unlink()
    first.mkdir()
    (first / "inside.txt").write_text("mine")
    second.unlink()
    os.mkfifo(second)
    third.write_bytes(third.read_bytes()[:-9])
    fourth.unlink()
    fourth.symlink_to("nowhere")
    junk = b"no part at all"
    (place / f"00005-{fingerprint(junk)}.npz").write_bytes(junk)
    (place / f"00999-{fingerprint(moved)}.npz").write_bytes(moved)


@linux
def test_what_is_no_part_is_said_skipped_and_computed_again(tmp_path):
    folder, study = tmp_path / "study", small_study(500)
    run_study(study, folder, engine="serial")
    whole = digests(folder)
    odd_parts(folder)
    assert len(Store.open_to_read(folder).parts) == 4
    said = []
    done = run_study(study, folder, engine="serial", progress=lambda _done, _total, note: said.append(note))
    assert (done.resumed, done.damaged) == (4, 6)
    assert "6 damaged part(s) are computed again" in said
    assert any("are no parts (" in note and "notes.txt" in note for note in said)
    assert (folder / "parts" / "notes.txt").read_text() == "mine"
    assert [file.read_text() for file in (folder / "parts").glob("not-a-part-*/inside.txt")] == ["mine"]
    again = digests(folder)
    assert set(whole.pop("parts")) <= set(again.pop("parts"))
    assert again == whole


@pytest.mark.parametrize("wrong", [{"chunk": 0}, {"chunk": "64"}, {"points": -1}, {"outcomes": None}, {"vary": 3}])
def test_a_manifest_that_makes_no_sense_is_said_and_written_again(tmp_path, wrong):
    folder, study = tmp_path / "study", small_study(128)
    run_study(study, folder, engine="serial")
    whole = digests(folder)
    manifest = json.loads((folder / "study.json").read_text())
    (folder / "study.json").write_text(json.dumps(manifest | wrong))
    (name,) = wrong
    with pytest.raises(OutputError, match=rf"is not the manifest of a study \({name} is "):
        Store.open_to_read(folder)
    run_study(study, tmp_path / "sound", engine="serial")
    told = status_text(tmp_path, status_of(tmp_path))
    assert "complete: 128 of 128 points" in told
    assert f"({name} is " in told
    said = []
    run_study(study, folder, engine="serial", progress=lambda _done, _total, note: said.append(note))
    assert "study.json was damaged and is written again" in said
    assert digests(folder) == whole


def test_a_full_disk_is_the_machines_failure_and_leaves_no_half_file(tmp_path, monkeypatch):
    """The disk fills up before the first file, before the second, and so on: manifest, scenario, parts, end, table."""
    study = small_study(128)
    write, left = os.fsync, [0]

    def fsync(handle):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        write(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    for files in range(7):
        left[0], folder = files, tmp_path / str(files)
        if files < 6:
            with pytest.raises(MachineError, match="No space left on device"):
                run_study(study, folder, engine="serial", table="csv")
        else:
            assert run_study(study, folder, engine="serial", table="csv").table.is_file()
        assert not list(tmp_path.rglob("*.part"))
