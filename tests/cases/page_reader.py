"""What tests of the case pages share: somebody signed in, a page's text, a photo, a due date."""

from datetime import date
from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.enums import Role
from cases.contacts import recording
from cases.enums.records import DeadlineKind
from cases.enums.states import ContactWay, Met
from cases.models import Case, Deadline
from regions.clock import today
from tests.cases.case_county import ON


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer) -> str:
    """The page as one line: a break in a template is a space to who reads it."""
    return " ".join(answer.content.decode().split())


def page_of(case, user, name="case", **query) -> str:
    answer = signed_in(user).get(reverse(f"cases:{name}", args=[case.uid]), query)
    assert answer.status_code == 200
    return text(answer)


def listed(user, **query) -> str:
    answer = signed_in(user).get(reverse("cases:worklist"), query)
    assert answer.status_code == 200
    return text(answer)


def fresh(case) -> Case:
    return Case.objects.get(pk=case.pk)


def visit(case, by, *, on=ON, met=Met.GUARDIAN, note="父亲说月底回来"):
    return recording.record_contact(
        case.student,
        on=today(),
        way=ContactWay.VISIT,
        contacted_on=on,
        met=met,
        note=note,
        by=by,
        client_key=uuid4(),
    )


def due(case, day: date, kind=DeadlineKind.CONTACT, who=Role.TOWNSHIP) -> None:
    case.deadlines.all().delete()
    Deadline.objects.create(
        case=case, kind=kind, starts_on=ON, due_on=day, who=who.value, article="系统设定"
    )


def a_photo() -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "white").save(drawn, "JPEG")
    return SimpleUploadedFile("课堂.jpg", drawn.getvalue(), "image/jpeg")
