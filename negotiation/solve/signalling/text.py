"""A component of equilibria in words: what each type says, what follows, and what is believed where nobody speaks."""

from __future__ import annotations

from fractions import Fraction

from negotiation.solve.signalling.beliefs import best_reply_complex
from negotiation.solve.signalling.equilibria import POOLING, SEPARATING, Component, belief_after

MEANING = {
    SEPARATING: "every type speaks differently, so the call reveals who speaks",
    POOLING: "all types speak alike, so the call reveals nothing",
}
PARTIAL_MEANING = "some messages are shared, so the call reveals something now and then"


def share(chance: Fraction) -> str:
    """Return a probability: a simple fraction as such, any other to three digits.

    >>> share(Fraction(1, 2)), share(Fraction(12345, 67890))
    ('1/2', '0.182')
    """
    return str(chance) if chance.denominator <= 12 else f"{float(chance):.3g}"


def span(chances: list[Fraction]) -> str:
    """Return the range of a probability over the vertices of a polytope."""
    low, high = min(chances), max(chances)
    return share(low) if low == high else f"{share(low)} to {share(high)}"


def component_sentence(component: Component) -> str:
    """Return a component as one sentence: name and meaning, who says what, which reply follows each message.

    Where a behaviour is not pinned down the range of its probabilities is given.
    """
    game = component.game
    meaning = MEANING.get(component.kind, PARTIAL_MEANING)
    speech = "; ".join(f"{name} {_says(component, t)}" for t, name in enumerate(game.types))
    speech = speech[0].upper() + speech[1:]
    replies = "; ".join(_answer(component, s) for s in range(len(game.messages)))
    return f"{component.kind.capitalize()}: {meaning}. {speech}. {replies[0].upper()}{replies[1:]}."


def _says(component: Component, kind: int) -> str:
    game = component.game
    parts = []
    for s, name in enumerate(game.messages):
        chances = [sender[kind][s] for sender in component.senders]
        if min(chances) == 1:
            return f"says '{name}'"
        if max(chances):
            parts.append(f"'{name}' with probability {span(chances)}")
    return "says " + " or ".join(parts)


def _answer(component: Component, message: int) -> str:
    game = component.game
    parts = []
    for a, name in enumerate(game.responses):
        chances = [receiver[message][a] for receiver in component.receivers]
        if max(chances):
            parts.append(name if min(chances) == 1 else f"{name} with probability {span(chances)}")
    return f"after '{game.messages[message]}' {_state(component, message)} {' or '.join(parts)}"


def _state(component: Component, message: int) -> str:
    game = component.game
    found = beliefs(component, message)
    parts = [f"P({name}) = {span([belief[t] for belief in found])}" for t, name in enumerate(game.types[:-1])]
    if component.sent[message]:
        return f"({', '.join(parts)}) follows" if parts else "follows"
    return f"(never said; supported by {', '.join(parts)}) follows" if parts else "(never said) follows"


def beliefs(component: Component, message: int) -> tuple[tuple[Fraction, ...], ...]:
    """Return the corners of the beliefs (n,) after a message that go with the component.

    On the path those of Bayes' rule at the sender's vertices; off the path the beliefs to which the replies at some
    vertex of the receiver are best.
    """
    game = component.game
    if component.sent[message]:
        known = [belief_after(game, sender, message) for sender in component.senders]
        return tuple(dict.fromkeys(belief for belief in known if belief is not None))
    cells, everyone = best_reply_complex(game, message), (1 << len(game.types)) - 1
    supports = {sum(1 << a for a, chance in enumerate(found[message]) if chance) for found in component.receivers}
    corners = {corner for replies in supports for corner in cells.beliefs(replies, everyone)}
    return tuple(sorted(corners, reverse=True))
