"""Beliefs after low months: Bayes' rule, and what persistence of delays does to a run of them."""

import pytest

from negotiation.calls.accusation import persistence_ratio, posterior


def test_two_low_months_under_persistent_delay(closed_form):
    """Stored value 531/242: stationary chance .2, stay .6, low with .9 in a delay and .05 otherwise, by enumeration."""
    expected, _, _ = closed_form("persistence_makes_delay_more_credible")
    assert persistence_ratio(0.2, 0.6, 0.9, 0.05) == pytest.approx(expected, abs=1e-9)
    both = sum(
        first * second * low_first * low_second
        for first, low_first, nexts in ((0.2, 0.9, (0.6, 0.4)), (0.8, 0.05, (0.1, 0.9)))
        for second, low_second in zip(nexts, (0.9, 0.05), strict=True)
    )
    assert persistence_ratio(0.2, 0.6, 0.9, 0.05) == pytest.approx(both / 0.22**2)


def test_without_persistence_nothing_changes():
    assert persistence_ratio(0.2, 0.2, 0.9, 0.05, 3) == pytest.approx(1.0)


def test_bayes_rule():
    assert posterior(0.5, 0.197, 0.999) == pytest.approx(0.8353, abs=1e-4)
