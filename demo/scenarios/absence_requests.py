"""Requests for explained days in every state, asked for and decided by the people of the county.

All are for days after the last one, so that nobody is flagged otherwise than the plan says; the
sample looks at leave that schools granted in the week before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.enums import Role
from accounts.models import User
from attendance import handling
from attendance.authorised_absences import requests, samples
from attendance.authorised_absences.lawful_exits import enter_exit
from attendance.enums import AlertState, DisputeState
from attendance.mark_disputes.answering import answer
from attendance.mark_disputes.asking import dispute
from attendance.models import AbsenceAlert
from attendance.rules.sampling import WEEK, monday
from demo.county.plan import CountyPlan
from demo.load.rows import nearest_holder
from regions.clock import now
from regions.models import Region
from students.enums import LEAVES, AbsenceCause, AbsenceKind, AbsenceState, SampleResult
from students.models import AuthorisedAbsence, Student
from students.traits import keep_before, now_of

SICK, PERSONAL = AbsenceKind.SICK, AbsenceKind.PERSONAL
PROOF = "县医院诊断证明"


@dataclass
class Desk:
    """Who sits where for one child, and the days that are asked for."""

    student: Student
    county: Region
    on: date

    def holder(self, role: Role) -> User:
        path = self.county.path if role is Role.BUREAU else self.student.school_path
        return nearest_holder(role, path)

    def ask(
        self, days: int, kind: AbsenceKind = SICK, said: str = "发烧，家长来校请假", **more
    ) -> AuthorisedAbsence:
        by = self.holder(Role.TEACHER if kind in LEAVES else Role.OFFICE)
        first = self.on + timedelta(days=4)
        return requests.ask(
            self.student, kind=kind, first=first, last=first + timedelta(days=days - 1), reason=said,
            by=by, on=self.on, **more,
        )  # fmt: skip

    def agree(self, days: int, *asked, **more) -> AuthorisedAbsence:
        made = self.ask(days, *asked, **more)
        return requests.pass_(made.pk, by=self.holder(Role.OFFICE), on=self.on)

    def approve(self, days: int, *asked, **more) -> AuthorisedAbsence:
        made = self.agree(days, *asked, **more)
        return requests.approve(made.pk, by=self.holder(Role.BUREAU), on=self.on)


def asked(desk: Desk) -> None:
    desk.ask(2, cause=AbsenceCause.ILL)


def waits_with_proof(desk: Desk) -> None:
    desk.agree(16, cause=AbsenceCause.INJURED, said="骨折，在县医院住院", proof=PROOF)


def waits_without_proof(desk: Desk) -> None:
    desk.agree(5, PERSONAL, "家中老人去世，回老家", cause=AbsenceCause.FUNERAL)


def granted_alone(desk: Desk) -> None:
    desk.agree(2, AbsenceKind.OFFICIAL, "参加县里的田径比赛", proof="县教体局比赛通知")


def treated(desk: Desk) -> None:
    desk.agree(
        30, AbsenceKind.TREATMENT, "每周三次到县医院透析", cause=AbsenceCause.DIALYSIS,
        weekdays="135", proof="县医院治疗计划",
    )  # fmt: skip


def approved(desk: Desk) -> None:
    desk.approve(40, AbsenceKind.LONG_LEAVE, "手术后在家休养", proof=PROOF)


def ended_early(desk: Desk) -> None:
    made = desk.approve(40, AbsenceKind.LONG_LEAVE, "手术后在家休养", proof=PROOF)
    requests.end_early(
        made.pk, last=made.first + timedelta(days=20), by=desk.holder(Role.OFFICE), on=desk.on,
        note="恢复得好，提前返校",
    )  # fmt: skip


def refused_by_school(desk: Desk) -> None:
    made = desk.ask(2, PERSONAL, "去亲戚家做客，要两天")
    requests.refuse(made.pk, by=desk.holder(Role.OFFICE), on=desk.on, note="不是正当理由")


def refused_by_bureau(desk: Desk) -> None:
    made = desk.agree(50, AbsenceKind.LONG_LEAVE, "随父母外出务工地居住", proof="家长申请")
    requests.refuse(made.pk, by=desk.holder(Role.BUREAU), on=desk.on, note="应办理借读")


def sent_back(desk: Desk) -> None:
    made = desk.agree(5, said="肺炎，在镇卫生院输液")
    requests.send_back(made.pk, by=desk.holder(Role.BUREAU), on=desk.on, note="请补卫生院病历")


def withdrawn(desk: Desk) -> None:
    made = desk.agree(2, cause=AbsenceCause.ILL)
    requests.withdraw(made.pk, by=desk.holder(Role.OFFICE), on=desk.on, note="家长说不用请了")


def suspended_by_township(desk: Desk) -> None:
    """义务教育法 11: the township's word alone; the rates wait for the bureau."""
    first = desk.on + timedelta(days=4)
    enter_exit(
        desk.student, AbsenceKind.SUSPENDED, first=first, last=first + timedelta(days=180),
        proof="县医院证明，需休养半年", cause="患病休学", approver="乡镇人民政府", sensitive=True,
        by_township=True, by=nearest_holder(Role.TOWNSHIP, desk.student.residence_path), on=desk.on,
    )  # fmt: skip


def owes_a_proof(desk: Desk) -> None:
    """As a batch at go-live leaves a status whose proof is still to come."""
    made = desk.approve(60, AbsenceKind.LONG_LEAVE, "骨髓炎，在州医院住院治疗", proof=PROOF)
    made.proof, made.proof_due_on = "", desk.on + timedelta(days=5)
    made.save(update_fields=["proof", "proof_due_on"])


def boards_from_now_on(desk: Desk) -> None:
    """A day pupil moves in, or a boarder home: it holds from that day, the days before stay."""
    before = now_of(desk.student)
    desk.student.boarder = not desk.student.boarder
    desk.student.save(update_fields=["boarder"])
    keep_before(desk.student, before, on=desk.on)


def deferred(desk: Desk) -> None:
    """延缓入学 of a beginner waits for the bureau."""
    desk.agree(
        200, AbsenceKind.DEFERRED, "发育迟缓，申请推迟一年入学", proof="县妇幼保健院评估意见"
    )


ACTS: tuple[Callable[[Desk], None], ...] = (
    asked, waits_with_proof, waits_without_proof, granted_alone, treated, approved, ended_early,
    refused_by_school, refused_by_bureau, sent_back, withdrawn, suspended_by_township,
    owes_a_proof, boards_from_now_on,
)  # fmt: skip


def act_out_requests(plan: CountyPlan, county: Region) -> None:
    """Each act with a child that nothing else is told of. On the last day of the plan, pinned."""
    quiet = list(_quiet_children(plan))
    for act, student in zip(ACTS, quiet, strict=False):
        act(Desk(student, county, plan.until))
    for student in [one for one in quiet[len(ACTS) :] if _begins(one, plan.until)][:1]:
        deferred(Desk(student, county, plan.until))
    _explain_an_alert(county, plan.until)
    _look_at_the_sample(county, plan.until)
    _dispute_marks(county, plan.until)


def _quiet_children(plan: CountyPlan) -> Iterator[Student]:
    """Children of different classes without a scenario, a status or a request."""
    classes: set[int] = set()
    for child in plan.children:
        told = child.scenario or child.statuses or child.leaves or not child.residence
        if told or len(child.enrolments) > 1:
            continue
        if (class_key := child.enrolments[0].class_key) not in classes:
            classes.add(class_key)
            yield Student.objects.get(uid=child.uid)


def _begins(student: Student, on: date) -> bool:
    """Is the child in the first grade?"""
    spell = student.enrolments.select_related("school_class").get(ended=None)
    return spell.school_class.grade(on) == 1


def _explain_an_alert(county: Region, on: date) -> None:
    """A school says why the child of one fresh alert is out: the alert stands as 等县批."""
    fresh = AbsenceAlert.objects.at(county.path).filter(state=AlertState.OPEN, unexplained=3)
    for alert in fresh.exclude(student__authorised__isnull=False).order_by("-opened_on", "pk")[:1]:
        handling.explain(
            alert.pk, kind=SICK, until=on, proof=PROOF, by=nearest_holder(Role.OFFICE, alert.path),
            on=on, version=alert.version,
        )  # fmt: skip


def _look_at_the_sample(county: Region, on: date) -> None:
    """Of last week's sample the bureau has looked at two at most: one leave was not true, one was."""
    bureau = nearest_holder(Role.BUREAU, county.path)
    drawn = AuthorisedAbsence.objects.filter(
        pk__in=samples.drawn_of(county.path, monday(on) - WEEK), state=AbsenceState.APPROVED
    )
    looked_at = drawn.exclude(first_by=bureau).order_by("pk")
    for found, result in zip(looked_at, (SampleResult.FALSE, SampleResult.TRUE), strict=False):
        note = "" if result is SampleResult.TRUE else "家长说那天没有请假"
        samples.mark_sample(found.pk, result=result, note=note, by=bureau, on=on)


def _dispute_marks(county: Region, on: date) -> None:
    """Two guardians say that a mark is wrong: one waits for the answer, one was told that it stands."""
    fresh = AbsenceAlert.objects.at(county.path).filter(state=AlertState.OPEN)
    alerts = fresh.select_related("student").order_by("pk")
    for alert, answered in zip(alerts, (False, True), strict=False):
        office = nearest_holder(Role.OFFICE, alert.path)
        guardian = alert.student.guardians.order_by("order")[0]
        one = dispute(
            alert.student, day=alert.first, asked_on=on, by=office, on=on,
            asker=f"{guardian.name}（{guardian.relation}）", words="那天早上送到了校门口",
        )  # fmt: skip
        if answered:
            hands = {one.register.taken_by_id, one.register.made_by_id}
            by = nearest_holder(Role.BUREAU, county.path) if office.pk in hands else office
            answer(
                one.pk, state=DisputeState.KEPT, words="已问班主任和同学，当天没有到校", by=by,
                on=on, at=now(),
            )  # fmt: skip
