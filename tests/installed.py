"""The package as users get it: a wheel of this checkout, put into an environment that cannot see the checkout."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def built_wheel(folder):
    """Return a wheel of this checkout, made in `folder`; the test is skipped where hatchling is not installed."""
    pytest.importorskip("hatchling", reason="hatchling, which builds the wheel, is not installed (extra `test`)")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = Path(folder).glob("*.whl")
    return wheel


def folder_of_commands(environment):
    """Return where an environment keeps its commands: `bin`, or `Scripts` on Windows."""
    return environment / ("Scripts" if os.name == "nt" else "bin")


def environment_with(wheel, environment):
    """Make or mend an environment that holds the wheel, and sees what this Python has installed but not the checkout.

    What an unchanged file left behind (byte code, compiled kernels) stays; everything else is as after a fresh install.
    """
    if not (environment / "pyvenv.cfg").exists():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    # a path in a .pth file is not searched for .pth files of its own: an editable install of the checkout stays unseen
    others = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    _write(site / "others.pth", "\n".join(others).encode())
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        for name in names:
            _write(site / name, archive.read(name))
    for path in [*(site / "negotiation").rglob("*.py")]:
        if path.relative_to(site).as_posix() not in names:
            path.unlink()
    script = folder_of_commands(environment) / "negotiation"
    python = folder_of_commands(environment) / "python"
    _write(script, f"#!{python}\nimport sys\nfrom negotiation.cli import main\nsys.exit(main())\n".encode())
    script.chmod(0o755)
    return environment


def _write(target, content):
    """Write what differs: another process may run what is there."""
    if not target.exists() or target.read_bytes() != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
