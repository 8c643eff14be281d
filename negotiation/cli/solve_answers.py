"""The answer to one game of `solve`: payoff sets, or stage equilibria for a game played once, and what was added."""

from __future__ import annotations

import json
import time
from typing import NamedTuple

from negotiation.cli.one_shot_text import one_shot_text
from negotiation.cli.solution_text import solution_text
from negotiation.cli.solve_more import patient_lines, patient_object, strategy_lines, strategy_object
from negotiation.errors import InputError
from negotiation.games.dynamic import OneShotGame
from negotiation.games.solution import Solution
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.scores.limit_set import PatientLimit, patient_limit
from negotiation.solve.solution_record import one_shot_object, solution_object
from negotiation.solve.strategies.construction import supporting_strategy
from negotiation.solve.strategies.public_strategy import PublicStrategy


class More(NamedTuple):
    """What is asked besides the payoff sets: the limit of patience, a strategy worth a payoff."""

    patient: bool
    support: tuple[float, float] | None


def json_line(answer: Solution | OneShotGame, name: str, began: float, more: More, proof: bool) -> str:
    """Return the answer as one line of JSON, with what was asked besides."""
    if isinstance(answer, OneShotGame):
        data = one_shot_object(answer, name)
    else:
        data = solution_object(with_certificate(answer) if proof else answer, name)
    limit, strategy = _besides(answer, more)
    data.update({"patient_limit": patient_object(limit)} if limit is not None else {})
    data.update({"strategy": strategy_object(strategy)} if strategy is not None else {})
    data["timing"] = {"seconds": round(time.perf_counter() - began, 6)}
    return json.dumps(data)


def text_answer(answer: Solution | OneShotGame, name: str, began: float, more: More) -> str:
    """Return the answer for the terminal, with what was asked besides."""
    limit, strategy = _besides(answer, more)
    if isinstance(answer, OneShotGame):
        text = one_shot_text(answer, one_shot_object(answer, name), name)
    else:
        text = solution_text(answer, name, lambda: time.perf_counter() - began)
    besides = (patient_lines(limit) if limit is not None else []) + (strategy_lines(strategy) if strategy else [])
    return "\n".join([text, *besides])


def _besides(answer: Solution | OneShotGame, more: More) -> tuple[PatientLimit | None, PublicStrategy | None]:
    """Return what was asked for besides; the discount factor plays no role in the limit of patience."""
    if isinstance(answer, OneShotGame):
        if more.support is not None:
            raise InputError.single("game", "discount", "is missing: a strategy needs one", "add --discount 0.9")
        return patient_limit(answer.repeated(0.5)) if more.patient else None, None
    limit = patient_limit(answer.game) if more.patient else None
    return limit, supporting_strategy(answer, more.support) if more.support is not None else None
