"""Beliefs after a low month: Bayes' rule."""

import pytest

from negotiation.calls.outcomes.false_accusations import posterior


def test_bayes_rule():
    assert posterior(0.5, 0.197, 0.999) == pytest.approx(0.8353, abs=1e-4)
