"""A component of equilibria in words: what each type says, what follows, and what is believed where nobody speaks."""

from fractions import Fraction

from negotiation.solve.signalling.beliefs import best_reply_complex
from negotiation.solve.signalling.equilibria import PARTIAL, POOLING, SEPARATING, Component, belief_after
from negotiation.solve.stage.equilibria import share_words

MEANING = {
    SEPARATING: "every type speaks differently, so the call reveals who speaks",
    POOLING: "all types speak alike, so the call reveals nothing",
    PARTIAL: "some messages are shared, so the call reveals something now and then",
}
LARGEST = 12  # denominator of a probability that is written as a fraction; doubled, fewer are decimals


def _span(chances: list[Fraction]) -> str:
    """Return the range of a probability over the vertices of a polytope."""
    return " to ".join(dict.fromkeys(share_words(end, LARGEST) for end in (min(chances), max(chances))))


def component_sentence(component: Component) -> str:
    """Return a component as one sentence: name and meaning, who says what, which reply follows each message.

    Where a behaviour is not pinned down the range of its probabilities is given.
    """
    game = component.game
    speech = "; ".join(f"{name} {_says(component, t)}" for t, name in enumerate(game.types))
    speech = speech[0].upper() + speech[1:]
    replies = "; ".join(_answer(component, s) for s in range(len(game.messages)))
    return f"{component.kind.capitalize()}: {MEANING[component.kind]}. {speech}. {replies[0].upper()}{replies[1:]}."


def _says(component: Component, kind: int) -> str:
    game = component.game
    parts = []
    for s, name in enumerate(game.messages):
        chances = [sender[kind][s] for sender in component.senders]
        if min(chances) == 1:
            return f"says '{name}'"
        if max(chances):
            parts.append(f"'{name}' with probability {_span(chances)}")
    return "says " + " or ".join(parts)


def _answer(component: Component, message: int) -> str:
    game = component.game
    parts = []
    for a, name in enumerate(game.responses):
        chances = [receiver[message][a] for receiver in component.receivers]
        if max(chances):
            parts.append(name if min(chances) == 1 else f"{name} with probability {_span(chances)}")
    return f"after '{game.messages[message]}' {_state(component, message)} {' or '.join(parts)}"


def _state(component: Component, message: int) -> str:
    game = component.game
    corners = beliefs(component, message)
    parts = [f"P({name}) = {_span([belief[t] for belief in corners])}" for t, name in enumerate(game.types[:-1])]
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
        on_path = [belief_after(game, sender, message) for sender in component.senders]
        return tuple(dict.fromkeys(belief for belief in on_path if belief is not None))
    cells, everyone = best_reply_complex(game, message), (1 << len(game.types)) - 1
    supports = {sum(1 << a for a, chance in enumerate(receiver[message]) if chance) for receiver in component.receivers}
    corners = {corner for replies in supports for corner in cells.beliefs(replies, everyone)}
    return tuple(sorted(corners, reverse=True))
