"""一生一案 is written by who answers for the child, and each wording stays in the history."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.versions import Conflict
from cases.contacts.plans import add_task, finish_task, save_plan
from cases.enums.states import CaseState, EventKind
from cases.models import Case, Plan, PlanTask
from regions.refusals import Refused
from tests import factories as make
from tests.cases.case_county import case_of, county

pytestmark = pytest.mark.django_db
ON = make.THURSDAY
SAID = {"diagnosis": "父母外出", "goal": "本月返校", "measures": "结对补课"}
TASK = {
    "who": "李雯",
    "what": "家访两次",
    "standard": "见到监护人",
    "due_on": ON + timedelta(days=7),
}


@pytest.fixture
def place(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


@pytest.fixture
def case(place):
    return case_of(place.student)


def plan(case, by, **other):
    case.refresh_from_db()
    return save_plan(case.uid, by=by, on=ON, version=case.version, **(SAID | other))


def task(case, by, **other):
    case.refresh_from_db()
    return add_task(case.uid, by=by, on=ON, version=case.version, **(TASK | other))


def test_a_plan_is_written_then_changed_and_both_wordings_stay(place, case):
    first = plan(case, place.officer)
    assert (first.version, first.changed_by) == (1, place.officer)
    second = plan(case, place.office, goal="下周返校")
    assert second.pk == first.pk and (second.version, second.goal) == (2, "下周返校")
    goals = [e.details["goal"] for e in case.events.filter(kind=EventKind.PLANNED)]
    assert goals == ["本月返校", "下周返校"]


def test_who_saves_second_is_told_and_changes_nothing(place, case):
    plan(case, place.officer)
    with pytest.raises(Conflict, match="李雯"):
        save_plan(case.uid, by=place.office, on=ON, version=case.version - 1, **SAID)
    assert Plan.objects.get().version == 1


@pytest.mark.parametrize("empty", list(SAID))
def test_no_part_may_be_missing(place, case, empty):
    with pytest.raises(Refused, match="都要写"):
        plan(case, place.officer, **{empty: " "})
    assert not Plan.objects.exists()


def test_a_task_says_who_what_when_and_how_well_and_is_done_once(place, case):
    made = task(case, place.officer)
    assert (made.who, made.what, made.standard, made.due_on) == tuple(
        TASK[name] for name in ("who", "what", "standard", "due_on")
    )
    case.refresh_from_db()
    done = finish_task(case.uid, made.pk, by=place.office, on=ON, version=case.version)
    assert (done.done_on, done.done_by) == (ON, place.office)
    case.refresh_from_db()
    with pytest.raises(Refused, match="11月19日已完成"):
        finish_task(case.uid, made.pk, by=place.office, on=ON, version=case.version)
    assert case.events.filter(kind=EventKind.PLANNED).count() == 2


@pytest.mark.parametrize("empty", ["who", "what", "standard"])
def test_a_task_lacks_nothing(place, case, empty):
    with pytest.raises(Refused, match="都要写"):
        task(case, place.officer, **{empty: " "})


def test_a_task_is_not_due_before_today(place, case):
    assert task(case, place.officer, due_on=ON)
    with pytest.raises(Refused, match="早于今天"):
        task(case, place.officer, due_on=ON - timedelta(days=1))


def test_a_task_of_another_case_is_none_of_this_one(place, case):
    other = task(case_of(make.pupil(place.school_class, "玉叫")), place.office)
    case.refresh_from_db()
    with pytest.raises(Refused, match="没有这项任务"):
        finish_task(case.uid, other.pk, by=place.office, on=ON, version=case.version)
    assert PlanTask.objects.get().done_on is None


@pytest.mark.parametrize("who", ["teacher", "cadre"])
def test_who_reads_does_not_plan(place, case, who):
    with pytest.raises(Refused, match="由学校、责任乡镇和县里填写"):
        plan(case, getattr(place, who))


def test_the_next_township_does_not_know_the_case(place, case):
    with pytest.raises(Case.DoesNotExist):
        plan(case, place.neighbour)


def test_a_case_that_ended_keeps_its_plan_as_it_is(place, case):
    plan(case, place.officer)
    Case.objects.update(state=CaseState.CLOSED, closed_on=ON)
    with pytest.raises(Refused, match="不再修改"):
        plan(case, place.officer)
    with pytest.raises(Refused, match="不再修改"):
        task(case, place.officer)


class TestThePage:
    def url(self, case, name="plan"):
        return reverse(f"cases:{name}", args=[case.uid])

    def test_saving_and_a_task(self, place, case, client):
        client.force_login(place.officer)
        answer = client.post(self.url(case), SAID | {"version": case.version})
        assert answer.status_code == 302
        case.refresh_from_db()
        client.post(self.url(case, "plan_task"), TASK | {"version": case.version})
        page = client.get(self.url(case)).content.decode()
        assert "父母外出" in page and "家访两次" in page and "进行中" in page
        case.refresh_from_db()
        sent = {"task": PlanTask.objects.get().pk, "version": case.version}
        assert client.post(self.url(case, "plan_task_done"), sent).status_code == 302
        assert "已完成" in client.get(self.url(case)).content.decode()

    def test_a_conflict_keeps_the_input_shows_theirs_and_a_second_look_saves(
        self, place, case, client
    ):
        plan(case, place.officer)
        client.force_login(place.office)
        mine = SAID | {"goal": "我写的目标", "version": case.version - 1}
        answer = client.post(self.url(case), mine)
        page = answer.content.decode()
        assert answer.status_code == 409 and "李雯" in page
        assert "我写的目标" in page and "现在的一生一案" in page and "本月返校" in page
        case.refresh_from_db()
        assert f'name="version" value="{case.version}"' in page
        client.post(self.url(case), mine | {"version": case.version})
        assert Plan.objects.get().goal == "我写的目标"

    @pytest.mark.parametrize("name", ["plan", "plan_task", "plan_task_done"])
    def test_a_reader_may_not_send(self, place, case, client, name):
        client.force_login(place.cadre)
        assert client.post(self.url(case, name), SAID | TASK | {"version": 1}).status_code == 403
        assert client.get(self.url(case)).status_code == 200

    def test_out_of_reach_is_nowhere(self, place, case, client):
        client.force_login(place.neighbour)
        assert client.get(self.url(case)).status_code == 404
        court = make.user(Role.COURT, place.region)
        client.force_login(court)
        assert client.get(self.url(case)).status_code == 404


def test_a_task_for_somebody_with_an_account_is_theirs(place, case):
    teacher = make.user(Role.TEACHER, place.school_class, name="王建华")
    label = f"王建华（{place.school_class.school.name} {place.school_class.label(ON)} 班主任）"
    assert label in offered(case.uid, place.officer)
    assert task(case, place.officer, who=label).user == teacher
    assert task(case, place.officer, who="王建华").user is None


def offered(uid, by) -> str:
    client = Client()
    client.force_login(by)
    return client.get(reverse("cases:plan", args=[uid])).content.decode()
