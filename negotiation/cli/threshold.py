"""`negotiation threshold`: from where on can a profile be played in some equilibrium, proven from both sides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from negotiation.errors import InputError, nearest

if TYPE_CHECKING:
    from negotiation.games.dynamic import DynamicGame
    from negotiation.solve.thresholds.claims import Claim
    from negotiation.solve.thresholds.threshold import Threshold

PANEL = "Answers"
QUALIFIER = "Speaks of pure public strategies with public randomisation; mixed strategies may do more."


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command("threshold", rich_help_panel=PANEL)(threshold)


def threshold(
    target: Annotated[str, typer.Argument(metavar="GAME|SCENARIO", help="Game file, or scenario (name or file).")],
    path: Annotated[
        str | None, typer.Argument(metavar="[PATH]", help="Parameter of the scenario, such as minerals.leverage.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="ACTION,ACTION", help="What the players of a game do.")
    ] = None,
    share: Annotated[
        float | None, typer.Option("--share", help="Ask for this discounted share of the periods, up to 1.")
    ] = None,
    loss: Annotated[
        float | None, typer.Option("--loss", help="Ask for a joint loss of at most this, in the payoffs' unit.")
    ] = None,
    state: Annotated[str | None, typer.Option("--state", help="State in which a dynamic game starts.")] = None,
    call: Annotated[str | None, typer.Option("--call", help="Call outcome of the scenario that comes on top.")] = None,
    low: Annotated[float | None, typer.Option("--low", help="Least value searched.")] = None,
    high: Annotated[float | None, typer.Option("--high", help="Largest value searched.")] = None,
    tolerance: Annotated[
        float | None, typer.Option("--tolerance", help="How closely a change is enclosed (default 1e-4 of a game).")
    ] = None,
    tries: Annotated[
        int, typer.Option("--tries", min=1, max=5, help="Times an undecided value is put to ten times finer sets.")
    ] = 1,
    certify: Annotated[bool, typer.Option("--certify", help="Check the proofs at the ends exactly.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")] = False,
) -> None:
    """Find proven thresholds. Example: negotiation threshold dilemma.json --profile C,C."""
    from negotiation.cli.messages import say
    from negotiation.cli.warm import compiling

    if share is not None and loss is not None:
        raise InputError.single("threshold", "--loss", "cannot be asked beside --share", "leave one of them out")
    bounds = {"low": low, "high": high, "width": tolerance}
    given = {name: value for name, value in bounds.items() if value is not None}
    if path is None and not _is_scenario(target):
        _refuse("a game file", {"--call": call})
        with compiling(("perfect",)):
            found = _of_game(target, profile, state, share, loss, {**given, "tries": tries})
    else:
        _refuse("a scenario, whose deal is the profile", {"--profile": profile, "--state": state})
        with compiling(("noisy",)):
            found = _of_scenario(target, path, call, share, loss, {**given, "tries": tries})
    found = found.certified() if certify else found
    say(json.dumps(threshold_object(found, target)) if as_json else threshold_text(found, target))


def _is_scenario(target: str) -> bool:
    from negotiation.trade.files.load import SUFFIX, embedded_scenarios

    return target.endswith(SUFFIX) or target in embedded_scenarios()


def _refuse(what: str, options: dict[str, str | None]) -> None:
    """Refuse options that mean nothing for what was given."""
    for name, value in options.items():
        if value is not None:
            raise InputError.single("threshold", name, f"means nothing for {what}", "leave it out")


def _of_game(
    target: str, profile: str | None, state: str | None, share: float | None, loss: float | None, given: dict[str, Any]
) -> Threshold:
    from negotiation.games.dynamic import OneShotGame
    from negotiation.games.files.formats import read_game
    from negotiation.solve.thresholds.claims import CanPlay, FillsShare, LossBelow
    from negotiation.solve.thresholds.threshold import discount_threshold

    game = read_game(Path(target))
    played = game.repeated(0.5) if isinstance(game, OneShotGame) else game
    at = _state_of(played, state)
    wanted = profile_of(played, at, profile)
    claim: Claim = CanPlay(wanted, at)
    if share is not None:
        claim = FillsShare(wanted, share, at)
    elif loss is not None:
        claim = LossBelow(wanted, loss, at)
    return discount_threshold(game, claim, **given)


def _state_of(game: DynamicGame, name: str | None) -> int:
    if name is not None and name not in game.states:
        raise InputError.single("threshold", "--state", f"there is no state '{name}'", nearest(name, game.states))
    return 0 if name is None else game.states.index(name)


def profile_of(game: DynamicGame, state: int, text: str | None) -> tuple[int, ...]:
    """Return the profile that action names parted by commas mean; raise `InputError` that names the actions."""
    stage = game.stages[state]
    if text is not None:
        plain = ",".join(part.strip() for part in text.split(","))
        for profile in stage.profiles():
            if ",".join(stage.name(profile)) == plain:  # whole, since a name may hold a comma
                return profile
    options = "; ".join(
        f"{player}: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}"
        for player, names in zip(stage.players, stage.actions, strict=True)
    )
    message = "is missing: name an action of each player" if text is None else f"'{text}' is no action of each player"
    raise InputError.single("threshold", "--profile", message, options)


def _of_scenario(
    target: str, path: str | None, call: str | None, share: float | None, loss: float | None, given: dict[str, Any]
) -> Threshold:
    from negotiation.calls.proofs.thresholds import deal_claim, scenario_threshold
    from negotiation.trade.files.load import load_scenario

    scenario = load_scenario(target)
    if path is None:
        hint = f"such as patience.monthly_discount; `negotiation show {target}` lists all"
        raise InputError.single("threshold", "PATH", "is missing: name a parameter of the scenario", hint)
    kind, amount = ("share", share) if share is not None else ("loss", loss) if loss is not None else ("play", None)
    return scenario_threshold(scenario, path, deal_claim(scenario, kind, amount), call=call, **given)


def threshold_text(found: Threshold, target: str) -> str:
    """Return the answer for the terminal: each stretch, what it speaks of, and how it was found."""
    ends = [(stretch, *stretch.digits()) for stretch in found.stretches]
    width = max(len(f"{low} to {high}") for _, low, high in ends)
    lines = [f"{target}: {found.claim.words(found.judged[0][1].solution.game)}?", f"  {found.parameter}"]
    for stretch, low, high in ends:
        where = low if stretch.low == stretch.high else f"{low} to {high}"
        lines.append(f"    {where.ljust(width)}  {stretch.answer.value}")
    first, last = found.stretches[0].low, found.stretches[-1].high
    searched = f"  Searched from {first!r} to {last!r}; changes are enclosed to {found.width:g} where the sets decide."
    return "\n".join([*lines, searched, f"  {QUALIFIER}", f"  {found.how()}"])


def threshold_object(found: Threshold, target: str) -> dict[str, Any]:
    """Return the answer as plain data."""
    from negotiation._values import plain

    game = found.judged[0][1].solution.game
    data: dict[str, Any] = plain(
        {
            "target": target,
            "parameter": found.parameter,
            "claim": found.claim.words(game),
            "profile": game.stages[found.claim.state].name(found.claim.profile),
            "stretches": [
                {"answer": stretch.answer.name.lower(), "low": stretch.low, "high": stretch.high}
                for stretch in found.stretches
            ],
            "rises": None if found.monotone is None else found.monotone.rises,
            "reason": None if found.monotone is None else found.monotone.reason,
            "step": found.step,
            "tolerance": found.width,
            "checked": found.checked,
            "judged": [
                {"value": value, "answer": verdict.answer.name.lower(), "low": verdict.low, "high": verdict.high}
                for value, verdict in found.judged
            ],
            "qualifier": QUALIFIER,
        }
    )
    return data
