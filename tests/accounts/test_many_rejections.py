"""A file in which nearly every row is wrong: the page shows the first faults, the workbook all."""

from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.file_door import bounds, outcome, rows
from tests import factories as make
from tests.access_page import upload
from tests.doors.guard import Meter

WRONG = 15_000  # below MOST_REJECTED, from which on the file is refused whole
PLACES = "区划代码,名称,学校标识码,学校名称,办学类型\n"
ROSTER = "学校标识码,姓名,性别,出生日期,班级\n"
MOST_MIB, MOST_SECONDS = 150, 12  # for the whole request; alone it takes 1.6 s
MOST_BYTES = 200_000


@pytest.fixture
def client(settings, db):
    settings.KONGCHUO_TODAY = make.THURSDAY
    make.region("539901")
    client = Client()
    client.force_login(make.user(Role.SYSTEM_ADMIN))
    return client


def previewed(client: Client, page: str, *args: str, text: str) -> tuple[str, str]:
    """The address of the preview of the file, and the page."""
    address = client.post(reverse(page, args=args), {"file": upload(text)})["Location"]
    return address, client.get(address).content.decode()


def rows_of(page: str) -> int:
    return page.count('<span class="cell">')


def test_a_page_shows_the_first_rejections_and_counts_them_all(client):
    text = PLACES + "x,名,,,\n" * WRONG
    meter = Meter()
    with meter.running():
        _, page = previewed(client, "accounts:bring", "places", text=text)
    assert f"退回 {WRONG} 行，{WRONG} 处" in page
    assert f"前 200 处，共 {WRONG} 处" in page
    assert rows_of(page) == 200 and len(page) < MOST_BYTES
    assert meter.mib < MOST_MIB and meter.seconds < MOST_SECONDS, (meter.mib, meter.seconds)


def test_without_the_bound_the_page_holds_them_all(client, monkeypatch):
    """The control: what the bound keeps away."""
    monkeypatch.setattr(outcome, "SHOWN_REJECTED", bounds.MOST_REJECTED)
    _, page = previewed(client, "accounts:bring", "places", text=PLACES + "x,名,,,\n" * WRONG)
    assert rows_of(page) == WRONG and len(page) > 10 * MOST_BYTES


@pytest.mark.parametrize(("wrong", "told"), [(200, False), (201, True)])
def test_a_short_list_is_shown_whole(client, wrong, told):
    _, page = previewed(client, "accounts:bring", "places", text=PLACES + "x,名,,,\n" * wrong)
    assert rows_of(page) == 200 and ("前 200 处" in page) is told


def test_the_file_of_rejected_rows_holds_them_all(client):
    office = Client()
    office.force_login(make.user(Role.OFFICE, make.school("5399010002"), username="jw2"))
    text = ROSTER + "5399010002,,男,2013-04-15,七(1)班\n" * 300
    address, page = previewed(office, "students:roster", text=text)
    assert rows_of(page) == 200 and "前 200 处，共 300 处" in page
    book = openpyxl.load_workbook(BytesIO(office.get(f"{address}rejected/").content))
    assert book.worksheets[0].max_row == 301


ERRORS = PLACES + "#N/A,#N/A,#N/A,#N/A,#N/A\n" * 100_000


def test_reading_ends_where_nearly_nothing_can_be_read(client):
    meter = Meter()
    with meter.running():
        _, page = previewed(client, "accounts:bring", "places", text=ERRORS)
    assert "退回已超过 20000 处" in page and "第一处在 A2" in page
    assert meter.mib < MOST_MIB and meter.seconds < MOST_SECONDS, (meter.mib, meter.seconds)


@pytest.mark.unmeasured
def test_without_the_bound_every_fault_is_kept(client, monkeypatch):
    """The control: the faults are then counted at the end only, in far more memory."""
    monkeypatch.setattr(rows, "MOST_REJECTED", 10_000_000)
    meter = Meter()
    with meter.running():
        previewed(client, "accounts:bring", "places", text=ERRORS)
    assert meter.mib > MOST_MIB, meter.mib
