"""The published table of lawful exits, drawn from `cases.exits` into docs/exits.md."""

from cases.exits import COUNTS_LABELS, EXITS, approvers_label
from cases.kinds import EXIT_LABELS

HEAD = """# 依规办结：合法不在校事由

由 `cases/exits.py` 的表画出（`manage.py draw_docs`），测试核对两者一致。
这是一张封闭的清单：不在表上的事由不能办结；每一项都要写明证明，由表上的单位批准。
有期限的，到期前 30 天提醒核实去向；到期未返校，可恢复办理，四步法重新开始。

"""
TITLES = ["事由", "证明", "批准", "期限", "名册", "对比率的影响", "依据"]


def draw() -> str:
    """The table as Markdown."""
    lines = [_line(TITLES), _line(["---"] * len(TITLES))]
    for kind, row in EXITS.items():
        cells = [
            EXIT_LABELS[kind],
            row.proof,
            approvers_label(row),
            "须写截止日期" if row.expires else "—",
            "仍在名册" if row.on_roll else "不在名册",
            f"{COUNTS_LABELS[row.counts]}；{row.effect}",
            row.cites,
        ]
        lines.append(_line(cells))
    return HEAD + "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
