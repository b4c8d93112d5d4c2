"""The published table of lawful exits, drawn from `cases.law.exits` into docs/exits.md."""

from cases.enums.records import ExitKind
from cases.law.exits import EXITS, Exit, approvers_label

HEAD = """# 依规办结：合法不在校事由

由 `cases/law/exits.py` 的表画出（`manage.py draw_docs`），测试核对两者一致。
这是一张封闭的清单：不在表上的事由不能办结；每一项都要写明证明，由表上的单位批准。
到期前 30 天提醒核实去向。到期后又有 3 个教学日无正当理由未到校的，系统自动恢复办理，四步法重新开始；
到期前考勤显示已经到校的，事由从那一天起结束。

"""
TITLES = ["事由", "证明", "批准", "期限", "名册", "对比率的影响", "依据"]


def draw() -> str:
    """The table as Markdown."""
    lines = [_line(TITLES), _line(["---"] * len(TITLES))]
    for kind, row in EXITS.items():
        cells = [
            ExitKind(kind).label,
            row.proof,
            approvers_label(row),
            _ends(row),
            "仍在名册" if row.on_roll else "不在名册",
            f"{row.counts.label}；{row.effect}",
            row.cites,
        ]
        lines.append(_line(cells))
    return HEAD + "\n".join(lines) + "\n"


def proofs() -> list[tuple[str, str, str]]:
    """(事由, 要看的证明, 由谁批准、效果), for the list beside the choice."""
    return [
        (
            ExitKind(kind).label,
            row.proof,
            f"{approvers_label(row)}批准；{row.effect} · {row.cites}",
        )
        for kind, row in EXITS.items()
    ]


def _ends(row: Exit) -> str:
    if row.expires:
        return "须写截止日期"
    return "至本学年末，每学年核实" if row.status else "—"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
