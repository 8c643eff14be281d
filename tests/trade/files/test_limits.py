"""Inputs without measure: huge numbers, names and files that never end. Each is refused at once, in one sentence."""

import os
import socket
import stat

import numpy as np
import pytest

from negotiation._files import read_bytes
from negotiation.errors import InputError
from negotiation.evidence.data.shipments import load_shipments
from negotiation.games.files.load import read_game
from negotiation.studies.compute import compute
from negotiation.studies.design import read_draws
from negotiation.studies.file import load_study
from negotiation.studies.part import FAILED
from negotiation.studies.study import Axis, Study
from negotiation.studies.vary import parse_axis
from negotiation.trade.files.load import load_scenario
from negotiation.trade.parameters.parameter import LARGEST_NUMBER, SMALLEST_NUMBER, interval

STUDY = 'format = 1\nscenario = "rollback-2025"\n'


def refused(read, *arguments):
    """Return the problems that `read` raises."""
    with pytest.raises(InputError) as caught:
        read(*arguments)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600
    return caught.value.problems


@pytest.mark.parametrize("digits", [20, 400, 5000])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("minerals.leverage = {}", "minerals.leverage"),
        ("minerals = {{ leverage = {{ value = 1, low = {} }} }}", "minerals.leverage.low"),
        ("monitoring.edges = [0.5, {}]", "monitoring.edges.1"),
        ("period_days = {}", "period_days"),
        ("format = {}", "format"),
        ('calls = [{{ name = "no_call", probability = {} }}]', "calls.0.probability"),
        ("title = {}", "title"),
    ],
)
def test_whole_numbers_of_many_digits_in_a_scenario(tmp_path, digits, sign, line, path):
    file = tmp_path / "mine.toml"
    file.write_text('extends = "rollback-2025"\n' + line.format(sign + "9" * digits) + "\n")
    (problem,) = refused(load_scenario, str(file))
    assert problem.line == 2
    assert "a whole number of" in problem.message
    assert problem.path == (path if digits < 4300 else "")


@pytest.mark.parametrize("number", ["9" * 19, "1" + "0" * 30, "9" * 5000, "1000000000", "100000001"])
@pytest.mark.parametrize(
    "table",
    [
        '[sample]\nvary = ["judgement"]\npoints = {}\n',
        '[sample]\nkind = "posterior"\npoints = {}\n',
        '[[vary]]\npath = "minerals.leverage"\npoints = {}\n',
    ],
)
def test_more_points_than_a_study_may_have(tmp_path, number, table):
    file = tmp_path / "mine.toml"
    file.write_text(STUDY + table.format(number))
    said = " ".join(problem.message for problem in refused(load_study, str(file)))
    assert "at most 100,000,000" in said or "whole number of" in said
    assert "GiB of memory" in said or "whole number of" in said


@pytest.mark.parametrize("count", [10**8 + 1, 10**9, 10**30])
def test_a_grid_of_the_command_line_is_capped(count):
    (problem,) = refused(parse_axis, f"minerals.leverage=0.2:0.9:{count}")
    assert "at most 100,000,000 are allowed" in problem.message
    assert "GiB of memory" in problem.message


@pytest.mark.parametrize("ends", ["-inf:1", "0:inf", "nan:1", "0:nan", "0:1e999"])
def test_a_grid_needs_finite_ends(ends):
    (problem,) = refused(parse_axis, f"minerals.leverage={ends}:3")
    assert "finite" in problem.message


def test_axes_that_multiply_beyond_the_cap(default_scenario):
    axes = tuple(Axis(path, np.linspace(0.2, 0.8, 2000)) for path in ("minerals.leverage", "monitoring.verification"))
    third = Axis("monitoring.noise", np.linspace(0.1, 0.2, 30))
    (problem,) = refused(lambda: Study("s", default_scenario, axes=(*axes, third)))
    assert "120,000,000" in problem.message


@pytest.mark.parametrize("length", [256, 300, 5000, 200_000])
def test_names_that_no_file_can_have(tmp_path, length):
    name = "n" * length
    file = tmp_path / "mine.toml"
    file.write_text(f'extends = "{name}"\n')
    (problem,) = refused(load_scenario, str(file))
    assert (problem.path, problem.line) == ("extends", 1)
    file.write_text(f'format = 1\nscenario = "{name}"\n')
    (problem,) = refused(load_study, str(file))
    assert (problem.path, problem.line) == ("scenario", 2)


@pytest.fixture
def specials(tmp_path, monkeypatch):
    """Return paths of what is no regular file."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.csv")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.csv")
        (tmp_path / "folder.csv").mkdir()
        (tmp_path / "device.csv").symlink_to("/dev/zero")
        (tmp_path / "link.csv").symlink_to("pipe.csv")
        (tmp_path / "endless.csv").symlink_to("/proc/self/pagemap")
        yield [tmp_path / f"{name}.csv" for name in ("pipe", "socket", "folder", "device", "link", "endless")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in its file system")
@pytest.mark.parametrize("read", [load_scenario, read_game, load_study, load_shipments, "draws"])
def test_files_that_never_end_are_not_begun(specials, default_scenario, read):
    for path in specials:
        if not path.exists() and not stat.S_ISSOCK(path.lstat().st_mode):
            continue  # a system without /proc
        if read == "draws":
            refused(read_draws, path, default_scenario)
        else:
            refused(read, path if read is not load_study else str(path))


def test_a_file_that_is_too_large(tmp_path):
    file = tmp_path / "large"
    with file.open("wb") as handle:
        handle.truncate(2_000_001)
    (problem,) = refused(read_bytes, file, "a game", 2_000_000)
    assert problem.message == "is larger than 2 MB: too large for a game"
    assert len(read_bytes(file, "a game", 2_000_001)) == 2_000_001


def test_no_number_of_a_scenario_overflows(default_scenario):
    """At the largest and the smallest number of every domain, nothing is computed with a warning or an exception."""
    for path, item in default_scenario.parameters.items():
        if isinstance(item.value, tuple):
            continue
        wanted = (LARGEST_NUMBER, -LARGEST_NUMBER, SMALLEST_NUMBER, 1e6, 40.0, 1e-12, 0.0)
        values = np.array([value for value in wanted if value in interval(item.domain)])
        part = compute(Study("s", default_scenario, axes=(Axis(path, values),)), values[:, None])
        assert not (part.state == FAILED).any(), (path, part.reasons)


@pytest.mark.parametrize("number", ["1e+300", "1e16", "1e-200"])
def test_a_number_beyond_what_is_computed_with_is_refused(default_scenario, number):
    assert float(number) not in interval("(0, inf)")
    with pytest.raises(InputError, match="from 1e-100"):
        default_scenario.parameter("monitoring.noise").replace(value=float(number))
