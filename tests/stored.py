"""Where the stored cases of the tests lie."""

from pathlib import Path

STORED = Path(__file__).parent / "cases"
