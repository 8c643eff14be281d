"""The shape of a scenario file, table by table, checked by pydantic: types, missing and unknown keys.

Only the file boundary uses these models; inside, values are frozen dataclasses. What the numbers mean is checked
later (`parameters`, `calls`, `regimes`); what each key means is written into the reference page from here.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from negotiation._numbers import ExactDouble, Unreadable, size_fault
from negotiation.errors import nearest
from negotiation.trade.files.problem_collector import Key, ProblemCollector
from negotiation.trade.parameters.registry import PAYOFF_UNITS
from negotiation.trade.scenario.call_outcome import REGIMES

IN_PROPORTION = "in_proportion"  # the one value of `other_calls`
KINDS = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}
WANTED = {
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a table",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "model_type": "a table",
    "bool_type": "true or false",
}


def finite_number(raw: Any) -> float:
    """Return `raw` as a float; anything but a finite number is refused with a hint."""
    if isinstance(raw, str):
        raise PydanticCustomError("number", "is text, not a number||{hint}", {"hint": _unquoted(raw)})
    if isinstance(raw, Unreadable):
        raise PydanticCustomError("number", "{reason}||", {"reason": raw.reason})
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise PydanticCustomError("number", "is {found}, not a number||", {"found": kind_of(raw)})
    if reason := size_fault(raw):
        raise PydanticCustomError("number", "{reason}||", {"reason": reason})
    return raw if isinstance(raw, ExactDouble) else ExactDouble(raw)


def number_or_vector(raw: Any) -> float | tuple[float, ...]:
    """Return a finite number, or a tuple of them from a list that is not empty."""
    if not isinstance(raw, list):
        return finite_number(raw)
    if not raw:
        raise PydanticCustomError("number", "is an empty list||", {})
    return tuple(finite_number(item) for item in raw)


def kind_of(raw: Any) -> str:
    """Return what a TOML value is, in a word or two."""
    return "a number" if isinstance(raw, Unreadable | float) else KINDS.get(type(raw), "a date")


Finite = Annotated[float, PlainValidator(finite_number)]
FiniteOrVector = Annotated[float | tuple[float, ...], PlainValidator(number_or_vector)]


def toml_key(default: Any, meaning: str) -> Any:
    """Return a field with what the documentation says of it; without a default (`...`) the file must have it."""
    return Field(default, description=meaning)


class FileTable(BaseModel):
    """A table of the file: strict types, no unknown keys, frozen."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ParameterTable(FileTable):
    """One parameter; everything is optional because an extending file states only what differs."""

    value: FiniteOrVector | None = toml_key(None, "a number, or a list for a vector")
    low: Finite | None = toml_key(None, "lower end of the plausible range; leaving the range gives a notice, no error")
    high: Finite | None = toml_key(None, "upper end of the plausible range")
    unit: str | None = toml_key(None, "fixed by the model; another one is refused")
    domain: str | None = toml_key(None, "what is possible at all, fixed by the model; leaving it is an error")
    meaning: str | None = toml_key(None, "in words; what the registry says when left out")
    source: str | None = toml_key(
        None, "key of a source; keys that start with judgement or assumption are marked wherever they show"
    )
    dated: str | None = toml_key(
        None, "the date to which the information behind the number reaches, not before its source"
    )
    range_source: str | None = toml_key(None, "key of the source of the range, judgement when left out")


class Header(FileTable):
    """What stands at the top of a file, before the tables."""

    format: int = toml_key(1, "version of the file format, 1")
    name: str | None = toml_key(None, "name in results and folders; the file name when left out")
    extends: str | None = toml_key(
        None, "a shipped scenario or a file (relative to this one) of which only differences are stated here"
    )
    title: str | None = toml_key(None, "one line for readers")
    description: str | None = toml_key(None, "a paragraph for readers")
    kind: str | None = toml_key(None, '"economy" (the default) or "payoffs"')
    as_of: str | None = toml_key(None, "the day whose knowledge the scenario holds: a year, a month or a day")
    period_days: int | None = toml_key(None, "length of a period, 30")
    deal: list[str] | None = toml_key(None, "one action for each player: what the pact asks for (economy)")
    punishment: list[str] | None = toml_key(
        None, "one action for each player: what follows when it breaks, best a stage equilibrium (economy)"
    )
    drop: list[str] = toml_key(
        [], 'inherited parts to leave out, such as "calls.breakdown", "third_parties.india", "actions.us.full"'
    )
    other_calls: str | None = toml_key(
        None,
        f'"{IN_PROPORTION}": inherited calls to which this file gives no probability share what its probabilities '
        f"leave, in proportion to what they inherit; when left out they keep what they inherit",
    )


class SourceTable(FileTable):
    """Where a number comes from."""

    title: str = toml_key(..., "what it is or says")
    publisher: str = toml_key("", "who published it")
    date: str = toml_key("", "when")
    url: str = toml_key("", "where")
    kind: str = toml_key("published", '"published" or "judgement"')


class CallTable(FileTable):
    """One call outcome; optional where an extending file may inherit."""

    name: str = toml_key(..., "key on the command line and in results")
    label: str | None = toml_key(None, "for readers")
    probability: Finite | None = toml_key(
        None, "how likely this outcome is; all of a scenario sum to one (see `other_calls`)"
    )
    basis: str | None = toml_key(None, "what the probability rests on")
    regime: str | None = toml_key(
        None, "the regime that is selected: " + ", ".join(REGIMES) + ", or an automaton of the file"
    )
    changes: list[str] | None = toml_key(None, "a list of changes (see below)")
    rationale: str | None = toml_key(None, "why this outcome changes these things")
    literature: list[str] | None = toml_key(None, "a list of works")


class RegimeTable(FileTable):
    """A user's automaton; its states are checked one by one."""

    name: str = toml_key(..., "name to be used as the regime of a call")
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
    unit: str | None = toml_key(None, "unit of the payoffs: " + ", ".join(PAYOFF_UNITS))
    signals: list[str] | None = toml_key(None, "names of the public signals; without them everything is seen")
    likelihood: list[Any] | None = toml_key(None, "for each row and column the chances of the signals")
    trigger: list[str] | None = toml_key(None, "the signals that count as a breach")
    observed: list[str] | None = toml_key(
        None, "players whose action is seen exactly besides the signal; the first one when left out"
    )
    source: str | None = toml_key(None, "source of all payoffs, assumption when left out")
    dated: str | None = toml_key(None, "date of all payoffs, as_of when left out")


class AppliedTable(FileTable):
    """One change that had been applied when a scenario was written out."""

    change: str
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


T = TypeVar("T", bound=FileTable)


def validate_table(
    collector: ProblemCollector, model: type[T], raw: Any, key: Key, also: tuple[str, ...] = ()
) -> T | None:
    """Return `raw` as `model`, or None after recording every fault below `key`; `also` names further valid keys."""
    if not isinstance(raw, dict):
        collector.fault(key, f"is {kind_of(raw)}, not a table")
        return None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=True):
            place = (*key, *item["loc"])
            if item["type"] == "extra_forbidden":
                collector.fault(place, "unknown key", nearest(str(item["loc"][-1]), [*model.model_fields, *also]))
            elif item["type"] == "missing":
                collector.fault(place, "is missing")
            elif item["type"] == "number":
                message, _, hint = str(item["msg"]).partition("||")
                collector.fault(place, message, f"write {place[-1]} = {hint} without the quotes" if hint else "")
            else:
                wanted = WANTED.get(item["type"], str(item["msg"]))
                collector.fault(place, f"is {kind_of(item['input'])}, not {wanted}")
        return None


def _unquoted(text: str) -> str:
    """Return the number that stands in quotes, or an empty text."""
    try:
        float(text)
    except ValueError:
        return ""
    return text.strip()
