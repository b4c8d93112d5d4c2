"""Numbers without gaps: per body, kind and year; two hundred at once; what rolls back gives back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from accounts import number_series
from accounts.enums import Precision
from accounts.number_series import body_sign, next_number
from cases.enums.records import PaperKind
from cases.enums.states import Step
from cases.models import Case, Paper
from cases.papers import issuing
from students.models import Guardian
from tests import factories as make
from tests.cases.case_county import case_of, county

TODAY = make.THURSDAY
ISSUES, AT_ONCE, TENTH = 200, 20, 10


class Spilt(Exception):
    """The ink was spilt: the transaction that used the number is rolled back."""


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = TODAY
    return county()


@pytest.mark.django_db
def test_each_body_kind_and_year_counts_for_itself():
    with transaction.atomic():
        first = [next_number("P1", "order", 2026) for _ in range(3)]
        assert first == [1, 2, 3]
        assert next_number("P2", "order", 2026) == 1
        assert next_number("P1", "persuasion", 2026) == 1
        assert next_number("P1", "order", 2027) == 1


@pytest.mark.django_db
def test_what_rolls_back_gives_its_number_back():
    with transaction.atomic():
        next_number("P1", "order", 2026)
    with pytest.raises(Spilt):
        take_and_spill()
    with transaction.atomic():
        assert next_number("P1", "order", 2026) == 2


@transaction.atomic
def take_and_spill() -> None:
    assert next_number("P1", "order", 2026) == 2
    raise Spilt


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "name", "sign"),
    [
        ("539901001", "白水镇", "澜白水"),
        ("539901002", "南岭傣族乡", "澜南岭傣族"),
        ("539901003", "勐海街道", "澜勐海"),
        ("539901", "澜屏县", "澜屏"),
    ],
)
def test_a_bodys_sign_is_the_countys_first_character_and_its_own_name(code, name, sign):
    make.region("539901", "澜屏县")
    assert body_sign(make.region(code, name).path) == sign


def paper(case: Case, serial: int) -> None:
    Paper.objects.create(
        case=case, kind=PaperKind.ORDER, body_path="P1", body="澜屏县白水镇人民政府",
        year=2026, serial=serial, precision=Precision.DAY,
    )  # fmt: skip


def rush(case: Case) -> tuple[list[int], int]:
    """Two hundred papers, twenty at once, every tenth rolled back: the serials, and how many failed."""
    barrier = Barrier(AT_ONCE)

    def one(n: int) -> bool:
        if n < AT_ONCE:
            barrier.wait()
        try:
            with transaction.atomic():
                paper(case, number_series.next_number("P1", "order", 2026))
                if n % TENTH == 0:
                    raise Spilt
        except IntegrityError:
            return False
        except Spilt:
            pass
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(one, range(ISSUES)))
    return sorted(Paper.objects.values_list("serial", flat=True)), done.count(False)


KEPT = ISSUES - ISSUES // TENTH
parallel = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


class TestTwoHundredAtOnce:
    pytestmark = parallel

    def test_no_number_is_missing_and_none_is_given_twice(self, here):
        serials, failed = rush(case_of(here.student))
        assert failed == 0
        assert serials == list(range(1, KEPT + 1))

    def test_control_the_largest_and_one_more_is_given_twice(self, here, monkeypatch):
        """Without the row's lock two papers take the same number, and the constraint stops one."""

        def largest(body_path, kind, year):
            rows = Paper.objects.filter(body_path=body_path, kind=kind, year=year)
            return (rows.aggregate(last=Max("serial"))["last"] or 0) + 1

        monkeypatch.setattr(number_series, "next_number", largest)
        serials, failed = rush(case_of(here.student))
        assert failed > 0
        assert len(serials) < KEPT

    def test_control_a_number_taken_beforehand_leaves_gaps(self, here, monkeypatch):
        """A number from a transaction of its own is not given back when the paper is not made."""
        honest = number_series.next_number
        case = case_of(here.student)

        def beforehand(body_path, kind, year):
            with ThreadPoolExecutor(1) as other:
                return other.submit(_alone, honest, body_path, kind, year).result()

        monkeypatch.setattr(number_series, "next_number", beforehand)
        serials, failed = rush(case)
        assert failed == 0 and len(serials) == KEPT
        assert serials != list(range(1, KEPT + 1))

    def test_twenty_orders_of_twenty_cases_issued_at_once(self, here):
        cases = [_ordered(here, n) for n in range(AT_ONCE)]
        barrier = Barrier(AT_ONCE)

        def issue(case: Case) -> str:
            barrier.wait()
            try:
                made = issuing.issue(
                    case.uid, PaperKind.ORDER, by=here.officer, on=TODAY, version=case.version,
                    addressee=case.student.guardians.get(), days=None, text={},
                )  # fmt: skip
                return made.number
            finally:
                connection.close()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            given = list(pool.map(issue, cases))
        sign = f"{body_sign(here.township.path)}控责改"
        assert set(given) == {f"{sign}〔2026〕{n}号" for n in range(1, AT_ONCE + 1)}


def _alone(count, body_path, kind, year) -> int:
    try:
        with transaction.atomic():
            return count(body_path, kind, year)
    finally:
        connection.close()


def _ordered(here, n: int) -> Case:
    student = make.pupil(
        here.school_class, f"李扎{n}", residence_region=here.village,
        residence_path=here.village.path,
    )  # fmt: skip
    Guardian.objects.create(student=student, name=f"李老{n}", relation="父亲")
    case = case_of(student)
    Case.objects.filter(pk=case.pk).update(step=Step.ORDER, state="persuading")
    case.refresh_from_db()
    return case
