"""The acts of talking to a family and writing it down: contact, plan, named people, words, evidence."""

from cases.act import EVERY, OF_CHILD, OPEN, OUT, Act, Filling, Occasion, Situation
from cases.contacts import notes
from cases.contacts.note_forms import EvidenceForm, SaidForm
from cases.enums.records import DeadlineKind
from cases.permissions import CaseRight


def _of_the_report(_: Occasion) -> Filling:
    return Filling(intro="未成年人保护法 第28条：写明最后到校日、已做的劝返、家长说的原因")


def _report_due(now: Situation) -> bool:
    return DeadlineKind.SCHOOL_REPORT in now.deadlines


CONTACT = Act(
    CaseRight.CONTACT, "contact", "记家访", icon="house-door",
    says="家访、电话、书信、谈话；未见到人也要记", states=OPEN, base=OF_CHILD,
    settles=(DeadlineKind.VERIFY, DeadlineKind.CONTACT, DeadlineKind.NEXT_CONTACT),
    settles_late=(DeadlineKind.PROMISE,),
)  # fmt: skip
PLAN = Act(
    CaseRight.PLAN, "plan", "一生一案", icon="card-checklist",
    says="为什么不在校、怎么办、谁负责", states=OPEN, kept="写在个案的经过里。",
)  # fmt: skip
PEOPLE = Act(
    CaseRight.NAME, "people", "包保责任人", icon="people", says="县、乡、村、校、师五级包保",
    states=OPEN, kept="写在个案的经过里。",
)  # fmt: skip
REPORT = Act(
    CaseRight.REPORT, "report", "写书面报告", button="提交书面报告", icon="file-earmark-arrow-up",
    says="未成年人保护法 第28条", states=OUT, form=SaidForm, verb=notes.report,
    fill=_of_the_report, fits=_report_due, settles=(DeadlineKind.SCHOOL_REPORT,),
)  # fmt: skip
NOTE = Act(
    CaseRight.NOTE, "note", "写情况说明", button="写入经过", icon="chat-left-text",
    says="写入经过", states=EVERY, form=SaidForm, verb=notes.note,
)  # fmt: skip
EVIDENCE = Act(
    CaseRight.NOTE, "evidence", "上传证据", button="上传这份材料", icon="paperclip",
    says="照片或 PDF，写明是什么材料", states=EVERY, form=EvidenceForm, verb=notes.add_evidence,
)  # fmt: skip
