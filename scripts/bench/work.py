"""What is measured: each piece of work with its floor."""

from collections.abc import Callable
from uuid import uuid4

import floors
import load
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from accounts import job_runs
from attendance.enums import Mark
from attendance.flagging import flag_absences
from attendance.models import Register
from attendance.registers import FilledRegister, Marked, submit
from regions.clock import now
from reports.counting.roll_up import roll_up
from students.models import Student

Timer = Callable[..., float]
PAGES = 30


def measure(pupils: int, typical: Timer) -> list[tuple[str, float, float]]:
    """Build the county, then time each piece of work and its floor, in seconds."""
    county = load.build(pupils)
    rows = [
        ("全县核对未到校", *_flag(county, typical)),
        ("各级数字汇总", *_roll_up(county, typical)),
    ]
    with override_settings(ROOT_URLCONF="floors"):
        teacher, bureau = _client(county.teacher), _client(county.bureau)
        floor = typical(lambda: _ok(teacher.get("/floor/")), PAGES)
        register = reverse("attendance:register", args=[county.classes[0].pk, load.TODAY])
        rows.append(("打开点名页", typical(lambda: _ok(teacher.get(register)), PAGES), floor))
        overview = reverse("reports:overview")
        rows.append(("打开全县总览", typical(lambda: _ok(bureau.get(overview)), PAGES), floor))
    rows.append(("提交点名", *_save(county, typical)))
    return rows


def _flag(county: load.Load, typical: Timer) -> tuple[float, float]:
    def work() -> None:
        job_runs.run_claimed(
            "flag_absences",
            county.county.path,
            load.TODAY,
            lambda held: flag_absences(load.TODAY, county.county, held),
            again=True,
        )

    return typical(work), typical(lambda: floors.flag(county.days))


def _roll_up(county: load.Load, typical: Timer) -> tuple[float, float]:
    return typical(lambda: roll_up(load.TODAY, county.county)), typical(floors.roll_up)


def _client(user) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def _ok(response) -> None:
    if response.status_code != 200:
        raise RuntimeError(f"{response.status_code}: {response.request['PATH_INFO']}")


def _save(county: load.Load, typical: Timer) -> tuple[float, float]:
    """A register of 45 with one exception; each time a class that has none yet today."""
    classes = iter(county.classes[1 : 2 * PAGES + 3])

    def free() -> tuple:
        one = next(classes)
        Register.objects.filter(school_class=one, on=load.TODAY).delete()
        return one, Student.objects.filter(school_path=one.path).first()

    ours, theirs = [iter([free() for _ in range(PAGES + 1)]) for _ in range(2)]

    def work() -> None:
        one, child = next(ours)
        sheet = FilledRegister(marks={child.uid: Marked(Mark.ABSENT)}, client_key=uuid4())
        submit(one.pk, load.TODAY, sheet, by=county.office, at=now())

    def floor() -> None:
        one, child = next(theirs)
        floors.save(one, load.TODAY, [child.pk], county.office)

    return typical(work, PAGES), typical(floor, PAGES)
