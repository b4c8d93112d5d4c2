"""What the read-only commands answer, and the docs that are drawn from code."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.net.county import County, answer_of
from tests.net.normalise import cells_of, pretty_json, settled

BY, PURPOSE = "bureau", "报送市教育体育局 11 月控辍保学月报"
PLACES = ("539901", "539901100", "539901200", "5399010001", "5399010005")
LEDGERS = ("suspected", "dropout", "unsigned", "cases")


def answers(county: County) -> Iterator[tuple[str, str]]:
    """(file name, text) of every command."""
    for command, answer in county.answers.items():
        yield _json(command, answer)
    asked = {"by": BY, "on": county.day}
    yield _json("alerts", answer_of("alerts", **asked))
    yield _json("alerts with purpose", answer_of("alerts", purpose=PURPOSE, **asked))
    yield _json("check_rolls", answer_of("check_rolls"))
    for place in PLACES:
        yield _json(f"rates {place}", answer_of("rates", region=place, **asked))
    for ledger in LEDGERS:
        yield from _ledger(ledger, asked)
    yield from _docs()


def _json(command: str, answer: str) -> tuple[str, str]:
    return f"{command.replace(' ', '-')}.json", settled(pretty_json(answer))


def _ledger(name: str, asked: dict) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "ledger.xlsx"
        answer = answer_of("export_ledger", name, purpose=PURPOSE, out=str(out), **asked)
        yield _json(f"export_ledger {name}", answer)
        if out.exists():
            yield f"export_ledger-{name}.xlsx.txt", settled(cells_of(out.read_bytes()))


def _docs() -> Iterator[tuple[str, str]]:
    """draw_docs writes below BASE_DIR: here a folder of its own."""
    from django.test import override_settings

    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "docs"
        docs.mkdir()
        with override_settings(BASE_DIR=Path(folder)):
            printed = answer_of("draw_docs")
        yield "draw_docs.txt", printed
        for file in sorted(docs.rglob("*.*")):
            yield f"docs-{file.name}", file.read_text(encoding="utf-8")
