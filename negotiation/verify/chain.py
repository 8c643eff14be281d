"""An outer certificate as read: a chain of half-plane systems, each link with its multipliers.

All numbers are integers over 2^50. `directions` (state, x, y); `first` levels; `ruled_out`, where there are any, the
(state, profile) whose loss no future can make good, in an order that shows it; a link has `level`, `down` (None for a
step), `length`, `reached` (None where a state is shown to be empty), the numbers of the `sides` to combine, proofs:
multipliers by (direction, profile), and multipliers that show profiles unenforceable at the place `at` of a slide; and
`void`, triples of directions whose half-planes have no point in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from negotiation.verify.game import Game
from negotiation.verify.reading import entries, fault, field, part, whole, wholes
from negotiation.verify.scaled import Multipliers

MultiplierTable = dict[tuple[int, int], Multipliers]


@dataclass(frozen=True)
class DualProof:
    """`multipliers[direction, profile]`; `unenforceable[state, profile]`, shown at level - at down with `sides`."""

    at: int
    sides: tuple[int, ...]
    multipliers: MultiplierTable
    unenforceable: MultiplierTable


@dataclass(frozen=True)
class ChainLink:
    """A step (`down` None) or a slide through level - t down, t from 0 to length / 2^50."""

    sides: tuple[int, ...]
    level: tuple[int, ...]
    down: tuple[int, ...] | None
    length: int
    reached: tuple[int | None, ...]
    proofs: tuple[DualProof, ...]
    void: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class OuterChain:
    """Directions (state, x, y), first levels, links, and the (state, profile) ruled out before them."""

    directions: tuple[tuple[int, int, int], ...]
    first: tuple[int, ...]
    links: tuple[ChainLink, ...]
    ruled_out: tuple[tuple[int, int], ...] = ()


def read_chain(data: Any, game: Game, path: str = "outer") -> OuterChain:
    """Return an outer certificate as read; `InputError` names what is wrong."""
    outer = part(data, path)
    directions = []
    for number, row in enumerate(entries(field(outer, "directions", path), f"{path}.directions")):
        state, x, y = wholes(row, f"{path}.directions[{number}]", 3)
        directions.append((whole(state, f"{path}.directions[{number}]", len(game.states)), x, y))
    count = len(directions)
    first = wholes(field(outer, "first", path), f"{path}.first", count)
    links = [
        _link(part(row, f"{path}.links[{number}]"), f"{path}.links[{number}]", game, tuple(directions))
        for number, row in enumerate(entries(field(outer, "links", path), f"{path}.links"))
    ]
    ruled_out = []
    for number, row in enumerate(entries(outer.get("ruled_out", []), f"{path}.ruled_out")):
        state, profile = wholes(row, f"{path}.ruled_out[{number}]", 2)
        state = whole(state, f"{path}.ruled_out[{number}]", len(game.states))
        ruled_out.append((state, whole(profile, f"{path}.ruled_out[{number}]", game.states[state].size)))
    return OuterChain(tuple(directions), first, tuple(links), tuple(ruled_out))


def _link(data: Mapping[str, Any], path: str, game: Game, directions: tuple[tuple[int, int, int], ...]) -> ChainLink:
    count = len(directions)
    sides = wholes(field(data, "sides", path), f"{path}.sides", below=count)
    down = field(data, "down", path)
    reached = entries(field(data, "reached", path), f"{path}.reached", count)
    proofs = []
    for number, row in enumerate(entries(field(data, "proofs", path), f"{path}.proofs")):
        where, proof = f"{path}.proofs[{number}]", part(row, f"{path}.proofs[{number}]")
        proofs.append(
            DualProof(
                whole(field(proof, "at", where), f"{where}.at"),
                wholes(proof["sides"], f"{where}.sides", below=count) if "sides" in proof else sides,
                _multipliers(field(proof, "multipliers", where), f"{where}.multipliers", game, directions),
                _multipliers(field(proof, "unenforceable", where), f"{where}.unenforceable", game, None),
            )
        )
    return ChainLink(
        sides=sides,
        level=wholes(field(data, "level", path), f"{path}.level", count),
        down=None if down is None else wholes(down, f"{path}.down", count),
        length=whole(field(data, "length", path), f"{path}.length"),
        reached=tuple(None if level is None else whole(level, f"{path}.reached") for level in reached),
        proofs=tuple(proofs),
        void=tuple(wholes(row, f"{path}.void", 3, count) for row in entries(field(data, "void", path), f"{path}.void")),
    )


def _multipliers(
    data: Any, path: str, game: Game, directions: tuple[tuple[int, int, int], ...] | None
) -> MultiplierTable:  # fmt: skip
    """Return multipliers by (direction or state, profile)."""
    table: MultiplierTable = {}
    for number, row in enumerate(entries(data, path)):
        key, profile, named = entries(row, f"{path}[{number}]", 3)
        key = whole(key, f"{path}[{number}]", len(game.states) if directions is None else len(directions))
        state = key if directions is None else directions[key][0]
        profile = whole(profile, f"{path}[{number}]", game.states[state].size)
        if (key, profile) in table:
            raise fault(f"{path}[{number}]", "names the same profile twice")
        table[key, profile] = read_multipliers(named, f"{path}[{number}]", game, state, profile)
    return table


def read_multipliers(data: Any, path: str, game: Game, state: int, profile: int) -> Multipliers:
    """Return multipliers written as [player, action, integer] by the number of the deviation; none is negative."""
    numbers = {(move.player, move.action): number for number, move in enumerate(game.states[state].deviations(profile))}
    multipliers = []
    for row in entries(data, path):
        player, action, weight = wholes(row, path, 3)
        if (player, action) not in numbers:
            raise fault(path, f"player {player} cannot deviate to action {action} from this profile")
        if weight < 0:
            raise fault(path, "a multiplier is negative")
        multipliers.append((numbers[player, action], weight))
    return multipliers
