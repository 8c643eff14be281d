"""Where the stored cases of the tests lie, and the scenarios of version 0.1.0."""

from pathlib import Path

from negotiation.trade.files.load import load_scenario

STORED = Path(__file__).parent / "cases"


def frozen(name):
    """Return a scenario with the numbers and conventions that it had in version 0.1.0, which stay for good."""
    return load_scenario(STORED / "frozen" / f"{name}.toml")
