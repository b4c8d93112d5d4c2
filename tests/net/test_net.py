"""The net's own rules: what is taken for volatile, what counts as the same page, how dumps compare."""

from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from tests.net import clock
from tests.net.compare import compare, masked
from tests.net.crawl import file_name
from tests.net.normalise import cells_of, outline, pretty_json, settled

TOKEN = "aB3" * 21 + "x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'<input name="csrfmiddlewaretoken" value="{TOKEN}">',
         '<input name="csrfmiddlewaretoken" value="{token}">'),
        ('<script nonce="Ab+/9_-=" src="x.js">', '<script nonce="{nonce}" src="x.js">'),
        ("script-src 'nonce-Ab+/9='", "script-src 'nonce-{nonce}'"),
        ('value="0f8fad5b-d9cb-469f-a165-70867728950e"', 'value="{uuid}"'),
        ("/static/css/theme.0123456789ab.css", "/static/css/theme.{hash}.css"),
        ('"2026-11-19T11:30:00.000123+08:00"', '"2026-11-19T11:30:00+08:00"'),
        ("用时 12.5 毫秒", "用时 {duration} 毫秒"),
        ("编号 deadbeefdeadbeef", "编号 {request}"),
        ("/tmp/kongchuo-net-ab12_x/media/a", "{var}/media/a"),
        # What says something stays.
        ("11:30 第 12 周 3 天", "11:30 第 12 周 3 天"),
        ("2G23SZK7DV 1/3 12.5%", "2G23SZK7DV 1/3 12.5%"),
    ],
)  # fmt: skip
def test_names_what_no_two_requests_share(text, expected):
    assert settled(text, "deadbeefdeadbeef") == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("<p>未签</p>", "<p>\n  未签\n</p>\n"),
        ("<p>a  b\n c</p>", "<p>a b c</p>"),
        ("<p>it&#x27;s &amp; &quot;</p>", '<p>it&#39;s &#38; "</p>'),
        ('<a title="&#x27;&lt;">x</a>', '<a title="\'&lt;">x</a>'),
        ('<a href="/x" class="b">x</a>', "<a class='b'\n   href=/x>x</a>"),
        ('<a class="b  c ">x</a>', '<a class=" b\n c">x</a>'),
        ("<input checked>", '<input checked="" />'),
        ("<br>", "<br/>"),
        ("<svg><path d=1 /></svg>", "<svg><path d=1></path></svg>"),
        ("<p>a</p><!-- c --><p>b</p>", "<p>a</p> <p>b</p>"),
        ('<script>{"a":1,"b":"\\u4e00"}</script>', '<script>{"b": "一", "a": 1}</script>'),
        ("<textarea>\na\nb</textarea>", "<textarea>a\r\nb</textarea>"),
        ("<!DOCTYPE html><p>", "<!doctype html>\n<p>"),
    ],
)
def test_the_same_page_written_otherwise(left, right):
    assert outline(left) == outline(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("<p>未签 3</p>", "<p>未签 4</p>"),
        ("<p>ab</p>", "<p>a b</p>"),
        ("<p>a</p>", "<div>a</div>"),
        ('<a href="/x">x</a>', '<a href="/y">x</a>'),
        ("<input checked>", "<input>"),
        ("<p>a</p><p>b</p>", "<p>b</p><p>a</p>"),
        ("<pre>a  b</pre>", "<pre>a b</pre>"),
        ("<textarea>a\n\nb</textarea>", "<textarea>a\nb</textarea>"),
        ("<p>&lt;b&gt;</p>", "<p><b></p>"),
        ("<p>a&nbsp;b</p>", "<p>a b</p>"),
    ],
)
def test_another_page(left, right):
    assert outline(left) != outline(right)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("<b>a</b> <b>c</b>", "<b>a</b><b>c</b>", False),
        ("<p>a <b>c</b></p>", "<p>a<b>c</b></p>", False),
        ("<p><b>c</b> a</p>", "<p><b>c</b>a</p>", False),
        ("<p> a </p> <p>b</p>", "<p>a</p><p>b</p>", True),
        ("<p>a\n<b>c</b></p>", "<p>a <b>c</b></p>", True),
    ],
)
def test_gaps_are_the_spaces_a_reader_sees(left, right, same):
    assert outline(left) == outline(right)
    assert (outline(left, gaps=True) == outline(right, gaps=True)) is same


def test_json_is_ordered_and_other_text_kept():
    assert pretty_json('{"b": 1, "a": "一"}') == '{\n "a": "一",\n "b": 1\n}\n'
    assert pretty_json("CommandError: 没有账号") == "CommandError: 没有账号"


def test_a_workbook_is_listed_by_cells():
    book, written = Workbook(), BytesIO()
    book.active.title = "台账"
    book.active.append(["姓名", None, 3])
    book.save(written)
    assert cells_of(written.getvalue()) == (
        "[台账] A1:C1 visible\nA1\t'姓名'\tGeneral\nC1\t3\tGeneral\n"
    )


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "home.html"),
        ("/cases/NET2AAAAAA/", "cases.NET2AAAAAA.html"),
        ("/names/?bucket=dropout&place=539901", "names.?bucket=dropout&place=539901.html"),
        ("hx /overview/", "overview+hx.html"),
    ],
)
def test_a_file_is_named_by_its_address(address, name):
    assert file_name(address, "html") == name


def test_like_differences_meet_in_one_group():
    assert masked("- <a href=/cases/2G23SZK7DV/12/>") == masked("- <a href=/cases/NET2AAAAAA/7/>")


def test_compare_groups_what_differs(tmp_path):
    left, right = tmp_path / "a", tmp_path / "b"
    for side, word in ((left, "在办 3"), (right, "在办\n 4")):
        side.mkdir()
        for number in range(5):
            (side / f"{number}.html").write_text(f"status: 200\n\n<p>{word}</p>")
        (side / "same.html").write_text(f"status: 200\n\n<p>{' ' * len(word)}x</p>")
    (left / "old.json").write_text("{}")
    told, count = compare(left, right)
    assert count == 6
    assert "5 file(s): 0.html, 1.html, 2.html … and 2 more" in told
    assert "   - 在办 3\n   + 在办 4" in told
    assert f"only in {left}: 1 file(s): old.json" in told
    assert told.endswith("6 files differ in 2 ways, 1 are the same.")
    _, strictly = compare(left, right, strict=True)
    assert strictly == 7
    assert compare(left, left)[1] == 0


def test_the_clock_stands_and_while_building_moves_a_microsecond(monkeypatch):
    monkeypatch.setattr(
        clock.FixedDatetime, "moment", datetime(2026, 11, 19, 11, 30, tzinfo=clock.SHANGHAI)
    )
    monkeypatch.setattr(clock.FixedDatetime, "ticking", False)
    fixed = clock.FixedDatetime
    assert fixed.now() == fixed.now() == datetime(2026, 11, 19, 11, 30)  # noqa: DTZ001
    assert fixed.utcnow().hour == 3
    assert isinstance(datetime(2026, 1, 1), fixed)  # noqa: DTZ001
    monkeypatch.setattr(clock.FixedDatetime, "ticking", True)
    assert fixed.now() < fixed.now()
