"""Result folders: never another's, never half a file, never outside; and pages written again from what was kept."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation._version import versions
from negotiation.errors import InputError, OutputError
from negotiation.report.render import pdf
from negotiation.report.runs.folder import ResultFolder, owner, run_digest, safe_name
from negotiation.report.runs.write import RUN_PACKAGES, render_again, write_report

RUN, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture
def written(report, tmp_path):
    folder = ResultFolder.open("main", "rollback", RUN, base=tmp_path)
    write_report(report, folder, {"b": 1.5, "a": [float("inf")]}, "x = 1\n", {"command": "c", "seconds": 1.25})
    return folder.path


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@given(st.text(max_size=80))
def test_a_name_is_one_harmless_part_of_a_path(name):
    safe = safe_name(name)
    assert safe
    assert len(safe) <= 60
    assert Path(safe).name == safe
    assert not safe.startswith((".", "-"))
    assert ".." not in safe
    assert set(safe) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")


@pytest.mark.parametrize("name", ["../../etc", "/etc/passwd", "a\x00b", "..", "CON\n", "C:\\x"])
def test_no_name_leaves_the_output_folder(tmp_path, name):
    folder = ResultFolder.open(name, name, RUN, base=tmp_path / "results")
    assert folder.path.parent == tmp_path / "results"
    with pytest.raises(OutputError):
        folder.write("../escaped.txt", "x")
    assert not (tmp_path / "escaped.txt").exists()


def test_every_file_is_there_and_times_are_in_run_json_only(written):
    files = contents(written)
    names = {"index.html", "report.md", "report.json", "results.json", "scenario.toml", "run.json"}
    assert set(files) == names
    assert files["results.json"] == b'{\n "a": [\n  "inf"\n ],\n "b": 1.5\n}\n'
    assert files["scenario.toml"] == b"x = 1\n"
    run = json.loads(files["run.json"])
    assert (run["digest"], run["state"], run["seconds"]) == (RUN, "complete", 1.25)
    assert set(run["files"]) == names - {"run.json"}
    assert run["versions"]["python"].startswith("3.")


def test_the_same_run_resumes_and_gives_the_same_bytes(written, report):
    before = contents(written)
    folder = ResultFolder.open("main", "rollback", RUN, base=written.parent)
    assert folder.path == written
    write_report(report, folder, {"b": 1.5, "a": [float("inf")]}, "x = 1\n", {"command": "c", "seconds": 1.25})
    assert contents(written) == before


def test_another_run_is_refused_and_nothing_is_touched(written):
    before = contents(written)
    with pytest.raises(OutputError, match="holds another run \\(ababab, this is cdcdcd\\)"):
        ResultFolder.open("main", "rollback", OTHER, out=written)
    assert contents(written) == before


def test_digests_that_begin_alike_get_folders_apart(written):
    twin = ResultFolder.open("main", "rollback", RUN[:6] + OTHER[6:], base=written.parent)
    assert twin.path != written
    assert twin.path.name == "main-rollback-abababcd"


def test_a_folder_of_other_files_or_a_damaged_run_is_refused(tmp_path):
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(OutputError, match=r"holds other files \(index.html\)"):
        ResultFolder.open("a", "b", RUN, out=tmp_path)
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(OutputError, match="unreadable"):
        ResultFolder.open("a", "b", RUN, out=tmp_path)
    assert (tmp_path / "index.html").read_text() == "mine"


def test_out_is_that_folder_itself_and_is_claimed_at_once(tmp_path):
    folder = ResultFolder.open("a", "b", RUN, out=tmp_path / "deep" / "here")
    assert folder.path == tmp_path / "deep" / "here"
    assert owner(folder.path) == RUN


@pytest.mark.parametrize("part", ["file", "file/below", "file/below/further"])
def test_a_file_in_the_way_gives_one_sentence(tmp_path, part):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match=r"which is a file\.$"):
        ResultFolder.open("a", "b", RUN, out=tmp_path / part)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("part", ["x" * 300, "nul\x00byte"])
def test_an_impossible_path_gives_one_sentence(tmp_path, part):
    with pytest.raises(OutputError, match="cannot be used"):
        ResultFolder.open("a", "b", RUN, out=tmp_path / part)


def test_a_folder_that_is_not_writable_gives_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="is not writable"):
        ResultFolder.open("a", "b", RUN, out=tmp_path)


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path, monkeypatch):
    folder = ResultFolder.open("a", "b", RUN, out=tmp_path)
    folder.write("results.json", "old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        folder.write("results.json", "new" * 1000)
    assert contents(tmp_path).keys() == {"run.json", "results.json"}
    assert (tmp_path / "results.json").read_text() == "old"


def test_a_page_is_written_again_without_solving(written):
    before = contents(written)
    (written / "index.html").write_text("spoiled")
    (written / "report.md").unlink()
    assert render_again(written) == [written / "index.html", written / "report.md"]
    assert contents(written) == before


def test_a_folder_without_a_report_says_so(tmp_path):
    with pytest.raises(InputError, match=r"holds no report\.json"):
        render_again(tmp_path)
    (tmp_path / "report.json").write_text("[1,")
    with pytest.raises(InputError, match="is not JSON"):
        render_again(tmp_path)


def test_the_digest_depends_on_all_that_decides_a_result():
    base = {"scenario": "s", "changes": ["c"], "seed": 7, "options": {"tolerance": 1e-9}, "version": "1"}
    digest = run_digest(**base)
    assert run_digest(**base) == digest
    others = [("scenario", "t"), ("changes", []), ("seed", 8), ("options", {"tolerance": 1e-8}), ("version", "2")]
    assert len({run_digest(**{**base, name: value}) for name, value in others} | {digest}) == 6


def test_versions_name_what_decides_numbers():
    assert {"negotiation", "python", "numpy", "scipy", "matplotlib"} <= set(versions(*RUN_PACKAGES))


def test_without_a_browser_one_sentence_says_what_to_do(written, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OutputError, match="No Chromium was found"):
        pdf.print_pdf(written / "index.html")


def _browser(folder, monkeypatch, script):
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_browser_that_fails_is_quoted_and_an_old_pdf_stays(written, tmp_path, monkeypatch):
    (written / "index.pdf").write_text("old")
    _browser(tmp_path, monkeypatch, "echo 'first' >&2; echo 'it broke' >&2; exit 3")
    with pytest.raises(OutputError, match=r"chromium did not print the PDF \(exit code 3\): it broke"):
        pdf.print_pdf(written / "index.html")
    assert (written / "index.pdf").read_text() == "old"
    assert not list(written.glob(".pdf-*"))


def test_the_pdf_is_put_in_place_and_the_browser_stays_off_the_network(written, tmp_path, monkeypatch):
    script = 'for each in "$@"; do case "$each" in --print-to-pdf=*) printf "%%PDF-1.7 $*" > "${each#*=}";; esac; done'
    _browser(tmp_path, monkeypatch, script)
    text = pdf.print_pdf(written / "index.html").read_text()
    assert "--disable-background-networking" in text
    assert text.endswith((written / "index.html").as_uri())


@pytest.mark.skipif(not any(shutil.which(name) for name in pdf.BROWSERS), reason="no Chromium is installed")
@pytest.mark.slow
def test_a_real_browser_prints_the_page(written):
    target = pdf.print_pdf(written / "index.html")
    assert target.read_bytes()[:5] == b"%PDF-"
    if shutil.which("pdftotext"):
        words = subprocess.run(["pdftotext", str(target), "-"], capture_output=True, text=True, check=True).stdout
        assert "Does it hold?" in words
