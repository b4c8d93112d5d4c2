"""监护人要求更正: the school writes down that a guardian says a mark is wrong, and until when it answers.

个人信息保护法 46: who is written about may have it checked and corrected. The 15 days are ours (系统设定).
"""

from datetime import date, timedelta

from django.db import transaction

from accounts import history
from accounts.models import User
from attendance.enums import DisputeState, Mark
from attendance.models import Absence, MarkDispute, Register
from attendance.rights import MAY, RegisterRight
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.lengths import reason_of, whole
from students.models import Enrolment, Student

ANSWERED_WITHIN = timedelta(days=15)
NOT_TAKEN = "这一天还没有登记考勤，没有可更正的，请先补报。"
NOT_ON_ROLL = "这一天不在本校的班级里，请到当时所在的学校提出。"
NOT_HERE = "这一天的考勤由{school}登记，请到该校提出。"
WAITS = "这一天的更正正在等确认。确认以后监护人仍有异议的，再登记。"
STANDS = "这一天已经有一件等答复，最晚 {due}。"
BEFORE_THE_DAY = "要求更正的日期早于考勤那天，请核对。"


@transaction.atomic
def dispute(
    student: Student, *, day: date, asked_on: date, asker: str, words: str, by: User, on: date
) -> MarkDispute:
    """A guardian's word against the mark of `day`; due 15 days after it was asked.

    The same told twice is the one that stands. Raises Refused for a day without a register, for
    another school's register, and while another request for the day is open.
    """
    Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    if refusal := _why_no_days(day, asked_on, on):
        raise Refused(refusal)
    register = _register_of(student, day)
    if not by.reach.holds(*MAY[RegisterRight.ASK_LEAVE], over=register.path):
        raise Refused(NOT_HERE.format(school=register.school_class.school.name))
    told = {
        "asker": whole(asker.strip(), 40, "监护人"),
        "words": reason_of(words, "监护人怎么说的"),
    }
    standing = MarkDispute.objects.filter(student=student, on=day, state=DisputeState.OPEN).first()
    if standing:
        if all(getattr(standing, name) == said for name, said in told.items()):
            return standing
        raise Refused(STANDS.format(due=f"{standing.due_on:%-m月%-d日}"))
    cell = Absence.objects.filter(student=student, on=day).first()
    if cell and cell.mark == Mark.PENDING:
        raise Refused(WAITS)
    made = MarkDispute.objects.create(
        student=student, on=day, register=register, path=register.path,
        stood=cell.mark if cell else "", asked_on=asked_on, due_on=asked_on + ANSWERED_WITHIN,
        recorded_by=by, **told,
    )  # fmt: skip
    history.record(
        "disputes.ask", "student", student.uid, path=made.path, by=by, on=asked_on,
        after={"day": str(day), "mark": made.stood, "due": str(made.due_on)}, note=made.words,
    )  # fmt: skip
    return made


def _why_no_days(day: date, asked_on: date, on: date) -> str:
    if asked_on < day:
        return BEFORE_THE_DAY
    return believable.why_not(DateKind.REGISTER, day, on=on) or believable.why_not(
        DateKind.HAPPENED, asked_on, on=on, first=day
    )


def _register_of(student: Student, day: date) -> Register:
    """The register that tells of the child on the day: the one that names it, else its class's."""
    registers = Register.objects.select_related("school_class__school")
    if named := registers.filter(absences__student=student, absences__on=day).first():
        return named
    spell = Enrolment.objects.on(day).filter(student=student).first()
    if spell is None:
        raise Refused(NOT_ON_ROLL)
    found = registers.filter(school_class=spell.school_class_id, on=day).first()
    if found is None:
        raise Refused(NOT_TAKEN)
    return found
