"""总览: every number opens to its names, within reach; few statements; a wall without names."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.enums import Access, Role
from accounts.models import AccessLog, User
from regions.clock import today
from regions.models import CalendarRow, Policy, School
from reports.counting.roll_up import roll_up
from reports.models import SnapshotCount
from reports.overview.drawing import parts_of_bar, track_of
from reports.overview.values import Registers
from reports.rules.packed_ids import pack, unpack
from students.models import Student
from tests import factories as make
from tests.reports.snapshot_county import ON, Watched, count, watched

pytestmark = pytest.mark.django_db
CEILING = 29
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
LINK = re.compile(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def world() -> Watched:
    return watched()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@contextmanager
def statements() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(execute, sql, params, many, context):
        if not sql.lstrip().upper().startswith(CONTROL):
            sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def numbers_on(client: Client, url: str) -> list[tuple[str, int]]:
    """The lists a page opens, each with the number that stands on its link."""
    found = []
    for address, text in LINK.findall(client.get(url).content.decode()):
        told = re.match(r"[\d,]+", re.sub(r"<[^>]*>", "", text).strip())
        if address.startswith("/names/") and told:
            found.append((unescape(address), int(told[0].replace(",", ""))))
    return found


def listed(client: Client, url: str) -> tuple[int, int]:
    """What a list says it counts, and how many names it holds."""
    found = client.get(url).context["listing"]
    return found.counted, len(found.keys)


def disagreeing(client: Client, url: str) -> list[str]:
    numbers = numbers_on(client, url)
    assert len(numbers) > 10
    return [to for to, number in numbers if listed(client, to) != (number, number)]


@pytest.mark.parametrize("who", ["bureau", "county_office", "officer", "office"])
def test_every_number_of_ones_own_page_opens_to_as_many_names(world, who):
    client = client_of(getattr(world.base, who))
    assert disagreeing(client, reverse("reports:overview")) == []


def test_a_child_missing_from_the_list_is_noticed(world):
    """The control of the test above: somebody behind a number whom nobody can list."""
    client = client_of(world.base.bureau)
    cell = SnapshotCount.objects.get(level="class", path=world.base.school_class.path)
    nobody = Student.objects.order_by("pk").last().pk + 1000
    names = [pk for pk in unpack(cell.who["dropout"]) if pk != world.base.student.pk]
    cell.who["dropout"] = pack([*names, nobody])
    cell.save(update_fields=["who"])
    assert disagreeing(client, reverse("reports:overview")) != []


def test_the_county_adds_up_from_its_townships(world):
    page = client_of(world.base.bureau).get(reverse("reports:overview")).context["page"]
    assert [row.name for row in page.rows] == ["地区539901001", "地区539901002"]  # lowest first
    assert sum(row.kept.count for row in page.rows) == page.total.kept.count == 22
    assert sum(row.missing.count for row in page.rows) == page.total.missing.count == 1
    assert sum(row.figure.denominator for row in page.rows) == page.total.figure.denominator == 23
    assert [row.late.count for row in page.rows] == [0, 0]
    for at in range(4):
        assert sum(row.phases[at].count for row in page.rows) == page.phases[at].count


def test_the_rate_of_a_place_where_nobody_is_expected_is_a_dash(world):
    """Suppose a township without pupils owns a case: no 100 %, no 0 %."""
    third = make.region("539901003")
    world.dropout.access_rows.filter(kind="owner").update(path=third.path)
    page = client_of(world.base.bureau).get(reverse("reports:overview")).context["page"]
    row = next(row for row in page.rows if row.name == "地区539901003")
    assert (row.figure.text, row.fraction, row.dot) == ("—", "—", None)
    assert row.phases[0].count == 1


def test_the_variant_the_county_adopted_is_marked_and_first(world):
    page = client_of(world.base.bureau).get(reverse("reports:overview")).context["page"]
    assert [(line.figure.variant, line.chosen) for line in page.nine][:2] == [
        ("A", True), ("B", False),
    ]  # fmt: skip
    Policy.objects.create(
        region=world.base.region, key="consolidation_variant", value="C",
        since=date(2026, 9, 1), source="澜政发〔2026〕3号 第2条",
    )  # fmt: skip
    page = client_of(world.base.bureau).get(reverse("reports:overview")).context["page"]
    assert [line.figure.variant for line in page.nine if line.chosen] == ["C"]
    assert page.nine[0].figure.variant == "C"
    assert page.adopted_by == "澜政发〔2026〕3号 第2条"


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        ("bureau", "539901", 200),
        ("bureau", "539901002", 200),
        ("bureau", "5399010002", 200),
        ("bureau", "539902", 404),
        ("officer", "539901001", 200),
        ("officer", "5399010001", 200),
        ("officer", "539901002", 404),
        ("officer", "5399010002", 404),
        ("officer", "539901", 404),
        ("office", "5399010001", 200),
        ("office", "539901001", 404),
        ("office", "5399010002", 404),
        ("cadre", "539901001", 403),
        ("teacher", "5399010001", 403),
    ],
)
def test_a_place_opens_to_whose_seat_covers_it(world, who, code, status):
    make.region("539902")
    client = client_of(getattr(world.base, who))
    assert client.get(reverse("reports:place", args=[code])).status_code == status
    listing = client.get(reverse("reports:names"), {"place": code, "student_status": "suspected"})
    assert listing.status_code == status
    export = client.post(
        f"{reverse('reports:export')}?place={code}&student_status=suspected",
        {"purpose": "核对十一月名单"},
    )
    assert export.status_code == status


def test_a_township_finds_none_of_its_neighbours_children(world):
    client = client_of(world.base.officer)
    asked = [
        "",
        "?student_status=expected",
        "?phase=all",
        "?overdue=1",
        "?step=persuade",
        "?flow=start",
    ]
    names = {
        row.student.pk
        for query in asked
        for row in client.get(reverse("reports:names") + query).context["rows"]
    }
    assert world.base.student.pk in names
    assert world.next_child.pk not in names


@pytest.mark.parametrize(
    "query", ["student_status=rich", "phase=dream", "step=fine", "flow=x", "stage=k"]
)
def test_words_that_are_not_ours_lead_nowhere(world, query):
    client = client_of(world.base.bureau)
    assert client.get(f"{reverse('reports:names')}?{query}").status_code == 404


def test_a_list_shows_no_whole_number_and_links_the_case(world):
    client = client_of(world.base.bureau)
    answer = client.get(reverse("reports:names"))
    body = answer.content.decode()
    assert "539901201305060011" not in body
    assert "**0011" in body
    assert reverse("cases:case", args=[world.dropout.uid]) in body
    log = AccessLog.objects.get(action=Access.LIST, kind="names")
    assert log.scope == "地区539901 辍学未复学、疑似辍学、未到校"


def test_the_foot_proves_that_the_buckets_add_up(world):
    found = client_of(world.base.bureau).get(reverse("reports:names")).context["listing"]
    terms = {term.label: term.count for term in found.terms}
    assert terms == {"辍学未复学": 1, "疑似辍学": 2, "未到校": 0}
    assert found.counted == len(found.keys) == 3


def test_the_longest_out_stand_first(world):
    client = client_of(world.base.bureau)
    rows = client.get(reverse("reports:names")).context["rows"]
    days = [row.days for row in rows if row.days is not None]
    assert days == sorted(days, reverse=True)


def test_statements_do_not_grow_with_the_county(world):
    client = client_of(world.base.bureau)
    with statements() as few:
        client.get(reverse("reports:overview"))
    for number in range(3, 11):
        of = make.school_class(
            make.school(f"53990100{number:02d}", region_code=f"5399010{number:02d}")
        )
        make.pupils(of, 3)
    count()
    with statements() as many:
        page = client.get(reverse("reports:overview")).context["page"]
    assert len(page.rows) == 10
    assert len(many) == len(few) <= CEILING


def test_without_a_snapshot_the_page_says_so(world):
    make.term("539903")
    other = make.user(Role.BUREAU, make.region("539903"))
    body = client_of(other).get(reverse("reports:overview")).content.decode()
    assert "还没有学生统计" in body


@pytest.mark.parametrize("name", ["overview", "screen"])
def test_without_a_calendar_nothing_is_called_complete(world, name):
    client = client_of(world.base.bureau)
    assert "无法核定" not in client.get(reverse(f"reports:{name}")).content.decode()
    School.objects.update(alerts_from=date(2026, 9, 1))
    CalendarRow.objects.all().delete()
    roll_up(today(), world.base.region)
    shown = client.get(reverse(f"reports:{name}")).content.decode()
    assert "无法核定：校历未定" in shown and "县教育体育局补录校历" in shown
    assert "全部已报" not in shown and "没有班级要报考勤" not in shown
    assert "0 / 0" not in shown


@pytest.mark.parametrize(
    ("due", "taken", "undecided", "said", "open_"),
    [
        (17, 17, 0, "17 / 17", False),
        (17, 15, 0, "15 / 17", True),
        (17, 17, 2, "17 / 17，2 班校历未定", True),
        (0, 0, 73, "73 班校历未定", True),
        (0, 0, 0, "—", False),
    ],
)
def test_a_days_registers_in_words(due, taken, undecided, said, open_):
    registers = Registers(due, taken, taken, 0, 0, undecided)
    assert (registers.said, registers.open) == (said, open_)
    assert bool(registers.cannot_judge) is bool(undecided)


def test_the_wall_shows_no_name_and_no_small_place(world):
    third = make.school_class(make.school("5399010003", region_code="539901003"))
    make.pupils(third, 9)
    count()
    answer = client_of(world.base.bureau).get(reverse("reports:screen"))
    body = answer.content.decode()
    assert [row.row.name for row in answer.context["wall"].rows] == [
        "地区539901001",
        "地区539901002",
    ]
    assert answer.context["wall"].left_out == 1
    assert not any(child.name in body for child in world.children)
    assert "学校00" not in body
    make.pupils(third, 1)
    count()
    again = client_of(world.base.bureau).get(reverse("reports:screen"))
    assert again.context["wall"].left_out == 0  # the control: ten may be shown


@pytest.mark.parametrize(
    ("who", "status"), [("county_office", 200), ("officer", 403), ("office", 403)]
)
def test_the_wall_is_the_countys(world, who, status):
    client = client_of(getattr(world.base, who))
    assert client.get(reverse("reports:screen")).status_code == status


def test_a_bar_fills_its_width_in_proportion():
    bar = parts_of_bar([3, 1], width=80)
    assert [part.x for part in bar] == ["0.0", "60.0"]
    assert parts_of_bar([0, 0]) == parts_of_bar([0, 0], whole=0)


def test_a_track_reaches_down_to_the_lowest_rate():
    assert track_of([Fraction(99, 100), None]).low_said == "96.5 %"
    assert track_of([Fraction(899, 1000)]).low_said == "89 %"
