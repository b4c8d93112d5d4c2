"""合法不在校事由: the closed list of lawful ways out of a case, as a table a lawyer can check.

Each with the proof asked for, who approves, whether it expires, and its effect on the rates
(domain §2.3). docs/exits.md is drawn from it by `cases.returns.exits_table`.
"""

from dataclasses import dataclass

from accounts.enums import Role
from cases.enums.records import ExitKind
from regions.labels import Labelled
from regions.rules.believable import DateKind
from students.enums import AbsenceKind, Ended

TOWNSHIP_OR_BUREAU = frozenset({Role.TOWNSHIP, Role.BUREAU})
BUREAU = frozenset({Role.BUREAU})
TOWNSHIP = frozenset({Role.TOWNSHIP})
SHORTEST_PROOF = 4
SHORTEST_PLACE = 2
OVERAGE_AGE = 16  # 义务教育法 11 with the nine years; younger children are still obliged


class Counts(Labelled):
    """Whether the child stands in the denominator of the rates."""

    YES = "yes", "计入分母"
    NO = "no", "不计入分母"
    BY_VARIANT = "by_variant", "按口径计入或剔除"
    OWN_LINE = "own_line", "计入分母，单列"


@dataclass(frozen=True, slots=True)
class Exit:
    """One lawful way out.

    `expires`: it needs a last day; one that does not ends with the school year while the child is
    on a roll. Somebody asks again 30 days before. `on_roll`: the child stays on the roll. `status`,
    `ended`: what it does to the roll. `elsewhere`: it says where to. `sensitive`: its reason is
    seen by those who act on it alone. `until`: how far off its last day is believed.
    """

    proof: str
    approvers: frozenset[Role]
    effect: str
    counts: Counts
    cites: str
    expires: bool = False
    on_roll: bool = True
    sensitive: bool = False
    may_come_back: bool = True
    status: AbsenceKind | None = None
    ended: Ended | None = None
    elsewhere: bool = False
    until: DateKind = DateKind.STATUS_ENDS


EXITS: dict[ExitKind, Exit] = {
    ExitKind.DEFERRED: Exit(
        proof="监护人申请，身体状况的医疗证明",
        approvers=TOWNSHIP_OR_BUREAU,
        effect="到期须入学",
        counts=Counts.BY_VARIANT,
        cites="义务教育法 第11条",
        expires=True,
        on_roll=False,
        status=AbsenceKind.DEFERRED,
    ),
    ExitKind.SUSPENDED: Exit(
        proof="医疗证明，监护人申请",
        approvers=TOWNSHIP_OR_BUREAU,
        effect="休学期间不算在校，到期须复学",
        counts=Counts.BY_VARIANT,
        cites="义务教育法 第11条",
        expires=True,
        sensitive=True,
        status=AbsenceKind.SUSPENDED,
    ),
    ExitKind.HOME_TEACHING: Exit(
        proof="残疾人教育专家委员会评估意见，送教安排",
        approvers=BUREAU,
        effect="保留学籍，算在校",
        counts=Counts.YES,
        cites="残疾人教育条例 第17条",
        expires=True,
        sensitive=True,
        status=AbsenceKind.HOME_TEACHING,
    ),
    ExitKind.SPECIAL_SCHOOL: Exit(
        proof="评估意见，特殊教育学校接收证明",
        approvers=BUREAU,
        effect="算在校",
        counts=Counts.YES,
        cites="义务教育法 第19条",
        sensitive=True,
        status=AbsenceKind.LAWFUL,
    ),
    ExitKind.REHAB: Exit(
        proof="康复机构在训证明",
        approvers=BUREAU,
        effect="按延缓入学计，单列；到期须入学",
        counts=Counts.BY_VARIANT,
        cites="义务教育法 第11条",
        expires=True,
        sensitive=True,
        status=AbsenceKind.LAWFUL,
    ),
    ExitKind.TRANSFER_OUT: Exit(
        proof="对方学校接收证明，学籍转接办结",
        approvers=BUREAU,
        effect="对方确认接收后离开本县名册",
        counts=Counts.NO,
        cites="中小学生学籍管理办法（转学）",
        on_roll=False,
        ended=Ended.TRANSFER_OUT,
        elsewhere=True,
    ),
    ExitKind.STUDY_ELSEWHERE: Exit(
        proof="就读学校在读证明，核查函回执",
        approvers=BUREAU,
        effect="学籍在本县、人在外地就读，每学期重新核实",
        counts=Counts.YES,
        cites="系统设定（人籍分离每学期核实）",
        expires=True,
        status=AbsenceKind.STUDY_ELSEWHERE,
    ),
    ExitKind.ABROAD: Exit(
        proof="护照、签证或出境记录",
        approvers=BUREAU,
        effect="离开名册",
        counts=Counts.NO,
        cites="中小学生学籍管理办法（出国出境）",
        on_roll=False,
        ended=Ended.ABROAD,
        elsewhere=True,
    ),
    ExitKind.DECEASED: Exit(
        proof="死亡证明",
        approvers=BUREAU,
        effect="离开名册，10 个工作日内注销学籍",
        counts=Counts.NO,
        cites="中小学生学籍管理办法（死亡注销学籍）",
        on_roll=False,
        may_come_back=False,
        ended=Ended.DECEASED,
    ),
    ExitKind.MISSING: Exit(
        proof="公安机关受理回执及编号",
        approvers=TOWNSHIP,
        effect="不算在校",
        counts=Counts.OWN_LINE,
        cites="系统设定（公安立案，单独列出）",
        status=AbsenceKind.LAWFUL,
    ),
    ExitKind.CORRECTIONAL: Exit(
        proof="专门教育决定书或司法机关法律文书",
        approvers=BUREAU,
        effect="算在校",
        counts=Counts.YES,
        cites="预防未成年人犯罪法 第43–45条；义务教育法 第20、21条",
        expires=True,
        sensitive=True,
        status=AbsenceKind.LAWFUL,
        until=DateKind.EXIT_ENDS,
    ),
    ExitKind.VOCATIONAL: Exit(
        proof="职业学校在读证明",
        approvers=BUREAU,
        effect="算在校",
        counts=Counts.YES,
        cites="系统设定（按当地政策）",
        status=AbsenceKind.LAWFUL,
    ),
    ExitKind.OVERAGE: Exit(
        proof="户口簿或出生证明",
        approvers=BUREAU,
        effect="不再列入劝返",
        counts=Counts.OWN_LINE,
        cites="义务教育法 第11条",
        status=AbsenceKind.LAWFUL,
    ),
    ExitKind.GRADUATED: Exit(
        proof="毕业证书或毕业生名册",
        approvers=BUREAU,
        effect="离开名册，完成学业计入巩固",
        counts=Counts.YES,
        cites="义务教育法 第11条",
        on_roll=False,
        may_come_back=False,
        ended=Ended.GRADUATED,
    ),
}


def why_not(
    kind: ExitKind,
    roles: frozenset[Role],
    *,
    proof: str,
    until: bool,
    age: int | None,
    where_to: str = "",
) -> str | None:
    """One sentence that says why this exit is refused, with what would mend it; None when it may be.

    `roles`: those through which the person acts on the case. `until`: a last day was given. `age`:
    full years on the day of the exit, where the birth date is known. `where_to`: the school or
    country the child goes to.
    """
    row, label = EXITS[kind], kind.label
    if not roles & row.approvers:
        return f"{label}由{approvers_label(row)}批准（{row.cites}）。"
    if len(proof.strip()) < SHORTEST_PROOF:
        return f"请写明看到了什么证明：{row.proof}。"
    if row.expires and not until:
        return f"{label}要有截止日期，到期前 30 天会提醒核实。"
    if row.elsewhere and len(where_to.strip()) < SHORTEST_PLACE:
        return f"{label}请写明去向：转入的学校，或者前往的国家、地区。"
    if kind is ExitKind.OVERAGE and age is not None and age < OVERAGE_AGE:
        return f"按出生日期只有 {age} 周岁，还在义务教育年龄内（不满 {OVERAGE_AGE} 周岁）。"
    return None


def approvers_label(row: Exit) -> str:
    """责任乡镇或县教育体育局."""
    names = {Role.TOWNSHIP: "责任乡镇", Role.BUREAU: "县教育体育局"}
    return "或".join(name for role, name in names.items() if role in row.approvers)
