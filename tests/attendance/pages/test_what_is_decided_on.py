"""What a decision rests on is seen: the photo of 说明原因 by the bureau."""

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
from students.enums import AbsenceKind
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

    def alerted(self, *more: date) -> AbsenceAlert:
        make.take(self.of, MON, self.teacher)
        for day in (TUE, WED, THU, *more):
            make.take(self.of, day, self.teacher, **{self.children[0].uid: Mark.ABSENT})
        county = make.region("539901")
        on = max(THU, *more) if more else THU
        run_claimed(JOB, county.path, on, lambda held: flag_absences(on, county, held), again=True)
        return AbsenceAlert.objects.get()

    def explain(self, alert: AbsenceAlert, **more):
        told = {"version": "1", "kind": "sick", "until": f"{FRI}", "proof": "县医院诊断证明"}
        return self.send(self.office, reverse("cases:explain", args=[alert.pk]), **told | more)

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
        alert = place.alerted(FRI)
        requests.grant(
            place.children[0], kind=AbsenceKind.SICK, first=WED, last=WED, reason="发烧，家长来电",
            proof="县医院诊断证明", by=place.office, on=FRI,
        )  # fmt: skip
        make.second_words(FRI, by=place.bureau)
        alert.refresh_from_db()
        place.explain(alert, version=f"{alert.version}", file=photo("病历.jpg"))
        fresh = AuthorisedAbsence.objects.exclude(first=WED)
        assert fresh.count() == 2
        for absence in fresh:
            self.opened(place, absence)
