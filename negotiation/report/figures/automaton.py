"""A regime drawn as an automaton: what each state plays, and what leads from one to the next, in words.

The punishment months of the simple regimes are folded into one box. The drawing, the alt text and the table come from
the same boxes and arrows.
"""

from negotiation.calls.notices import share_words
from negotiation.calls.outcomes.trigger_clause import profile_words
from negotiation.report.document import Column, Figure, Table, literal
from negotiation.report.figures.automaton_drawing import Arrow, Box, Machine, draw_machine, layout
from negotiation.report.figures.signals import signal_words
from negotiation.report.render import svg
from negotiation.report.words import enumeration, number, percent, title
from negotiation.solve.regimes.analysis import OWN, Regime
from negotiation.trade.game.build import TradeGame
from negotiation.trade.parameters.labels import label, profile_label


def automaton_picture(key: str, regime: Regime, game: TradeGame) -> Figure:
    """Return the picture of one regime in its game."""
    machine = _users_machine(regime, game) if regime.trigger_rule == OWN else _simple_machine(regime, game)
    places = layout(machine)
    return svg.figure(
        key,
        lambda canvas: draw_machine(canvas, machine, places),
        alt=_alt(regime, machine),
        caption=_caption(regime, game),
        data=_table(regime, machine),
        height=places.height,
    )


def _simple_machine(regime: Regime, game: TradeGame) -> Machine:
    """Return boxes and arrows of a simple regime: good standing, the folded punishment, war."""
    pact, automaton = game.pact, regime.automaton
    plays = [profile_words(game, (int(row), int(column))) for row, column in automaton.actions]
    if regime.key == "stage_nash":
        return Machine((Box("War, always", plays[0]),), (Arrow(0, 0, "whatever is seen", "stay"),))
    observed = enumeration([title(pact.stage.players[i]) for i in pact.monitoring.observed], "or")
    exits = f"{observed} seen to depart" if observed else ""
    boxes, arrows = [Box("Good standing", plays[0])], []
    stays = zip(pact.monitoring.signals, automaton.transition[0, :, 0], strict=True)
    # signals that are never seen while both comply lead out of good standing without being a trigger there
    trigger = regime.trigger or tuple(name for name, stay in stays if stay < 1)
    low = signal_words(game, trigger) if trigger else ""
    if low:
        arrows.append(Arrow(0, 0, f"any other month ({percent(1 - regime.low_if_deal)})", "stay"))
        often = f"{percent(regime.low_if_deal)} of months" if regime.low_if_deal else "never while both comply"
        chance = f"{low} ({often})"
        arrows += _response(regime, game, chance, boxes, plays)
    else:
        arrows.append(Arrow(0, 0, "always, unless someone is seen to depart", "stay"))
    if regime.key == "compensation" and low:
        refuses = f"{title(pact.stage.players[1])} refuses to pay"
        exits = f"{refuses}, or {exits}" if exits else refuses
    if exits:
        last = len(boxes)
        boxes.append(Box("War, for ever", plays[-1]))
        arrows += [Arrow(source, last, exits, "exit") for source in range(last)]
    return Machine(tuple(boxes), tuple(arrows))


def _response(regime: Regime, game: TradeGame, chance: str, boxes: list[Box], plays: list[str]) -> list[Arrow]:
    """Add the box of the punishment, if there is one, and return the arrows that lead into, around and out of it."""
    if regime.key == "compensation":
        row, column = (title(name) for name in game.pact.stage.players)
        amount = f"{number(regime.payment, 2)} {game.pact.stage.unit.split('/')[0].strip()}"
        return [Arrow(0, 0, f"{chance}: {column} pays {row} {amount}", "response")]
    ends = regime.length != float("inf")
    months = "1 month" if regime.length == 1 else f"{regime.length:.0f} months"
    boxes.append(Box(f"Punishment, {months if ends else 'for ever'}", plays[1]))
    arrows = [Arrow(0, 1, chance, "signal")]
    if ends:
        arrows.append(Arrow(1, 0, f"after {months}", "time"))
    if regime.key.endswith("snapback") and ends:
        arrows.append(Arrow(1, 1, "another such month starts it anew", "response"))
    return arrows


def _users_machine(regime: Regime, game: TradeGame) -> Machine:
    """Return boxes and arrows of a user's automaton, signals that lead to the same state under one arrow."""
    automaton, signals = regime.automaton, game.pact.monitoring.signals
    boxes = tuple(
        Box(label(name), profile_label(game.pact.stage.name((int(row), int(column)))))
        for name, (row, column) in zip(automaton.names, automaton.actions, strict=True)
    )
    arrows = []
    for source in range(automaton.n_states):
        groups: dict[tuple[int, float], list[str]] = {}
        for index, signal in enumerate(signals):
            for target in range(automaton.n_states):
                chance = float(automaton.transition[source, index, target])
                if chance > 0:
                    groups.setdefault((target, chance), []).append(signal)
        rest = max(groups, key=lambda group: (len(groups[group]), group[0] == source))
        for (target, chance), names in groups.items():
            words = "always" if len(names) == len(signals) else signal_words(game, tuple(names))
            if (target, chance) == rest and len(groups) > 1 and chance == 1:
                words = "otherwise"
            words += "" if chance == 1 else f" ({percent(chance)})"
            arrows.append(Arrow(source, target, words, "stay" if target == source else "signal"))
        away = {int(target) for target in automaton.on_deviation[source] if target >= 0}
        observed = enumeration([title(game.pact.stage.players[i]) for i in game.pact.monitoring.observed], "or")
        arrows += [Arrow(source, target, f"{observed} seen to depart", "exit") for target in sorted(away)]
    return Machine(boxes, tuple(arrows))


def _alt(regime: Regime, machine: Machine) -> str:
    names = [box.name for box in machine.boxes]
    states = "; ".join(f"{box.name}: {box.plays}" for box in machine.boxes)
    moves = "; ".join(
        f"from {names[arrow.source]} to {names[arrow.target]}: {arrow.words}"
        if arrow.source != arrow.target
        else f"{names[arrow.source]} again: {arrow.words}"
        for arrow in machine.arrows
    )
    return f"The regime {regime.label} as an automaton. States: {states}. Moves: {moves}."


def _caption(regime: Regime, game: TradeGame) -> str:
    verdict = _verdict(regime)
    text = f"**{literal(regime.label)}**, {literal(regime.terms)}: {verdict}." if regime.trigger_rule != OWN else ""
    text = text or f"**{literal(regime.label)}**, an automaton of the scenario file: {verdict}."
    worst = regime.worst
    if worst is not None and not regime.holds:
        text += f" The largest gain: {literal(worst.sentence(game.pact.stage.unit))}."
    if regime.holds and regime.share is not None and regime.share.pays:
        text += f" A share between them pays: {literal(share_words(regime.share, game.pact.stage.unit))}."
    return text


def _verdict(regime: Regime) -> str:
    if not regime.holds:
        return "it does not hold here"
    if regime.share is None:
        return "no player gains by a deviation in any state"
    if regime.holds_finely:
        return "no player gains by a deviation in any state, whatever share is withheld"
    return "no player gains by a listed deviation in any state, but it does not hold against every share"


def _table(regime: Regime, machine: Machine) -> Table:
    columns = (Column("state"), Column("plays"), Column("when"), Column("next state"))
    rows = tuple(
        (
            literal(machine.boxes[arrow.source].name),
            literal(machine.boxes[arrow.source].plays),
            literal(arrow.words),
            literal(machine.boxes[arrow.target].name),
        )
        for arrow in sorted(machine.arrows, key=lambda arrow: arrow.source)
    )
    return Table(columns, rows, f"States and moves of {literal(regime.label)}", sortable=False)
