"""What is said of a game that is played once: its stage equilibria, what each can be held to, dominated actions."""

from __future__ import annotations

from typing import Any

from negotiation.api.game_text import payoff_table, rows_and_columns
from negotiation.cli.solution_text import stage_lines
from negotiation.games.dynamic import OneShotGame
from negotiation.solve.solution_record import stage_nash


def one_shot_text(game: OneShotGame, answer: dict[str, Any], name: str) -> str:
    """Return the answer for the terminal; `answer` is that of `solution_data.one_shot_object`."""
    played = game.repeated(0.5)
    lines = [f"{name}: {' × '.join(map(str, game.stage.shape))}, played once (no discount factor)"]
    lines += [f"  {line}" for line in [rows_and_columns(played), *payoff_table(played, 0), *game.remarks]]
    lines += stage_lines(stage_nash(played, 0))
    for kind in ("pure", "mixed"):
        levels = [
            f"{player} {level[kind]:.10g}" for player, level in answer["minmax"].items() if level[kind] is not None
        ]
        lines += [f"  {kind} minmax: {', '.join(levels)}"] if levels else []
    dominance = answer["dominance"]
    lines += [f"  {found['words']}" for found in dominance["dominated"]] or ["  no action is dominated"]
    if any(found["kind"] == "strictly" for found in dominance["dominated"]):
        left = "; ".join(f"{player}: {', '.join(names)}" for player, names in dominance["undominated"].items())
        lines.append(f"  iterated strict dominance leaves {left}")
    return "\n".join(lines)
