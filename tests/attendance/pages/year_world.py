"""A school with its bureau in December, and how their pages of the year are read and pressed."""

import re
from datetime import date

from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.places import calendar_rows as rows
from accounts.places.calendar_rows import Draft
from regions.enums import DayKind
from regions.models import CalendarRow
from tests import factories as make

ON = date(2026, 12, 3)
SEEN = re.compile('name="seen" value="([0-9a-f]{64})"')
CALENDAR, ADD = reverse("attendance:calendar"), reverse("attendance:calendar_add")


class World:
    def __init__(self) -> None:
        make.term()
        self.of = make.school_class(make.school("5399010001", name="白水中学"))
        self.child = make.pupil(self.of, listed_from=date(2026, 11, 1))
        self.office = make.user(Role.OFFICE, self.of.school, name="周教务")
        self.bureau = make.user(Role.BUREAU, make.region("539901"), name="段文彬")

    def ask(self, on: date = ON) -> CalendarRow:
        wanted = Draft("5399010001", DayKind.CLOSURE, on, on, "供水抢修")
        return rows.ask_closure(wanted, by=self.office, on=ON)


def page(user, address=CALENDAR, **asked) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def post(user, address, **sent):
    client = Client()
    client.force_login(user)
    return client.post(address, sent, follow=True)


def press(user, address, **sent):
    """Look at what the form would do, then press with what the page carries."""
    seen = SEEN.search(post(user, address, **sent).content.decode())
    return post(user, address, **sent, confirmed="1", seen=seen[1] if seen else "")


def row_of(**more) -> dict:
    return {
        "where": "5399010001", "kind": "closure", "begins": "2026-12-04", "ends": "2026-12-04",
        "reason": "停水", "source": "X〔2026〕1号", **more,
    }  # fmt: skip
