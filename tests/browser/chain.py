"""A walk through the demo county: who does what at the browser, and the days and nights between."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from io import StringIO

from django.core.management import call_command
from playwright.sync_api import Page

from accounts.enums import Role
from accounts.models import Seat, User
from attendance.enums import AlertState, Mark
from cases.models import Case
from demo.load.rows import nearest_holder
from demo.scenarios.build_plan import county_plan
from kongchuo import jobs
from regions.models import LegalBasis, Region, RegionCode, SchoolClass
from regions.paths import inside, township_of
from students.enums import GuardianKind
from students.models import Guardian, Student
from tests import factories as make
from tests.browser.conftest import PC, Person
from tests.browser.test_layout import faults

SEED, PUPILS, TODAY = 7, 300, make.THURSDAY
NIGHTLY = ("flag_absences", "observe", "escalate")


@dataclass
class Walk:
    """The demo county, its day, and everybody who came to a browser; `faults` of pages seen."""

    county: Region
    settings: object
    arrive: Callable[..., Person]
    people: list[Person] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def on(self, day: date) -> None:
        """From here on it is this day."""
        self.settings.KONGCHUO_TODAY = day

    @property
    def today(self) -> date:
        return self.settings.KONGCHUO_TODAY

    def who(self, role: Role, path: str) -> User:
        """Who holds the role over this place or the nearest above it."""
        return nearest_holder(role, path)

    def open(self, user: User, address: str, size: dict = PC) -> Page:
        """Somebody opens a page, logged in on a device of that size."""
        person = self.arrive(user, size)
        self.people.append(person)
        page = person.go(address)
        self.look(page)
        return page

    def look(self, page: Page) -> None:
        """Note what ui.md refuses on the page that is open: sideways scrolling, two filled buttons."""
        self.faults += faults(page, page.url, page.viewport_size["width"])

    def saved(self, page: Page, press: str) -> Page:
        """Press the button that sends the form, and look at the page it leads to."""
        page.get_by_role("button", name=press, exact=True).click()
        page.wait_for_load_state()
        self.look(page)
        return page

    def follow(self, page: Page, link: str) -> Page:
        page.get_by_role("link", name=link, exact=True).first.click()
        page.wait_for_load_state()
        self.look(page)
        return page

    def days(self, marks: dict[Student, Mark | None], days: list[date]) -> None:
        """On each day the teachers submit these children's classes, each child marked so (None:
        present), the others present; after the last day comes the night."""
        for day in days:
            self.on(day)
            for child, mark in marks.items():
                klass = SchoolClass.objects.get(path=child.school_path)
                out = {child.uid: mark} if mark else {}
                make.take(klass, day, self.who(Role.TEACHER, klass.path), **out)
        self.night()

    def night(self) -> None:
        """The jobs of that day, as the tick sends them."""
        for name in NIGHTLY:
            jobs.run(name, self.today, self.county, again=True)

    def complaints(self) -> list[str]:
        return [said for person in self.people for said in person.complaints] + self.faults


def begin(settings, arrive: Callable[..., Person]) -> Walk:
    """A fresh demo county in which no clause allows a fine."""
    settings.KONGCHUO_TODAY = TODAY
    told = {"pupils": PUPILS, "seed": SEED, "until": TODAY.isoformat()}
    call_command("demo", stdout=StringIO(), stderr=StringIO(), **told)
    forbid_fines()
    return Walk(RegionCode.objects.get(code="539901").region, settings, arrive)


def forbid_fines() -> None:
    LegalBasis.objects.filter(allows_fine=True).update(valid_to=date(2020, 12, 31))


def allow_fines() -> None:
    LegalBasis.objects.filter(allows_fine=True).update(valid_to=None)


def child_at_the_town_school() -> Student:
    """A child of the school of `office` with an open alert and no leave, at home in the town, who
    lives with a carer: a parent is there to be ordered, the carer may not be."""
    child = Student.objects.filter(
        inside("school_path", _path("office")), inside("residence_path", _path("township")),
        alerts__state=AlertState.OPEN, case_since=None, authorised=None,
        guardians__kind=GuardianKind.PARENT,
    ).order_by("pk")[0]  # fmt: skip
    Guardian.objects.create(
        student=child, kind=GuardianKind.CARER, name="岩布勒", relation="祖父", order=9
    )
    return child


def watched_child() -> Student:
    """The child of the scenario in which a watch of ten days has come to its fifth."""
    drawn = county_plan(SEED, PUPILS, TODAY)
    (uid,) = [child.uid for child in drawn.children if child.scenario == "case_observed"]
    return Student.objects.get(uid=uid)


def _path(username: str) -> str:
    return Seat.objects.get(user__username=username).path


def officer_of(walk: Walk, case: Case) -> User:
    (owner,) = case.access_rows.filter(kind="owner", until=None)
    return walk.who(Role.TOWNSHIP, township_of(owner.path))


def words(page: Page) -> str:
    """All the words of the page's main part."""
    return page.locator("main").inner_text()


def choose(page: Page, field_name: str, label: str) -> None:
    """Choose one of the buttons that are radio fields."""
    page.locator(f"input[name={field_name}] + label", has_text=label).click()
