"""The published table of the four steps is the rule's own."""

from pathlib import Path

from cases.enums.states import Step, step_title
from cases.ladder.diagram import draw, needs_of, skips_of
from cases.law.conditions import CONDITIONS
from cases.law.steps import STEP_RULES

DOC = Path(__file__).resolve().parents[3] / "docs" / "ladder.md"


def test_the_table_in_docs_is_drawn_from_the_rule():
    assert DOC.read_text(encoding="utf-8") == draw(), "run manage.py draw_docs"


def test_the_table_has_a_row_for_every_step_and_every_condition():
    page = draw()
    assert all(f"| {step_title(step)} |" in page for step in Step)
    assert all(f"| {need.label} | {need.cites} |" in page for need in CONDITIONS.values())


def test_what_falls_away_with_a_step_left_out_says_so():
    assert needs_of(STEP_RULES[Step.SUE])[-1].endswith("（没有跳过第二步（责令限期改正）的）")
    assert needs_of(STEP_RULES[Step.PENALTY])[-1] == "责令的期限已届满，学生没有返校"
    assert skips_of(STEP_RULES[Step.ENFORCE]) == ["第三步（行政处罚）可以"]


def test_the_diagram_has_both_branches_and_the_ways_round():
    arrows = [
        line.strip()
        for line in draw().splitlines()
        if ">" in line and "--" in line.replace("-.", "--")
    ]
    assert "penalty --> enforce" in arrows and "penalty --> sue" in arrows
    assert 'order -. "批准跳过行政处罚" .-> enforce' in arrows
    assert 'persuade -. "批准跳过责令限期改正、行政处罚" .-> sue' in arrows
    assert not any("跳过" in one and one.endswith("penalty") for one in arrows)
