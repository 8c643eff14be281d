"""The shape of a scenario file, table by table, checked by pydantic: types, missing and unknown keys.

Only the file boundary uses these models; inside, values are frozen dataclasses. What the numbers mean is checked
later (`parameters`, `calls`, `regimes`); what each key means is written into the reference page from here.
"""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from negotiation._numbers import ExactDouble, Unreadable, size_fault
from negotiation._tables import FileTable, kind_of, one_of
from negotiation.errors import InputError
from negotiation.trade.files.problem_collector import NamedTable, name_fault
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.parameter import SOURCE_KINDS, first_day, interval
from negotiation.trade.parameters.registry import PAYOFF_UNITS
from negotiation.trade.scenario.call_outcome import REGIMES
from negotiation.trade.scenario.scenario import FORMAT

IN_PROPORTION = "in_proportion"  # the one value of `other_calls`


def finite_number(raw: Any) -> float:
    """Return `raw` as a float; anything but a finite number is refused, a number in quotes with a hint."""
    if isinstance(raw, str):
        raise ValueError("is text, not a number", *_unquoting_hint(raw))
    reason = raw.reason if isinstance(raw, Unreadable) else ""
    if not reason and (isinstance(raw, bool) or not isinstance(raw, int | float)):
        reason = f"is {kind_of(raw)}, not a number"
    if reason := reason or size_fault(raw):
        raise ValueError(reason)
    return raw if isinstance(raw, ExactDouble) else ExactDouble(raw)


def _unquoting_hint(text: str) -> tuple[str, ...]:
    try:
        float(text)
    except ValueError:
        return ()
    return (f"write KEY = {text.strip()} without the quotes",)


def number_or_vector(raw: Any) -> float | tuple[float, ...]:
    """Return a finite number, or a tuple of them from a list that is not empty."""
    if raw == []:
        raise ValueError("is an empty list")
    return tuple(map(finite_number, raw)) if isinstance(raw, list) else finite_number(raw)


def probability(raw: Any) -> float:
    """Return a number from 0 to 1."""
    number = finite_number(raw)
    if not 0 <= number <= 1:
        raise ValueError(f"{number:g} is not a probability, it must be from 0 to 1")
    return number


def next_states(raw: Any) -> Any:
    """Return a table of state = probability; a state alone is certain."""
    return {raw: 1.0} if isinstance(raw, str) else raw


def refused_by(check: Callable[[str], object]) -> AfterValidator:
    """Return the validator that takes every text of which `check` raises no `ValueError`."""

    def validator(text: str) -> str:
        check(text)
        return text

    return AfterValidator(validator)


def check_name(name: str) -> None:
    """Raise `ValueError` for what cannot name a scenario, a call or a regime."""
    if fault := name_fault(name):
        raise ValueError(fault)


def parsed_change(raw: Any) -> Change:
    """Return the change that a text stands for."""
    if not isinstance(raw, str):
        raise ValueError(f"is {kind_of(raw)}, not text")
    try:
        return Change.parse(raw)
    except InputError as error:
        raise ValueError(error.problems[0].sentence()) from None


Finite = Annotated[float, PlainValidator(finite_number)]
FiniteOrVector = Annotated[float | tuple[float, ...], PlainValidator(number_or_vector)]
Probability = Annotated[float, PlainValidator(probability)]
Name = Annotated[str, refused_by(check_name)]
Date = Annotated[str, refused_by(first_day)]
Domain = Annotated[str, refused_by(interval)]
NextStates = Annotated[dict[str, Probability], BeforeValidator(next_states)]
ParsedChange = Annotated[Change, PlainValidator(parsed_change)]
Format = Annotated[int, one_of((1, FORMAT), f"is {{}}, this version reads formats 1 and {FORMAT}")]
ScenarioKind = Annotated[str, one_of(("economy", "payoffs"), "'{}' is not a kind of scenario")]
Unit = Annotated[str, one_of(PAYOFF_UNITS, "unknown unit '{}'")]


def key(meaning: str, default: Any = None, **limits: Any) -> Any:
    """Return a field with what the documentation says of it; without a default (`...`) the file must have it."""
    return Field(default, description=meaning, **limits)


class ParameterTable(FileTable):
    """One parameter; everything is optional because an extending file states only what differs."""

    value: FiniteOrVector | None = key("a number, or a list for a vector")
    low: Finite | None = key("lower end of the plausible range; leaving the range gives a notice, no error")
    high: Finite | None = key("upper end of the plausible range")
    unit: str | None = key("fixed by the model; another one is refused")
    domain: Domain | None = key("what is possible at all, fixed by the model; leaving it is an error")
    meaning: str | None = key("in words; what the registry says when left out")
    source: str | None = key(
        "key of a source; one that starts with judgement or assumption is marked wherever it shows"
    )
    dated: Date | None = key("the date to which the information behind the number reaches, not before its source")
    range_source: str | None = key("key of the source of the range, judgement when left out")
    instead_of: str | None = key("in a file written out: the other one of two, which was given before this number")


class Header(FileTable):
    """What stands at the top of a file, before the tables."""

    format: Format = key(
        f"version of the file format, {FORMAT}; in format 1 China chose among the listed shares", FORMAT
    )
    name: Name | None = key("name in results and folders; the file name when left out")
    extends: str | None = key("a shipped scenario or a file (relative to this one); only differences are stated here")
    title: str | None = key("one line for readers")
    description: str | None = key("a paragraph for readers")
    kind: ScenarioKind | None = key('"economy" (the default) or "payoffs"')
    as_of: Date | None = key("the day whose knowledge the scenario holds: a year, a month or a day")
    overtaken: str | None = key(
        "one sentence, where events have overtaken the scenario: by which event, and since when; shown with every "
        "answer, and inherited by a file that states no `as_of` of its own"
    )
    period_days: int | None = key("length of a period, 30", ge=1)
    deal: list[str] | None = key("one action for each player: what the pact asks for (economy)")
    punishment: list[str] | None = key("likewise: what follows when it breaks, best a stage equilibrium (economy)")
    drop: list[str] = key(
        'inherited parts to leave out: "calls.breakdown", "third_parties.india", "actions.us.full"', []
    )
    other_calls: Annotated[str, one_of((IN_PROPORTION,), "is '{}'")] | None = key(
        f'"{IN_PROPORTION}": inherited calls to which this file gives no probability share what its probabilities '
        f"leave, in proportion to what they inherit; when left out they keep what they inherit"
    )


class SourceTable(FileTable):
    """Where a number comes from."""

    title: str = key("what it is or says", ...)
    publisher: str = key("who published it", "")
    date: Date = key("when", "")
    url: str = key("where", "")
    kind: Annotated[str, one_of(SOURCE_KINDS, "is '{}'")] = key('"published" or "judgement"', "published")


class CallTable(NamedTable):
    """One call outcome; optional where an extending file may inherit."""

    name: Name = key("key on the command line and in results", ...)
    label: str | None = key("for readers")
    probability: Probability | None = key("how likely; all of a scenario sum to one (see `other_calls`)")
    basis: str | None = key("what the probability rests on")
    regime: str | None = key("the regime that is selected: " + ", ".join(REGIMES) + ", or an automaton of the file")
    changes: list[ParsedChange] | None = key("a list of changes (see below)")
    rationale: str | None = key("why this outcome changes these things")
    literature: list[str] | None = key("a list of works")


class RegimeTable(NamedTable):
    """A user's automaton; its states are checked one by one."""

    name: Name = key("name to be used as the regime of a call", ...)
    label: str | None = key("for readers")
    deviation: str = key("the state that follows a seen deviation", ...)
    states: list[Any] = key(
        "tables { name, play, on }: play is one action for each player; on says for each signal (or default) the "
        "next state, or a table of state = probability. The first state starts.",
        ...,
    )


class StateTable(FileTable):
    """One state of an automaton: what it plays and where each signal leads."""

    name: str
    play: list[str]
    on: dict[str, NextStates]


class PayoffsTable(FileTable):
    """The frame of payoffs given directly; the players' own matrices stand beside these keys."""

    rows: list[str] | None = key("actions of the first player")
    columns: list[str] | None = key("actions of the second player")
    players: list[str] | None = key('the two players, ["us", "china"] when left out; each has a matrix under its name')
    deal: list[str] | None = key("row and column of the pact")
    punishment: list[str] | None = key("row and column that follow when it breaks")
    unit: Unit | None = key("unit of the payoffs: " + ", ".join(PAYOFF_UNITS))
    signals: list[str] | None = key("names of the public signals; without them everything is seen")
    likelihood: list[Any] | None = key("for each row and column the chances of the signals")
    trigger: list[str] | None = key("the signals that count as a breach")
    observed: list[str] | None = key("players whose action is seen exactly besides the signal; the first when left out")
    source: str | None = key("source of all payoffs, assumption when left out")
    dated: Date | None = key("date of all payoffs, as_of when left out")


class AppliedTable(FileTable):
    """One change that had been applied when a scenario was written out."""

    change: ParsedChange
    before: FiniteOrVector | None = None
    after: FiniteOrVector
    unit: str = ""
    notice: str = ""
    replaced: dict[str, Any] | None = None


def stated_or_inherited(table: FileTable, base: Any, name: str, default: Any) -> Any:
    """Return what a table states of `name` (a list as tuple); else what `base`, if any, has there; else `default`."""
    stated = getattr(table, name)
    if stated is None or stated == "":
        return getattr(base, name, default)
    return tuple(stated) if isinstance(stated, list) else stated
