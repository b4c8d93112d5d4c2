"""What is said beside 同意 is what 同意 does: enough, on to another, and why."""

from datetime import date, timedelta

import pytest

from accounts.enums import Role
from attendance.authorised_absences import requests
from attendance.authorised_absences.outlook import outlook_of
from attendance.enums import Mark
from students.enums import AbsenceKind, AbsenceState
from tests import factories as make

pytestmark = pytest.mark.django_db
ON, DAY = make.THURSDAY, timedelta(days=1)
PROOF = "县医院诊断证明，11月18日"


@pytest.fixture
def of(settings):
    settings.KONGCHUO_TODAY = ON
    make.term()
    return make.school_class(make.school())


def asked(of, marked: int, proof: str, first: date, last: date, kind=AbsenceKind.SICK):
    """A request over days of which so many were marked 未到 before it."""
    child, teacher = make.pupil(of, "岩香"), make.user(Role.TEACHER, of)
    for day in make.weekdays(ON, marked) if marked else []:
        make.take(of, day, teacher, **{child.uid: Mark.ABSENT})
    return requests.ask(
        child, kind=kind, first=first, last=last, reason="发烧，家长来电请假", proof=proof,
        by=teacher, on=ON,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("marked", "proof", "first", "last", "why", "waits"),
    [
        (0, "", ON + DAY, ON + DAY, "", ""),
        (1, PROOF, ON, ON, "", ""),
        (2, PROOF, ON - DAY, ON, "", ""),
        (3, PROOF, ON - 2 * DAY, ON, "未到", "有证明，等县批期间 5 个教学日内不升级。"),
        (3, "", ON - 2 * DAY, ON, "未到", "批准前照常升级，可以先补证明。"),
        (0, "", ON + DAY, ON + 8 * DAY, "证明", "批准前照常升级，可以先补证明。"),
    ],
    ids=["one day", "marked once", "marked twice", "marked three", "without proof", "a week"],
)
def test_what_is_said_before_is_what_is_done(of, marked, proof, first, last, why, waits):
    request = asked(of, marked, proof, first, last)
    outlook = outlook_of(request, on=ON)
    assert outlook.refusal == ""
    assert (why in outlook.why_second) and bool(why) is bool(outlook.why_second)
    if why:
        assert "还要报县教育体育局批准" in outlook.said and outlook.said.endswith(waits)
        assert outlook.press == "同意，报县批准"
    else:
        assert (outlook.said, outlook.press) == ("同意后即为已批准，不用再报。", "同意")
    office = make.user(Role.OFFICE, of.school)
    done = requests.pass_(request.pk, by=office, on=ON)
    assert done.state == (AbsenceState.PASSED if why else AbsenceState.APPROVED)
    assert done.why_second == outlook.why_second
