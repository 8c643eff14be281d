"""The shape of a scenario file, table by table, checked by pydantic: types, missing and unknown keys.

Only the file boundary uses these models; inside, values are frozen dataclasses. What the numbers mean is checked
later (`parameters`, `calls`, `regimes`); what each key means is written into the reference page from here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator

from negotiation._numbers import ExactDouble, Unreadable, size_fault
from negotiation._tables import FileTable, kind_of, one_of
from negotiation.errors import InputError
from negotiation.trade.files.problem_collector import NamedTable, name_fault
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.parameter import SOURCE_KINDS, first_day, interval
from negotiation.trade.parameters.registry import PAYOFF_UNITS
from negotiation.trade.scenario.call_outcome import REGIMES

IN_PROPORTION = "in_proportion"  # the one value of `other_calls`


def finite_number(raw: Any) -> float:
    """Return `raw` as a float; anything but a finite number is refused, a number in quotes with a hint."""
    if isinstance(raw, str):
        raise ValueError("is text, not a number", *_unquoted(raw))
    reason = raw.reason if isinstance(raw, Unreadable) else ""
    if not reason and (isinstance(raw, bool) or not isinstance(raw, int | float)):
        reason = f"is {kind_of(raw)}, not a number"
    if reason := reason or size_fault(raw):
        raise ValueError(reason)
    return raw if isinstance(raw, ExactDouble) else ExactDouble(raw)


def _unquoted(text: str) -> tuple[str, ...]:
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


def checked(check: Callable[[str], object]) -> AfterValidator:
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
Name = Annotated[str, checked(check_name)]
Date = Annotated[str, checked(first_day)]
Domain = Annotated[str, checked(interval)]
ParsedChange = Annotated[Change, PlainValidator(parsed_change)]
Format = Annotated[int, one_of((1,), "is {}, this version reads format 1")]
Unit = Annotated[str, one_of(PAYOFF_UNITS, "unknown unit '{}'")]


def toml_key(default: Any, meaning: str, **limits: Any) -> Any:
    """Return a field with what the documentation says of it; without a default (`...`) the file must have it."""
    return Field(default, description=meaning, **limits)


class ParameterTable(FileTable):
    """One parameter; everything is optional because an extending file states only what differs."""

    value: FiniteOrVector | None = toml_key(None, "a number, or a list for a vector")
    low: Finite | None = toml_key(None, "lower end of the plausible range; leaving the range gives a notice, no error")
    high: Finite | None = toml_key(None, "upper end of the plausible range")
    unit: str | None = toml_key(None, "fixed by the model; another one is refused")
    domain: Domain | None = toml_key(None, "what is possible at all, fixed by the model; leaving it is an error")
    meaning: str | None = toml_key(None, "in words; what the registry says when left out")
    source: str | None = toml_key(
        None, "key of a source; keys that start with judgement or assumption are marked wherever they show"
    )
    dated: Date | None = toml_key(
        None, "the date to which the information behind the number reaches, not before its source"
    )
    range_source: str | None = toml_key(None, "key of the source of the range, judgement when left out")


class Header(FileTable):
    """What stands at the top of a file, before the tables."""

    format: Format = toml_key(1, "version of the file format, 1")
    name: Name | None = toml_key(None, "name in results and folders; the file name when left out")
    extends: str | None = toml_key(
        None, "a shipped scenario or a file (relative to this one) of which only differences are stated here"
    )
    title: str | None = toml_key(None, "one line for readers")
    description: str | None = toml_key(None, "a paragraph for readers")
    kind: Annotated[str, one_of(("economy", "payoffs"), "'{}' is not a kind of scenario")] | None = toml_key(
        None, '"economy" (the default) or "payoffs"'
    )
    as_of: Date | None = toml_key(None, "the day whose knowledge the scenario holds: a year, a month or a day")
    period_days: int | None = toml_key(None, "length of a period, 30", ge=1)
    deal: list[str] | None = toml_key(None, "one action for each player: what the pact asks for (economy)")
    punishment: list[str] | None = toml_key(
        None, "one action for each player: what follows when it breaks, best a stage equilibrium (economy)"
    )
    drop: list[str] = toml_key(
        [], 'inherited parts to leave out, such as "calls.breakdown", "third_parties.india", "actions.us.full"'
    )
    other_calls: Annotated[str, one_of((IN_PROPORTION,), "is '{}'")] | None = toml_key(
        None,
        f'"{IN_PROPORTION}": inherited calls to which this file gives no probability share what its probabilities '
        f"leave, in proportion to what they inherit; when left out they keep what they inherit",
    )


class SourceTable(FileTable):
    """Where a number comes from."""

    title: str = toml_key(..., "what it is or says")
    publisher: str = toml_key("", "who published it")
    date: Date = toml_key("", "when")
    url: str = toml_key("", "where")
    kind: Annotated[str, one_of(SOURCE_KINDS, "is '{}'")] = toml_key("published", '"published" or "judgement"')


class CallTable(NamedTable):
    """One call outcome; optional where an extending file may inherit."""

    name: Name = toml_key(..., "key on the command line and in results")
    label: str | None = toml_key(None, "for readers")
    probability: Probability | None = toml_key(
        None, "how likely this outcome is; all of a scenario sum to one (see `other_calls`)"
    )
    basis: str | None = toml_key(None, "what the probability rests on")
    regime: str | None = toml_key(
        None, "the regime that is selected: " + ", ".join(REGIMES) + ", or an automaton of the file"
    )
    changes: list[ParsedChange] | None = toml_key(None, "a list of changes (see below)")
    rationale: str | None = toml_key(None, "why this outcome changes these things")
    literature: list[str] | None = toml_key(None, "a list of works")


class RegimeTable(NamedTable):
    """A user's automaton; its states are checked one by one."""

    name: Name = toml_key(..., "name to be used as the regime of a call")
    label: str | None = toml_key(None, "for readers")
    deviation: str = toml_key(..., "the state that follows a seen deviation")
    states: list[Any] = toml_key(
        ...,
        "tables { name, play, on }: play is one action for each player; on says for each signal (or default) the "
        "next state, or a table of state = probability. The first state starts.",
    )


class StateTable(FileTable):
    """One state of an automaton: what it plays and where each signal leads."""

    name: str
    play: list[str]
    on: dict[str, Any]


class PayoffsTable(FileTable):
    """The frame of payoffs given directly; the players' own matrices stand beside these keys."""

    rows: list[str] | None = toml_key(None, "actions of the first player")
    columns: list[str] | None = toml_key(None, "actions of the second player")
    players: list[str] | None = toml_key(
        None, 'names of the two players, ["us", "china"] when left out; each has a matrix under its name'
    )
    deal: list[str] | None = toml_key(None, "row and column of the pact")
    punishment: list[str] | None = toml_key(None, "row and column that follow when it breaks")
    unit: Unit | None = toml_key(None, "unit of the payoffs: " + ", ".join(PAYOFF_UNITS))
    signals: list[str] | None = toml_key(None, "names of the public signals; without them everything is seen")
    likelihood: list[Any] | None = toml_key(None, "for each row and column the chances of the signals")
    trigger: list[str] | None = toml_key(None, "the signals that count as a breach")
    observed: list[str] | None = toml_key(
        None, "players whose action is seen exactly besides the signal; the first one when left out"
    )
    source: str | None = toml_key(None, "source of all payoffs, assumption when left out")
    dated: Date | None = toml_key(None, "date of all payoffs, as_of when left out")


class AppliedTable(FileTable):
    """One change that had been applied when a scenario was written out."""

    change: ParsedChange
    before: FiniteOrVector
    after: FiniteOrVector
    unit: str = ""
    notice: str = ""


def stated_or_inherited(table: FileTable, base: Any, name: str, default: Any) -> Any:
    """Return what a table states of `name` (a list as tuple); else what `base`, if any, has there; else `default`."""
    stated = getattr(table, name)
    if stated is None or stated == "":
        return getattr(base, name, default)
    return tuple(stated) if isinstance(stated, list) else stated
