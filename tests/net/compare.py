"""Compares two dumps and groups what differs by the kind of difference."""

import re
from collections import defaultdict
from difflib import SequenceMatcher
from pathlib import Path

from tests.net.normalise import outline

SHOWN_FILES, SHOWN_LINES, WIDTH = 3, 6, 150
ONE_SIDE = "only in {}"


def compare(
    left: Path, right: Path, *, strict: bool = False, gaps: bool = False
) -> tuple[str, int]:
    """(what to print, how many files differ)."""
    files = {
        side: {file.relative_to(side).as_posix() for file in side.rglob("*") if file.is_file()}
        for side in (left, right)
    }
    kinds: dict[tuple[str, ...], list[tuple[str, list[str]]]] = defaultdict(list)
    for side, other in ((left, right), (right, left)):
        for name in sorted(files[side] - files[other]):
            kinds[ONE_SIDE.format(side), name.rpartition("/")[0]].append((name, []))
    for name in sorted(files[left] & files[right]):
        if lines := differing(left / name, right / name, strict=strict, gaps=gaps):
            kinds[tuple(masked(line) for line in lines[:4])].append((name, lines))
    count = sum(map(len, kinds.values()))
    listed = [_told(kind, kinds[kind]) for kind in sorted(kinds, key=lambda k: -len(kinds[k]))]
    same = len(files[left] & files[right]) - sum(
        1 for found in kinds.values() for _, x in found if x
    )
    listed.append(f"{count} files differ in {len(kinds)} ways, {same} are the same.")
    return "\n".join(listed), count


def differing(left: Path, right: Path, *, strict: bool, gaps: bool) -> list[str]:
    """The lines that differ, with - and + before them; none where the files say the same."""
    texts = [file.read_text(encoding="utf-8") for file in (left, right)]
    if texts[0] == texts[1]:
        return []
    if left.name.endswith(".html") and not strict:
        sides = [_page_lines(text, gaps) for text in texts]
    else:
        sides = [text.splitlines(keepends=strict) for text in texts]
    lines = []
    for what, a, b, c, d in SequenceMatcher(None, *sides, autojunk=False).get_opcodes():
        if what != "equal":
            lines += [f"- {line}" for line in sides[0][a:b]] + [
                f"+ {line}" for line in sides[1][c:d]
            ]
    return lines


def _page_lines(text: str, gaps: bool) -> list[str]:
    head, _, html = text.partition("\n\n")
    return [*head.split("\n"), *outline(html, gaps=gaps)]


def masked(line: str) -> str:
    """The line without what tells one row from another, so that like differences meet."""
    return re.sub(r"\b[0-9A-Z]{10}\b|\d+", "#", re.sub(r"[\u4e00-\u9fff]{2,4}(?=\")", "名", line))


def _told(kind: tuple[str, ...], found: list[tuple[str, list[str]]]) -> str:
    names = [name for name, _ in found]
    more = f" … and {len(names) - SHOWN_FILES} more" if len(names) > SHOWN_FILES else ""
    title = f"{kind[0]}: " if kind[0].startswith(ONE_SIDE.format("")) else ""
    lines = [f"== {title}{len(names)} file(s): {', '.join(names[:SHOWN_FILES])}{more}"]
    example = found[0][1]
    lines += [f"   {line[:WIDTH].rstrip()}" for line in example[:SHOWN_LINES]]
    if len(example) > SHOWN_LINES:
        lines.append(f"   … {len(example) - SHOWN_LINES} more lines")
    return "\n".join(lines)
