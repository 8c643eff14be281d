"""An outer certificate as read (format: docs/certificates.md): half-plane systems, each link with its multipliers.

All numbers are integers over 2^50. `reached` is None where a state is shown to be empty.
"""

from collections.abc import Sequence
from typing import NamedTuple

from negotiation.verify.game import Game
from negotiation.verify.reading import Entry
from negotiation.verify.scaled import Multipliers

MultiplierTable = dict[tuple[int, int], Multipliers]


class DualProof(NamedTuple):
    """`multipliers[direction, profile]`; `unenforceable[state, profile]` by `sides` at level - position down."""

    position: int
    sides: tuple[int, ...]
    multipliers: MultiplierTable
    unenforceable: MultiplierTable


class ChainLink(NamedTuple):
    """A step (`down` None) or a slide through level - t down, t from 0 to length / 2^50."""

    sides: tuple[int, ...]
    level: tuple[int, ...]
    down: tuple[int, ...] | None
    length: int
    reached: tuple[int | None, ...]
    proofs: tuple[DualProof, ...]
    void: tuple[tuple[int, ...], ...]


class OuterChain(NamedTuple):
    """Directions (state, x, y), first levels, links, the final sides, and the (state, profile) ruled out before."""

    directions: tuple[tuple[int, int, int], ...]
    first: tuple[int, ...]
    links: tuple[ChainLink, ...] = ()
    sides: tuple[int, ...] = ()
    ruled_out: tuple[tuple[int, int], ...] = ()


def read_chain(outer: Entry, game: Game) -> OuterChain:
    """Return an outer certificate as read; `InputError` names what is wrong."""
    directions = []
    for row in outer.field("directions").items():
        state, x, y = row.items(3)
        directions.append((state.whole(len(game.states)), x.whole(), y.whole()))
    ruled_out = []
    for row in outer.optional("ruled_out", []).items():
        state, profile = row.items(2)
        number = state.whole(len(game.states))
        ruled_out.append((number, profile.whole(game.states[number].size)))
    states = [state for state, _, _ in directions]
    return OuterChain(
        directions=tuple(directions),
        first=outer.field("first").wholes(len(directions)),
        links=tuple(_link(row, game, states) for row in outer.field("links").items()),
        sides=outer.field("sides").wholes(below=len(directions)),
        ruled_out=tuple(ruled_out),
    )


def _link(link: Entry, game: Game, states: Sequence[int]) -> ChainLink:
    """Return a link; states: that of each direction."""
    count, down, proofs = len(states), link.field("down"), []
    sides = link.field("sides").wholes(below=count)
    for proof in link.field("proofs").items():
        position = proof.field("at").whole()
        proof_sides = proof.optional("sides", sides).wholes(below=count)
        multipliers = _multipliers(proof.field("multipliers"), game, states)
        unenforceable = _multipliers(proof.field("unenforceable"), game, range(len(game.states)))
        proofs.append(DualProof(position, proof_sides, multipliers, unenforceable))
    return ChainLink(
        sides=sides,
        level=link.field("level").wholes(count),
        down=None if down.value is None else down.wholes(count),
        length=link.field("length").whole(),
        reached=tuple(None if end.value is None else end.whole() for end in link.field("reached").items(count)),
        proofs=tuple(proofs),
        void=tuple(three.wholes(3, count) for three in link.field("void").items()),
    )


def _multipliers(data: Entry, game: Game, states: Sequence[int]) -> MultiplierTable:
    """Return multipliers by (number, profile); states: the state that each number stands for."""
    table: MultiplierTable = {}
    for row in data.items():
        first, second, multipliers = row.items(3)
        key = first.whole(len(states))
        state = states[key]
        profile = second.whole(game.states[state].size)
        if (key, profile) in table:
            raise row.fault("names the same profile twice")
        table[key, profile] = read_multipliers(multipliers, game, state, profile)
    return table


def read_multipliers(data: Entry, game: Game, state: int, profile: int) -> Multipliers:
    """Return multipliers written as [player, action, integer] by the number of the deviation; none is negative."""
    numbers = {(move.player, move.action): number for number, move in enumerate(game.states[state].deviations(profile))}
    multipliers = []
    for row in data.items():
        player, action, weight = row.wholes(3)
        if (player, action) not in numbers:
            raise row.fault(f"player {player} cannot deviate to action {action} from this profile")
        if weight < 0:
            raise row.fault("a multiplier is negative")
        multipliers.append((numbers[player, action], weight))
    return multipliers
