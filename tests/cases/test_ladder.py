"""Climbing the ladder through the verbs: rights, records, refusals that leave nothing behind."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from accounts.models import Attachment
from accounts.versions import Conflict
from cases.case_deadlines import set_deadline
from cases.enums.records import DeadlineKind
from cases.enums.states import AccessKind, CaseState, EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.ladder import steps
from cases.ladder.facts import facts_of
from cases.models import Case, Contact
from cases.papers.issuing import void
from regions.clock import today
from regions.refusals import Refused
from students.enums import GuardianKind
from students.models import Finding, Guardian
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.ladder_acts import (
    a_clause,
    advanced,
    ago,
    at,
    criticised,
    events_of,
    on,
    ordered,
    persuaded,
)

pytestmark = pytest.mark.django_db
UNKNOWN = FuzzyDate.unknown()


@pytest.fixture(autouse=True)
def pinned_day(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def world():
    return county()


@pytest.fixture
def case(world):
    return case_of(world.student, on=ago(60))


def test_the_order_is_entered_with_who_when_and_on_what_article(world, case):
    persuaded(case, world)
    event = advanced(case, world, Step.ORDER, on(40))
    case.refresh_from_db()
    assert (case.step, case.step_on, case.changed_by) == (Step.ORDER, ago(40), world.officer)
    assert (event.step, event.happened, event.details) == (Step.ORDER, on(40), {"from": "persuade"})
    assert (event.policy, event.role, event.unit_path) == (
        "义务教育法 第58条", Role.TOWNSHIP, world.township.path,
    )  # fmt: skip


def test_the_bureau_cites_the_law_that_speaks_of_it_too(world, case):
    steps.record_persuasion(
        case.uid,
        on=today(),
        by=world.cadre,
        happened=on(50),
        version=at(case),
        note="村干部上门劝返",
    )
    criticised(case, world, by=world.bureau)
    event = advanced(case, world, Step.ORDER, on(40), by=world.bureau)
    assert event.policy == "义务教育法 第58条，未成年人保护法 第83条"


def test_a_refusal_leaves_nothing_behind(world, case):
    before = (at(case), case.events.count())
    with pytest.raises(Refused, match="还没有联系监护人的记录（义务教育法第13条）"):
        advanced(case, world, Step.ORDER, on(1))
    assert (at(case), case.events.count()) == before
    assert Case.objects.get().step == Step.PERSUADE


def test_climbing_ends_the_verifying_and_its_due_date(world, case):
    criticised(case, world)
    assert Case.objects.get().state == CaseState.VERIFYING, "criticism alone verifies nothing"
    alert_of(case, world)
    advanced(case, world, Step.ORDER, on(40))
    assert Case.objects.get().state == CaseState.PERSUADING
    assert case.deadlines.get(kind=DeadlineKind.VERIFY).met_on == ON
    assert len(events_of(case, EventKind.VERIFIED)) == 1


@pytest.mark.parametrize("who", ["teacher", "office", "cadre", "county_office"])
def test_school_and_village_persuade_and_never_order(world, case, who):
    persuaded(case, world)
    with pytest.raises(Refused, match="义务教育法第58条"):
        advanced(case, world, Step.ORDER, on(40), by=getattr(world, who))
    with pytest.raises(Refused, match="义务教育法第58条"):
        criticised(case, world, by=getattr(world, who))


def test_the_next_township_does_not_know_the_case(world, case):
    with pytest.raises(Case.DoesNotExist):
        advanced(case, world, Step.ORDER, on(40), by=world.neighbour)


def test_a_former_owner_reads_and_no_longer_acts(world, case):
    case.access_rows.filter(kind=AccessKind.OWNER).update(kind=AccessKind.FORMER)
    assert Case.objects.visible_to(world.officer).exists()
    with pytest.raises(Refused, match="责任乡镇"):
        criticised(case, world)


def test_who_opened_the_page_earlier_sees_who_saved(world, case):
    seen = at(case)
    criticised(case, world, by=world.bureau)
    with pytest.raises(Conflict, match="何志明"):
        steps.criticise(
            case.uid,
            on=today(),
            by=world.officer,
            happened=on(1),
            version=seen,
            note="当面批评教育",
        )
    assert len(events_of(case, EventKind.CRITICISM)) == 1


@pytest.mark.parametrize(
    "happened",
    [
        FuzzyDate.on(ago(-1)),
        FuzzyDate.about(ago(-1)),
        FuzzyDate.not_later(ago(-1)),
        FuzzyDate.month(2026, 12),
    ],
)
def test_nothing_happens_tomorrow(world, case, happened):
    with pytest.raises(Refused, match="日期还没有到"):
        steps.criticise(
            case.uid,
            on=today(),
            by=world.officer,
            happened=happened,
            version=at(case),
            note="当面批评教育",
        )


def test_this_month_has_come_and_counts_until_today(world, case):
    persuaded(case, world)
    event = advanced(case, world, Step.ORDER, FuzzyDate.month(2026, 11))
    assert event.happened == FuzzyDate.month(2026, 11), "the date as it was told"
    assert Case.objects.get().step_on == ON


def test_an_unknown_day_is_not_judged_and_the_event_says_so(world, case):
    persuaded(case, world)
    event = advanced(case, world, Step.ORDER, UNKNOWN)
    assert event.details == {"from": "persuade", "undated": True}
    assert event.happened == UNKNOWN


def test_evidence_without_a_day_counts_and_the_event_says_so(world, case):
    steps.record_persuasion(
        case.uid,
        on=today(),
        by=world.officer,
        happened=UNKNOWN,
        version=at(case),
        note="多次上门劝返",
    )
    steps.criticise(
        case.uid,
        on=today(),
        by=world.officer,
        happened=UNKNOWN,
        version=at(case),
        note="当面批评教育",
    )
    assert advanced(case, world, Step.ORDER, on(3)).details["undated"] is True


def test_no_fine_without_a_clause(world, case):
    ordered(case, world)
    with pytest.raises(Refused, match=r"没有可罚款的法律依据（义务教育法第58条没有设定罚款）。$"):
        advanced(case, world, Step.PENALTY, on(1), by=world.bureau)
    a_clause()
    with pytest.raises(Refused, match="罚款由县教育体育局决定（《某自治县义务教育条例》第二十条）"):
        advanced(case, world, Step.PENALTY, on(1))
    assert advanced(case, world, Step.PENALTY, on(1), by=world.bureau).step == Step.PENALTY


def test_a_clause_of_the_next_county_or_of_another_time_is_none(world, case):
    ordered(case, world)
    a_clause(region=make.region("539902"))
    a_clause(article="第三十条", valid_from=date(2027, 1, 1))
    a_clause(article="第四十条", valid_to=date(2026, 1, 1))
    with pytest.raises(Refused, match="没有可罚款"):
        advanced(case, world, Step.PENALTY, on(1), by=world.bureau)


def test_entering_the_third_step_settles_the_order_that_lapsed(world, case):
    ordered(case, world)
    a_clause()
    due = case.deadlines.get(kind=DeadlineKind.ORDER)
    assert due.met_on is None and due.due_on < ON
    advanced(case, world, Step.PENALTY, on(1), by=world.bureau)
    due.refresh_from_db()
    assert due.met_on == ON


def test_the_order_must_have_lapsed_and_a_void_one_counts_for_nothing(world, case):
    paper = ordered(case, world, days=5)
    a_clause()
    with pytest.raises(Refused, match="责令的期限还没有届满"):
        advanced(case, world, Step.PENALTY, on(0), by=world.bureau)
    void(paper.uid, by=world.officer, on=ON, version=at(case), reason="姓名写错")
    with pytest.raises(Refused, match="还没有送达"):
        advanced(case, world, Step.PENALTY, on(0), by=world.bureau)


def test_an_order_to_an_entrusted_carer_binds_nobody(world, case):
    paper = ordered(case, world)
    assert facts_of(case, ON).orders
    Guardian.objects.filter(pk=paper.addressee_id).update(kind=GuardianKind.CARER)
    assert not facts_of(case, ON).orders


def test_a_foreign_child_is_persuaded_and_not_ordered(world, case):
    persuaded(case, world)
    type(world.student).objects.update(nationality="MMR")
    with pytest.raises(Refused, match="义务教育法第4条"):
        advanced(case, world, Step.ORDER, on(1))


@pytest.mark.parametrize("state", [CaseState.RETURNED, CaseState.EXITED])
def test_no_step_while_the_child_is_back_or_the_case_is_over(world, case, state):
    persuaded(case, world)
    Case.objects.update(state=state, exit_kind="deceased", returned_on=ON)
    with pytest.raises(Refused, match=r"学生已返校|已经办结"):
        advanced(case, world, Step.ORDER, on(1))
    with pytest.raises(Refused, match="不再登记"):
        criticised(case, world)


def test_an_order_obeyed_is_spent(world, case):
    """再次辍学: the ladder starts again, and papers and criticism of the earlier round are gone."""
    ordered(case, world)
    Case.objects.update(round=1, step=Step.PERSUADE, state=CaseState.PERSUADING)
    again = Case.objects.get()
    facts = facts_of(again, ON)
    assert not (facts.contacts or facts.criticisms or facts.orders or facts.entered)
    with pytest.raises(Refused, match="联系监护人"):
        advanced(case, world, Step.ORDER, on(0))


def alert_of(case, world) -> None:
    """The case came from an alert, on which the teacher had called before it opened."""
    alert = world.student.alerts.create(
        path=world.student.school_path, state="open", opened_on=ago(70), as_of=ago(70),
        first=ago(73), last=ago(70), unexplained=3, grounds=["unexplained"],
    )  # fmt: skip
    Contact.objects.create(
        student=world.student, alert=alert, way="call", on=ago(70), met="guardian", note="说要打工",
        by=world.teacher, client_key=uuid4(), path=world.student.school_path,
    )  # fmt: skip
    Finding.objects.update(kind="alert")
    alert.finding = Finding.objects.get()
    alert.save(update_fields=["finding"])


def test_contacts_of_the_alert_count_in_the_first_round_alone(world, case):
    assert facts_of(case, ON).contacts == ()
    alert_of(case, world)
    assert facts_of(Case.objects.get(), ON).contacts == (FuzzyDate.on(ago(70)),)
    Case.objects.update(round=1)
    assert facts_of(Case.objects.get(), ON).contacts == ()


def test_what_lies_before_the_last_return_is_no_evidence_for_a_new_absence(world, case):
    case.events.create(
        kind=EventKind.RETURNED,
        round=0,
        happened_from=ago(20),
        happened_to=ago(20),
        precision="day",
    )
    Case.objects.update(round=1, state=CaseState.PERSUADING)
    persuaded(case, world, days=21)
    assert facts_of(Case.objects.get(), ON).criticisms == ()
    persuaded(case, world, days=19)
    facts = facts_of(Case.objects.get(), ON)
    assert facts.criticisms == facts.contacts == (on(19),)


def test_criticism_keeps_its_scan_beside_the_case(world, case):
    scan = SimpleUploadedFile("现场.pdf", b"%PDF-1.4")
    event = steps.criticise(
        case.uid,
        on=today(),
        by=world.officer,
        happened=on(0),
        version=at(case),
        note="当面批评教育",
        file=scan,
    )
    kept = Attachment.objects.get()
    assert (kept.kind, kept.uid, event.file) == ("case_evidence", case.uid, kept)


def test_words_are_asked_for(world, case):
    with pytest.raises(Refused, match="批评教育的对象和内容"):
        steps.criticise(
            case.uid, on=today(), by=world.officer, happened=on(0), version=at(case), note="  "
        )
    with pytest.raises(Refused, match="谁、怎样劝返"):
        steps.record_persuasion(
            case.uid, on=today(), by=world.officer, happened=on(0), version=at(case), note="x"
        )


def test_reading_the_facts_takes_the_same_statements_whatever_the_history(
    world, case, django_assert_max_num_queries
):
    ordered(case, world)
    a_clause()
    for _ in range(10):
        criticised(case, world, days=1)
    with django_assert_max_num_queries(14):
        facts_of(Case.objects.select_related("student", "finding").get(), ON)


def next_due(case, kind=DeadlineKind.CONTACT) -> list:
    return list(case.deadlines.standing().filter(kind=kind).values_list("due_on", flat=True))


def test_the_next_contact_runs_from_the_day_of_the_act_not_of_its_entry(case, world):
    criticised(case, world, 20)
    (first,) = next_due(case)
    assert first < ON
    criticised(case, world, 10)
    assert next_due(case) == [first + timedelta(days=10)]
    criticised(case, world, 15)  # told late: the later act stands
    assert next_due(case) == [first + timedelta(days=10)]


def test_what_was_agreed_today_is_not_met_by_an_act_of_today(case, world):
    for agreed, stands in ((ON, True), (ago(1), False)):
        set_deadline(
            case, DeadlineKind.NEXT_CONTACT, starts_on=agreed, due_on=ON + timedelta(days=3),
            who=Role.TOWNSHIP, article="约定",
        )  # fmt: skip
        criticised(case, world, 0)
        assert bool(next_due(case, DeadlineKind.NEXT_CONTACT)) is stands, agreed
