"""Fixtures of the evidence tests: the shipped rows, the eve of the call assessed."""

from datetime import date

import pytest

EVE = date(2025, 6, 1)


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
