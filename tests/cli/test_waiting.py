"""The first call on a machine: what is said, and the process that shares the work."""

import pytest

from negotiation._kernels import compiled
from negotiation._processes import Processes
from negotiation.cli import waiting


@pytest.fixture
def started(monkeypatch):
    """What helpers were asked to do; every kernel counts as not compiled yet."""
    asked = []
    submit = Processes.submit
    monkeypatch.setattr(compiled, "is_warm", lambda _: False)
    monkeypatch.setattr(Processes, "submit", lambda pool, task: asked.append(task) or submit(pool, task))
    return asked


@pytest.mark.parametrize(
    ("parts", "seconds", "helpers"),
    [(["perfect"], "20 s", []), (["noisy"], "10 s", []), (["noisy", "perfect"], "20 s", [waiting.noisy])],
)
def test_a_cold_start_says_how_long_it_takes_and_shares_the_work(started, capsys, parts, seconds, helpers):
    with waiting.compiling(parts):
        pass
    assert seconds in capsys.readouterr().err
    assert started == helpers


def test_a_warm_start_says_nothing(capsys, monkeypatch):
    monkeypatch.setattr(compiled, "is_warm", lambda _: True)
    monkeypatch.setattr(Processes, "submit", lambda *_: pytest.fail("no helper is needed"))
    with waiting.compiling(list(waiting.KERNELS)):
        pass
    assert capsys.readouterr().err == ""


def test_the_helper_leaves_the_last_kernel_of_its_part_on_disk():
    with Processes(1) as pool:
        pool.submit(waiting.noisy).result()
    assert compiled.is_warm(waiting.KERNELS["noisy"])
    assert not compiled.is_warm("public.no_such_kernel")


@pytest.mark.parametrize("name", waiting.KERNELS.values())
def test_every_part_ends_with_a_kernel_that_exists(name):
    module, kernel = name.split(".")
    found = __import__(f"negotiation._kernels.{module}", fromlist=[kernel])
    assert getattr(found, kernel).targetoptions["nopython"]
