"""Ways a file goes wrong between its clerk and the portal: one function a kind, the same from one seed.

`spoilt("roster", 17, seed)` is always the same file. A kind takes the dice and the rows (or the
entries) of an honest file and returns a spoilt one.
"""

import random
from dataclasses import dataclass

from tests.doors import mutated_files, mutated_json, mutated_rows
from tests.doors.faces import File
from tests.doors.seeds import ENTRIES, TABLES

OF_TABLES = [*mutated_rows.KINDS, *mutated_files.KINDS]


@dataclass(frozen=True)
class Spoilt:
    kind: str
    file: File


def spoilt(door: str, number: int, seed: int) -> Spoilt:
    """The `number`-th file for a door: every kind in turn, each time with other dice."""
    dice = random.Random(f"{seed}:{door}:{number}")
    if door in ENTRIES:
        kind = mutated_json.KINDS[number % len(mutated_json.KINDS)]
        return Spoilt(kind.__name__, kind(dice, [dict(entry) for entry in ENTRIES[door]]))
    # Doors begin at different kinds, so that few files meet many.
    kind = OF_TABLES[(number + 7 * list(TABLES).index(door)) % len(OF_TABLES)]
    return Spoilt(kind.__name__, kind(dice, [list(row) for row in TABLES[door]]))
