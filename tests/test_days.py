"""A day is a day, at every form and every file (reports O01–O04, O18, O20, O23)."""

import importlib
import pkgutil
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from django import forms
from django.conf import settings as configured

from accounts.day_fields import DayField, DayInput, LastDayField
from accounts.enums import Precision, Role
from accounts.places.import_places import PLACES
from attendance.authorised_absences.statuses import STATUSES
from attendance.forms import ExplainForm, LeaveForm
from attendance.models import Register
from attendance.register_files import import_registers
from cases.contacts.forms import ContactForm, TaskForm
from cases.enums.records import ExitKind
from cases.fuzzy_dates import FuzzyDate, read_fuzzy
from cases.ladder.basis_form import BasisForm
from cases.ladder.forms import AdvanceForm, CriticiseForm
from cases.papers.forms import RecordForm, ServeForm
from cases.returns.forms import ExitForm, ReturnForm
from contracts.forms import ContractIssueForm
from regions.clock import at
from regions.rules.values import BadValue
from reports.forms import FreezeForm, LedgerForm, RecountForm
from reports.importing.cohort_baselines import COHORTS
from students.models import AuthorisedAbsence
from students.roster import plan_roster
from tests import factories as make
from tests.files import outcome_of
from tests.students.test_roster import id_no

OURS = ("regions", "accounts", "students", "attendance", "cases", "contracts", "reports")
NUMBER = "L539901201304150001"
TODAY = make.THURSDAY
NOON = at(TODAY, time(12))
A_DAY = "请填成 2025-11-01 这样的日期"


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = TODAY


# ── every form ───────────────────────────────────────────────────────────────────────────────────


def all_forms() -> list[type[forms.BaseForm]]:
    for app in OURS:
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    found, ahead = [], [forms.BaseForm]
    while ahead:
        below = ahead.pop().__subclasses__()
        ahead += below
        found += [form for form in below if form.__module__.split(".")[0] in OURS]
    return found


def date_fields(fields) -> list[forms.Field]:
    parts = [part for field in fields for part in getattr(field, "fields", ())]
    times = (forms.DateField, forms.DateTimeField, forms.SplitDateTimeField)
    return [field for field in [*fields, *parts] if isinstance(field, times)]


def strangers(form: type[forms.BaseForm]) -> list[forms.Field]:
    """Date fields of a form that no believable kind stands behind."""
    fields = list(form.base_fields.values())
    return [field for field in date_fields(fields) if not isinstance(field, DayField)]


def test_every_date_of_every_form_has_a_believable_kind():
    walked = all_forms()
    assert {LeaveForm, ContactForm, ServeForm, BasisForm, LedgerForm, ContractIssueForm} <= set(
        walked
    )
    assert {form.__name__: strangers(form) for form in walked if strangers(form)} == {}


def test_the_walk_finds_a_date_without_a_kind():
    """The control."""

    class Careless(forms.Form):
        on = forms.DateField()

    class Hidden(forms.Form):
        on = forms.MultiValueField(fields=[forms.DateField(), forms.CharField()])

    assert len(strangers(Careless)) == len(strangers(Hidden)) == 1


def test_no_other_reader_of_days_stands_in_the_code():
    """A form makes no date field of its own and no module parses a typed day by itself."""
    may = {"attendance/rules/proof.py", "regions/rules/national.py", "accounts/file_door/formats/workbook_tables.py",
           "accounts/places/views.py", "accounts/gate.py", "accounts/unsent.py", "accounts/drafts.py", "accounts/day_fields.py", "regions/rules/policies.py",
           "reports/student_lists/lists.py", "reports/monthly/page.py",
           "reports/monthly/views.py"}  # fmt: skip
    root = Path(configured.BASE_DIR)
    words = ("forms.DateField", "strptime", "fromisoformat", "DateTimeField(label")
    files = [path for app in OURS for path in (root / app).rglob("*.py")]
    reading = [path for path in files if any(word in path.read_text() for word in words)]
    found = {str(path.relative_to(root)) for path in reading}
    assert {path for path in found if "/migrations/" not in path} <= may


def contact(**given) -> ContactForm:
    told = {"way": "visit", "met": "guardian", "note": "家里", "client_key": str(uuid4())}
    return ContactForm(told | {"on": "2026-11-18"} | given, day=TODAY)


def case_form(form, **given):
    told = {"version": "1", "note": "写明", "to": "order"} | given
    return form(told, steps=[]) if form is AdvanceForm else form(told)


FORMS = [
    (lambda day: LeaveForm({"kind": "sick", "first": day, "last": day, "reason": "病"}), "first"),
    (lambda day: LeaveForm({"first": "2026-11-19", "last": day}), "last"),
    (lambda day: ExplainForm({"until": day}), "until"),
    (lambda day: contact(on=day), "on"),
    (lambda day: contact(when=day), "on"),
    (lambda day: contact(reported_on=day), "reported_on"),
    (lambda day: contact(next_on=day), "next_on"),
    (lambda day: contact(next=day), "next_on"),
    (lambda day: contact(promised_on=day), "promised_on"),
    (lambda day: TaskForm({"due_on": day}), "due_on"),
    (lambda day: case_form(CriticiseForm, happened_0=day, happened_1="day"), "happened"),
    (lambda day: case_form(AdvanceForm, happened_0=day, happened_1="about"), "happened"),
    (lambda day: case_form(ReturnForm, on_0=day, on_1="not_later"), "on"),
    (lambda day: ServeForm({"served_0": day, "served_1": "day"}), "served"),
    (
        lambda day: RecordForm({"issued_0": day, "issued_1": "day"}, guardians=[], bases=None),
        "issued",
    ),
    (lambda day: ExitForm({"until": day}, roles=frozenset({Role.BUREAU})), "until"),
    (lambda day: BasisForm({"valid_from": day}), "valid_from"),
    (lambda day: BasisForm({"valid_to": day}), "valid_to"),
    (lambda day: LedgerForm({"on": day}), "on"),
    (lambda day: FreezeForm({"on": day}), "on"),
    (lambda day: RecountForm({"on": day}), "on"),
    (lambda day: ContractIssueForm({"due_on": day}), "due_on"),
]
IDS = [f"{number}-{field}" for number, (_, field) in enumerate(FORMS)]


@pytest.mark.parametrize(("make_form", "field"), FORMS, ids=IDS)
def test_a_mistyped_year_is_refused_by_every_form(make_form, field):
    for day in ("0026-11-19", "1926-11-19", "2206-11-19", "9999-12-31"):
        said = "".join(make_form(day).errors.get(field, []))
        assert f"请核对年份：{day} 太" in said


@pytest.mark.parametrize(("make_form", "field"), FORMS, ids=IDS)
@pytest.mark.parametrize("text", ["2026-11", "202611", "2026113", "2026-W47", "2026-11-31"])
def test_what_is_no_day_is_refused_by_every_form(make_form, field, text):
    assert A_DAY in "".join(make_form(text).errors.get(field, []))


@pytest.mark.parametrize(("make_form", "field"), FORMS, ids=IDS)
@pytest.mark.parametrize(
    "text",
    ["2026.11.19", "2026年11月19日", "2026/11/19", "２０２６－１１－１９", "20261119",
     "2026-11-19 08:00", "2026-11-19"],
)  # fmt: skip
def test_every_form_reads_every_spelling_that_files_read(make_form, field, text):
    form = make_form(text)
    assert field not in form.errors
    told = form.cleaned_data[field]
    assert (told.latest if isinstance(told, FuzzyDate) else told) == TODAY


def test_a_month_is_kept_where_the_field_knows_months():
    typed = case_form(CriticiseForm, happened_0="2026-10", happened_1=Precision.MONTH)
    assert typed.is_valid() and typed.cleaned_data["happened"] == FuzzyDate.month(2026, 10)
    this = case_form(CriticiseForm, happened_0="2026-11-30", happened_1=Precision.MONTH)
    assert this.is_valid() and this.cleaned_data["happened"] == FuzzyDate.month(2026, 11)
    old = case_form(CriticiseForm, happened_0="0026-10", happened_1=Precision.MONTH)
    assert "happened" in old.errors


def test_an_exit_lasts_as_long_as_its_kind_may():
    def errors(kind: ExitKind, until: str):
        form = ExitForm({"kind": kind, "until": until}, roles=frozenset({Role.BUREAU}))
        return "".join(form.errors.get("until", []))

    assert errors(ExitKind.SUSPENDED, "2027-11-18") == ""
    assert "最晚 2027-11-18" in errors(ExitKind.SUSPENDED, "2027-11-19")
    assert errors(ExitKind.CORRECTIONAL, "2029-11-19") == ""
    assert "最晚 2029-11-19" in errors(ExitKind.CORRECTIONAL, "2206-11-19")


def test_a_date_picker_gets_the_spelling_browsers_want():
    shown = LeaveForm(initial={"first": TODAY})
    assert 'type="date"' in str(shown["first"]) and 'value="2026-11-19"' in str(shown["first"])
    assert all(
        isinstance(one.widget, DayInput) for one in (DayField(kind="x"), LastDayField(kind="x"))
    )


@pytest.mark.django_db
class TestLeavePage:
    @pytest.fixture
    def child(self, client):
        make.term()
        of = make.school_class(make.school())
        client.force_login(make.user(Role.TEACHER, of))
        return make.pupil(of, "岩香")

    def post(self, client, child, first: str, last: str):
        told = {"kind": "sick", "first": first, "last": last, "reason": "发烧，父亲来电"}
        return client.post(f"/leave/{child.uid}/", told)

    @pytest.mark.parametrize(
        ("first", "last"),
        [
            ("0026-11-26", "0026-11-27"),
            ("1999-11-26", "1999-11-27"),
            ("2206-11-26", "2206-11-27"),
            ("2026-11-26", "2206-11-27"),
        ],
    )
    def test_a_leave_of_another_year_is_refused(self, client, child, first, last):
        """O04."""
        answer = self.post(client, child, first, last)
        assert answer.status_code == 200 and "请核对年份" in answer.content.decode()
        assert not AuthorisedAbsence.objects.exists()

    @pytest.mark.parametrize(
        "typed", ["2026.11.26", "2026年11月26日", "２０２６．１１．２６", "20261126"]
    )
    def test_a_leave_is_read_in_the_spellings_of_files(self, client, child, typed):
        """O20."""
        assert self.post(client, child, typed, typed).status_code == 302
        leave = AuthorisedAbsence.objects.get()
        assert (leave.first, leave.last) == (date(2026, 11, 26), date(2026, 11, 26))


# ── every file ───────────────────────────────────────────────────────────────────────────────────


def csv(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows]).encode()


@pytest.fixture
def world(db):
    make.term()
    of = make.school_class(make.school())
    child = make.pupil(of, "岩香", xueji_no=NUMBER)
    return of, child, make.user(Role.OFFICE, of.school)


def statuses(world, first: str, last: str):
    _, child, office = world
    content = csv(
        "学生编号,状态,开始日期,结束日期,证明",
        f"{child.uid},休学,{first},{last},县医院诊断证明",
    )
    return outcome_of(STATUSES, content, "状态.csv", by=office, on=TODAY)


def test_a_suspension_from_month_to_month_is_refused(world):
    """O01."""
    outcome = statuses(world, "2025-11", "2026-11")
    assert [(one.column, A_DAY in one.message) for one in outcome.rejected] == [
        ("开始日期", True),
        ("结束日期", True),
    ]
    assert not AuthorisedAbsence.objects.exists()


@pytest.mark.parametrize("last", ["2206-09-01", "9999-12-31"])
def test_a_suspension_to_another_century_is_refused(world, last):
    """O03."""
    outcome = statuses(world, "2026-09-01", last)
    assert outcome.rejected[0].message == f"请核对年份：{last} 太远，最晚 2027-08-31。"
    assert outcome.rejected[0].cell == "D2" and not AuthorisedAbsence.objects.exists()


ROSTER = "姓名,性别,出生日期,身份证件号,班级,入班日期"


def roster(office, header: str, *rows: str):
    return plan_roster(csv(header, *rows), "名册.csv", by=office, on=TODAY).outcome


def test_a_month_of_joining_is_refused(world):
    """O02."""
    number = id_no(1, "20130505")
    outcome = roster(world[2], ROSTER, f"试甲,男,2013-05-05,{number},七(1)班,202511")
    assert [(one.cell, A_DAY in one.message) for one in outcome.rejected] == [("F2", True)]


def test_a_month_of_birth_beside_a_number_is_enough_and_must_agree(world):
    """O23."""
    header = "姓名,出生年月,身份证号,班级"
    number = id_no(1, "20131201")
    assert roster(world[2], header, f"试甲,2013年12月,{number},七(1)班").created == 1
    wrong = roster(world[2], header, f"试甲,2013年11月,{number},七(1)班")
    assert (wrong.rejected[0].cell, "不是同一个月" in wrong.rejected[0].message) == ("B2", True)
    alone = roster(world[2], header, "试甲,2013年12月,,七(1)班")
    assert any(one.cell == "B2" and A_DAY in one.message for one in alone.rejected)


def test_a_pupil_of_another_age_is_refused_by_day_or_by_number(world):
    by_day = roster(world[2], "姓名,出生日期,学籍号,班级", f"试甲,1983-05-05,{NUMBER},七(1)班")
    assert "请核对年份：1983-05-05 太早" in by_day.rejected[0].message
    number = id_no(1, "19830505")
    by_number = roster(world[2], "姓名,身份证号,班级", f"试甲,{number},七(1)班")
    assert by_number.rejected[0].cell == "B2" and "请核对年份" in by_number.rejected[0].message


def book(*rows: list) -> bytes:
    made, out = openpyxl.Workbook(), BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "cell",
    [46344, 46344.0, 46344.6, "46344", datetime(2026, 11, 18, 23, 59, 59), date(2026, 11, 18)],  # noqa: DTZ001
)
def test_a_day_as_a_number_or_with_a_clock_is_the_same_day(world, cell):
    """O18."""
    of, _, office = world
    content = book(
        ["学校标识码", "班级", "日期", "学籍号", "标记", "说明"],
        [of.school.code, "七(1)班", cell, NUMBER, "旷课", ""],
    )
    result = import_registers(content, "考勤.xlsx", by=office, at=NOON)
    assert (result.registers, result.rejected) == (1, [])
    assert Register.objects.get().on == date(2026, 11, 18)


@pytest.mark.parametrize("day", ["0026-11-18", "2206-11-18", "2021-11-18"])
def test_a_register_of_another_year_is_refused(world, day):
    of, _, office = world
    content = csv("学校标识码,班级,日期,学籍号,标记", f"{of.school.code},七(1)班,{day},,")
    result = import_registers(content, "考勤.csv", by=office, at=NOON)
    assert "请核对年份" in result.rejected[0].message and not Register.objects.exists()


def test_a_school_begins_to_count_on_a_believable_day(world):
    root = make.user(Role.SYSTEM_ADMIN, None)
    for day, says in (("2206-09-01", "请核对年份"), ("202609", A_DAY)):
        content = csv(
            "学校标识码,学校名称,办学类型,区划代码,预警起算日期",
            f"5399010009,新校,初级中学,539901001,{day}",
        )
        outcome = outcome_of(PLACES, content, "学校.csv", by=root, on=TODAY)
        assert [says in one.message for one in outcome.rejected] == [True]


def test_a_cohort_is_known_up_to_a_believable_day(world):
    bureau = make.user(Role.BUREAU, make.region("539901"))
    for day, says in (
        ("2206-08-31", "请核对年份"),
        ("2026-08", A_DAY),
        ("0026-08-31", "请核对年份"),
    ):
        content = csv(
            "区划代码,入学年份,入学人数,截至日期,来源", f"539901,2017,900,{day},2017年学籍年报"
        )
        outcome = outcome_of(COHORTS, content, "底数.csv", by=bureau, on=TODAY)
        assert [says in one.message for one in outcome.rejected] == [True]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2017-03", FuzzyDate.month(2017, 3)),
        ("201703", FuzzyDate.month(2017, 3)),
        ("2017年3月", FuzzyDate.month(2017, 3)),
        (2017.03, None),
        ("约2019.9.1", FuzzyDate.about(date(2019, 9, 1))),
        ("不晚于20171207", FuzzyDate.not_later(date(2017, 12, 7))),
        (46344, FuzzyDate.on(date(2026, 11, 18))),
        ("不详", FuzzyDate.unknown()),
        ("", FuzzyDate.unknown()),
    ],
)
def test_a_fuzzy_date_keeps_a_month_as_a_month(typed, told):
    assert read_fuzzy(typed) == (told or FuzzyDate.month(2017, 3))


@pytest.mark.parametrize("typed", ["约2019年9月", "不晚于", "2017.1.", "2026113", 2017.1])
def test_a_fuzzy_date_guesses_nothing(typed):
    with pytest.raises(BadValue):
        read_fuzzy(typed)
