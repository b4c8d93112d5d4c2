"""People as a text: their numbers in order, each as its distance from the one before it.

Standard library only. A distance is written to the base 36 and closed by a comma, so that the
database can count the people behind a number without reading them: 1000, 1001, 1040 is "rs,1,13,".
Two characters for each child of a class; 60,000 children who came onto the rolls together are 120 kB.
"""

from collections.abc import Iterable

END = ","
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)


def pack(ids: Iterable[int]) -> str:
    """The text of some numbers, in order. One that stands twice is there twice (人次)."""
    parts, before = [], 0
    for number in sorted(ids):
        parts.append(_written(number - before))
        before = number
    return "".join(f"{part}{END}" for part in parts)


def unpack(text: str) -> list[int]:
    """The numbers of a text, in order."""
    ids, number = [], 0
    for part in text.split(END)[:-1]:
        number += int(part, BASE)
        ids.append(number)
    return ids


def _written(number: int) -> str:
    if number < BASE:
        return DIGITS[number]
    return _written(number // BASE) + DIGITS[number % BASE]
