"""What a decision rests on is seen and said: the photo of 说明原因 by the bureau, why leave is not granted."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.job_runs import run_claimed
from attendance.alerts import JOB
from attendance.authorised_absences import requests
from attendance.enums import Mark
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert
from students.enums import AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence
from tests import factories as make
from tests.pictures import photo

pytestmark = pytest.mark.django_db
MON, TUE, WED, THU, FRI = (date(2026, 11, day) for day in (16, 17, 18, 19, 20))


class Place:
    def __init__(self, client):
        make.term()
        self.client = client
        self.of = make.school_class(make.school())
        self.children = make.pupils(self.of, 3)
        self.teacher = make.user(Role.TEACHER, self.of)
        self.office = make.user(Role.OFFICE, self.of.school)
        self.bureau = make.user(Role.BUREAU, make.region("539901"))

    def alerted(self) -> AbsenceAlert:
        make.take(self.of, MON, self.teacher)
        for day in (TUE, WED, THU):
            make.take(self.of, day, self.teacher, **{self.children[0].uid: Mark.ABSENT})
        county = make.region("539901")
        run_claimed(
            JOB, county.path, THU, lambda held: flag_absences(THU, county, held), again=True
        )
        return AbsenceAlert.objects.get()

    def asked(self) -> AuthorisedAbsence:
        return requests.ask(
            self.children[0], kind=AbsenceKind.SICK, first=FRI, last=FRI,
            reason="发烧，家长来电", by=self.teacher, on=FRI,
        )  # fmt: skip

    def explain(self, alert: AbsenceAlert, **more):
        told = {"version": "1", "kind": "sick", "until": f"{FRI}", "proof": "县医院诊断证明"}
        return self.send(self.office, reverse("cases:explain", args=[alert.pk]), **told | more)

    def decide(self, absence: AuthorisedAbsence, **told):
        return self.send(self.office, reverse("attendance:decide_leave", args=[absence.pk]), **told)

    def send(self, by, url: str, **told):
        self.client.force_login(by)
        return self.client.post(url, told, follow=True)

    def see(self, by, absence: AuthorisedAbsence) -> str:
        self.client.force_login(by)
        answer = self.client.get(reverse("attendance:absence", args=[absence.pk]))
        return answer.content.decode()


@pytest.fixture
def place(client, settings, tmp_path):
    settings.KONGCHUO_TODAY, settings.MEDIA_ROOT = FRI, tmp_path
    return Place(client)


class TestPhoto:
    def opened(self, place, absence: AuthorisedAbsence) -> None:
        """The bureau follows the link of its page to the picture."""
        file = requests.proof_files(absence).get()
        url = reverse("attendance:absence_file", args=[absence.pk, file.pk])
        assert url in place.see(place.bureau, absence)
        picture = place.client.get(url)
        assert picture["Content-Type"] == "image/jpeg" and b"".join(picture.streaming_content)

    def test_the_bureau_sees_the_photo_it_decides_on(self, place):
        place.explain(place.alerted(), file=photo("病历.jpg"))
        self.opened(place, AuthorisedAbsence.objects.get())

    def test_without_one_it_sees_none(self, place):
        place.explain(place.alerted())
        assert "证明文件" not in place.see(place.bureau, AuthorisedAbsence.objects.get())

    def test_each_request_of_one_reason_has_it(self, place):
        alert = place.alerted()
        requests.grant(
            place.children[0], kind=AbsenceKind.SICK, first=WED, last=WED, reason="发烧",
            by=place.office, on=FRI,
        )  # fmt: skip
        AuthorisedAbsence.objects.update(state=AbsenceState.APPROVED)
        alert.refresh_from_db()
        place.explain(alert, version=f"{alert.version}", file=photo("病历.jpg"))
        fresh = AuthorisedAbsence.objects.exclude(first=WED)
        assert fresh.count() == 2
        for absence in fresh:
            self.opened(place, absence)


class TestRefusing:
    def test_leave_is_not_refused_without_a_reason(self, place):
        absence = place.asked()
        answer = place.decide(absence, approve="no", note=" ")
        assert answer.status_code == 409 and "这一项不能为空" in answer.content.decode()
        assert f"/absences/{absence.pk}/refuse/" in answer.content.decode()
        absence.refresh_from_db()
        assert absence.state == AbsenceState.ASKED

    def test_words_that_are_too_long_are_kept(self, place):
        absence, typed = place.asked(), "家长没有说明" * 40
        answer = place.decide(absence, approve="no", note=typed)
        assert answer.status_code == 409 and typed in answer.content.decode()

    def test_with_a_reason_it_is_refused_and_the_reason_kept(self, place):
        absence = place.asked()
        answer = place.decide(absence, approve="no", note="昨天在街上见到")
        assert "已记为不批准" in answer.content.decode()
        absence.refresh_from_db()
        assert (absence.state, absence.answer) == (AbsenceState.REFUSED, "昨天在街上见到")

    def test_who_comes_late_keeps_the_words(self, place):
        absence = place.asked()
        place.decide(absence, approve="yes")
        answer = place.decide(absence, approve="no", note="昨天在街上见到")
        assert answer.status_code == 409 and "昨天在街上见到" in answer.content.decode()

    def test_the_page_of_the_day_asks_for_it(self, place):
        place.asked()
        place.client.force_login(place.office)
        page = place.client.get(
            reverse("attendance:school", args=[place.of.school.code, f"{FRI}"])
        ).content.decode()
        assert 'name="note"' in page and "不准的，写明原因" in page
