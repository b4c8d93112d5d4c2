"""The published truth table is the rule's own."""

from pathlib import Path

from attendance.truth import draw

DOC = Path(__file__).resolve().parents[2] / "docs" / "unseen.md"


def test_the_table_in_docs_is_drawn_from_the_rule():
    assert DOC.read_text(encoding="utf-8") == draw(), "run manage.py draw_docs"


def test_the_table_has_a_row_for_every_mark():
    assert draw().count("| 已报 |") == 9
