"""The words of a paper, frozen when it is issued: facts in, paragraphs of runs out. No Django.

A paragraph is a list of [style, words]; styles are "" plain, "fill" (underlined), "bold", and the
name of a protected number, whose words are its masked form until a reason is given.
"""

from dataclasses import dataclass
from datetime import date

GUARDIAN_ID, XUEJI_NO = "guardian_id", "xueji_no"
NUMBERS = (GUARDIAN_ID, XUEJI_NO)
COPIES = "一式三份：监护人、学校、本机关存档"
HELP = "资助、住宿和学业帮扶"
FINES = ("罚款", "罚金", "处罚")

Run = list[str]
Paragraph = list[Run]


@dataclass(frozen=True, slots=True)
class Order:
    """All a 责令限期改正通知书 says. Labels are ready to print; an empty one is left out."""

    body: str
    reviewer: str
    by_bureau: bool
    issued: date
    days: int
    addressee: str
    relation: str
    guardian_id: str
    child: str
    sex: str
    birth: date | None
    xueji_no: str
    address: str
    roll: str
    since: str
    unexplained: int | None
    excused: int
    not_taken: int
    contacts: tuple[str, ...]
    criticised: str
    persuaded: str
    receiving: str
    help: str
    extra: str
    person: str
    phone: str
    fine: str


def full_date(day: date) -> str:
    """2026年11月11日."""
    return f"{day.year}年{day.month}月{day.day}日"


def order_paragraphs(order: Order) -> list[Paragraph]:
    """The paragraphs of the paper, from the address to the person to ask."""
    told = [
        _address(order),
        _facts(order),
        _articles(order),
        [
            [
                "bold",
                f"自送达之日起 {order.days} 日内，送{order.child}返回{order.receiving}接受义务教育。",
            ]
        ],
        [["", _help(order)]],
        [["", _remedies(order)]],
    ]
    if order.person:
        phone = f"，电话：{order.phone}" if order.phone else ""
        told.append([["", f"联系人：{order.person}{phone}。"]])
    return told


def _address(order: Order) -> Paragraph:
    runs = [
        ["fill", order.addressee],
        ["", "（监护人，与学生关系："],
        ["fill", order.relation or "监护人"],
    ]
    if order.guardian_id:
        runs += [["", "，身份证号："], [GUARDIAN_ID, order.guardian_id]]
    return [*runs, ["", "）："]]


def _facts(order: Order) -> Paragraph:
    born = f"{full_date(order.birth)}出生" if order.birth else ""
    about = "，".join(part for part in (order.sex, born) if part)
    runs = [["", "经查，你监护的"], ["fill", order.child], ["", f"（{about}"]]
    if order.xueji_no:
        runs += [["", "，学籍号 "], [XUEJI_NO, order.xueji_no]]
    if order.address:
        runs.append(["", f"，住{order.address}"])
    runs.append(["", f"）{f'系{order.roll}学生，' if order.roll else ''}"])
    if order.since:
        runs += [["", "自"], ["fill", order.since], ["", "起"]]
    runs.append(["", "无正当理由未到校接受义务教育"])
    if order.unexplained:
        runs += [["", "，至"], ["fill", full_date(order.issued)], ["", "已有"]]
        runs += [["fill", str(order.unexplained)], ["", "个教学日"]]
    runs.append(["", f"{_not_counted(order)}。{_efforts(order)}{order.extra}{_evidence(order)}"])
    return runs


def _not_counted(order: Order) -> str:
    """The days in between that are no fault: whoever reads the dates must be able to count them."""
    days = [
        f"{count} 个教学日{why}"
        for count, why in ((order.excused, "有正当理由"), (order.not_taken, "没有考勤记录"))
        if count and order.unexplained
    ]
    return f"（其间另有 {'、'.join(days)}，不计在内）" if days else ""


def _efforts(order: Order) -> str:
    done = []
    if order.contacts:
        done.append(f"已于{'、'.join(order.contacts)}联系劝返")
    if order.persuaded:
        done.append(f"于{order.persuaded}送达劝返通知书")
    if order.criticised:
        done.append(f"本机关于{order.criticised}对你批评教育")
    return f"{'，'.join(done)}，至今仍未返校。" if done else ""


def _evidence(order: Order) -> str:
    proofs = [
        word
        for word, there in [
            ("考勤登记", order.unexplained),
            ("联系记录", order.contacts),
            ("劝返通知书及送达回证", order.persuaded),
            ("批评教育记录", order.criticised),
        ]
        if there
    ]
    disputed = "对考勤登记有异议的，可以要求学校更正，学校在十五日内答复。"
    said = f"以上事实有{'、'.join(proofs)}为证。" if proofs else ""
    return said + (disputed if order.unexplained else "")


def _articles(order: Order) -> Paragraph:
    basis = "《中华人民共和国义务教育法》第五十八条"
    if order.by_bureau:
        basis += "、《中华人民共和国未成年人保护法》第八十三条第二款"
    broken = "《中华人民共和国义务教育法》第五条第二款、第十一条"
    return [["", f"你的行为违反了{broken}的规定。依据{basis}的规定，现责令你："]]


def _help(order: Order) -> str:
    offered = f"家庭确有困难的，请在上述期限内向本机关或学校提出，我们将协助落实{order.help}。"
    fined = f"依照{order.fine}的规定处以罚款、" if order.fine else ""
    return offered + f"逾期不改正的，本机关将依法采取进一步措施，包括{fined}依法提起诉讼。"


def _remedies(order: Order) -> str:
    return (
        f"如不服本决定，可在收到之日起六十日内向{order.reviewer}申请行政复议，"
        "也可在六个月内依法向人民法院提起行政诉讼。"
    )


def names_a_fine(said: str) -> bool:
    return any(word in said for word in FINES)


def shown(paragraphs: list[Paragraph], numbers: dict[str, str]) -> list[list[tuple[str, str]]]:
    """The paragraphs as a page draws them, protected numbers in clear where `numbers` gives them."""
    return [
        [
            ("fill" if style in NUMBERS else style, numbers.get(style, words))
            for style, words in runs
        ]
        for runs in paragraphs
    ]
