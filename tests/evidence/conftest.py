"""Fixtures of the evidence tests: a cache folder of their own, the shipped rows, the eve of the call assessed."""

import os
from datetime import date

import pytest

EVE = date(2025, 6, 1)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


@pytest.fixture(scope="session")
def rows():
    from negotiation.evidence.data.shipments import load_shipments

    return load_shipments()


@pytest.fixture(scope="session")
def events():
    from negotiation.evidence.data.events import load_events

    return load_events()


@pytest.fixture(scope="session")
def eve():
    """Return the assessment as of 1 June 2025, with few draws."""
    from negotiation.evidence.answers.assessment import assess
    from negotiation.evidence.model.posterior import QUICK

    return assess(EVE, effort=QUICK)
