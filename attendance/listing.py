"""The alerts of a day as the rule gives them from the rows, beside what people made of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from accounts import access
from accounts.enums import Access
from accounts.models import User
from attendance.alerts import derived
from attendance.enums import STANDING, Verdict
from attendance.flagging import candidates_of
from attendance.models import AbsenceAlert
from attendance.records import AbsenceAssessment, assess
from regions.days import place_rules_of
from regions.enums import Level
from regions.models import Region
from students.models import Student

NOT_RAISED = "not_raised"


@dataclass(frozen=True, slots=True)
class Listed:
    """One child of the list."""

    student: Student
    assessment: AbsenceAssessment
    state: str

    def as_json(self, with_numbers: bool) -> dict:
        run = self.assessment.run
        answer = {
            "uid": self.student.uid,
            "unexplained": len(run.unexplained),
            "first": run.unexplained[0].isoformat() if run.unexplained else None,
            "last": run.unexplained[-1].isoformat() if run.unexplained else None,
            "registers_missing": len(run.not_taken),
            "state": self.state,
            "proof": derived(self.assessment)["proof"],
        }
        return answer | ({"xueji_no": self.student.xueji_no} if with_numbers else {})


def alerts_on(on: date, *, by: User, purpose: str = "") -> dict:
    """{"alerts": […], "cannot_judge": […]} of the children `by` reaches; numbers with a purpose.

    `state` is that of the alert on file, "not_raised" where the job has not yet opened one.
    """
    alerts, cannot = [], []
    for county in Region.objects.filter(level=Level.COUNTY):
        for listed in _listed(county.path, on, by):
            verdict = listed.assessment.verdict
            if verdict is Verdict.ALERT:
                alerts.append(listed)
            elif verdict is Verdict.CANNOT_JUDGE:
                cannot.append(listed)
    action = Access.EXPORT if purpose else Access.LIST
    access.log(action, "alerts", by=by, scope=f"{on} 全部", reason=purpose)
    if purpose:
        for listed in [*alerts, *cannot]:
            access.log(Access.EXPORT, "student", listed.student.uid, by=by, reason=purpose)
    return {
        "alerts": [one.as_json(bool(purpose)) for one in alerts],
        "cannot_judge": [one.as_json(bool(purpose)) for one in cannot],
    }


def _listed(path: str, on: date, by: User) -> list[Listed]:
    candidates = candidates_of(path, on)
    reached = Student.objects.visible_to(by).filter(pk__in=candidates).order_by("school_path", "pk")
    students = {student.pk: student for student in reached}
    alerts: dict[int, list[AbsenceAlert]] = defaultdict(list)
    for alert in AbsenceAlert.objects.filter(student_id__in=students).order_by("-pk"):
        alerts[alert.student_id].append(alert)
    answers = assess(students, on, place_rules_of(path))
    return [
        Listed(students[pk], answer, _state(answer, alerts[pk]))
        for pk, answer in answers.items()
        if isinstance(answer, AbsenceAssessment)
    ]


def _state(answer: AbsenceAssessment, alerts: list[AbsenceAlert]) -> str:
    """The state of the alert that stands for the run, the open one first; NOT_RAISED without any."""
    seen = answer.run.last_seen
    of_run = [alert.state for alert in alerts if seen is None or alert.last > seen]
    return next((state for state in STANDING if state in of_run), NOT_RAISED)
