"""Which parameter values to judge: bisection from both sides, or a grid with every change of the answer closed in."""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from itertools import groupby, pairwise

from negotiation._values import Value
from negotiation.solve.public.enforceability import Answer
from negotiation.solve.thresholds.claims import Verdict

Judge = Callable[[float], Verdict]


class Stretch(Value):
    """Parameter values from `low` to `high` with one answer."""

    answer: Answer
    low: float
    high: float

    def words(self) -> str:
        """Return the stretch in words."""
        low, high = self.digits()
        where = f"at {low}" if self.low == self.high else f"from {low} to {high}"
        return f"{self.answer.value} {where}"

    def digits(self) -> tuple[str, str]:
        """Return both ends in seven digits: inside of what is proven, and beyond what is undecided."""
        inward = (ROUND_CEILING, ROUND_FLOOR)
        ways = inward if self.answer is not Answer.UNDECIDED else inward[::-1]
        ends = [Context(7, way).create_decimal(repr(end)) for end, way in zip((self.low, self.high), ways, strict=True)]
        if self.low == self.high or ends[0] > ends[1]:
            return repr(self.low), repr(self.high)
        return f"{ends[0].normalize():f}", f"{ends[1].normalize():f}"


def bisected(judged: Judge, low: float, high: float, rises: bool, width: float) -> tuple[Stretch, ...]:
    """Return up to three stretches of a claim that turns from no to yes once, as the parameter rises or falls."""
    worse, better = (low, high) if rises else (high, low)
    first, last = judged(worse).answer, judged(better).answer
    if first is Answer.PROVEN_YES or last is Answer.PROVEN_NO:
        return (Stretch(first if first is Answer.PROVEN_YES else last, low, high),)
    no = worse if first is Answer.PROVEN_NO else None
    yes = better if last is Answer.PROVEN_YES else None
    undecided = worse if no is None else better if yes is None else None
    while no is not None and yes is not None and undecided is None and abs(yes - no) > width:
        middle = 0.5 * (no + yes)
        answer = judged(middle).answer
        if answer is Answer.PROVEN_NO:
            no = middle
        elif answer is Answer.PROVEN_YES:
            yes = middle
        else:
            undecided = middle
    last_no = worse if no is None else _furthest(judged, no, undecided, Answer.PROVEN_NO, width)
    first_yes = better if yes is None else _furthest(judged, yes, undecided, Answer.PROVEN_YES, width)
    stretches = [(Answer.UNDECIDED, last_no, first_yes)] if last_no != first_yes else []
    if no is not None:
        stretches.insert(0, (Answer.PROVEN_NO, worse, last_no))
    if yes is not None:
        stretches.append((Answer.PROVEN_YES, first_yes, better))
    return tuple(Stretch(answer, min(a, b), max(a, b)) for answer, a, b in stretches[:: 1 if rises else -1])


def _furthest(judged: Judge, proven: float, other: float | None, answer: Answer, width: float) -> float:
    """Return the furthest value found with the same proven answer, by bisection towards a value where it is not."""
    while other is not None and abs(other - proven) > width:
        middle = 0.5 * (proven + other)
        if judged(middle).answer is answer:
            proven = middle
        else:
            other = middle
    return proven


def scanned(
    judged: Judge, verdicts: Mapping[float, Verdict], values: list[float], width: float
) -> tuple[tuple[Stretch, ...], float]:
    """Judge a grid and close in every change of the answer; return the stretches and the widest gap inside one."""
    for value in values:
        judged(value)
    for before, after in pairwise(values):
        _closed_in(judged, before, after, width)
    runs = [(answer, list(run)) for answer, run in groupby(sorted(verdicts), key=lambda value: verdicts[value].answer)]
    stretches = tuple(Stretch(answer, run[0], run[-1]) for answer, run in runs)
    step = max((b - a for _, run in runs for a, b in pairwise(run)), default=0.0)
    return stretches, step


def _closed_in(judged: Judge, before: float, after: float, width: float) -> None:
    """Judge values between two with different answers until every change is enclosed to `width`."""
    if judged(before).answer is judged(after).answer or after - before <= width:
        return
    middle = 0.5 * (before + after)
    _closed_in(judged, before, middle, width)
    _closed_in(judged, middle, after, width)
