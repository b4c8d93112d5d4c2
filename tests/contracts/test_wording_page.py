"""文本和目标: a county's own wording on the page, what it moves, and what it may not."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from contracts import wording
from contracts.enums import ContractState, Link
from contracts.models import Contract
from contracts.rules import texts
from tests.contracts.contract_county import TODAY, YEAR, build

pytestmark = pytest.mark.django_db
URL = reverse("contracts:wording", args=[Link.BUREAU_SCHOOL])


@pytest.fixture
def county(settings):
    settings.KONGCHUO_TODAY = TODAY
    return build()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stands(county) -> texts.Wording:
    return wording.Wordings(county.county.path, YEAR, TODAY).of(Link.BUREAU_SCHOOL)


def sheet(county, **said) -> dict:
    """The form as the page shows it, one more target named, and what `said` changes."""
    now = stands(county)
    rows = [*now.targets, texts.target("", "控辍培训", "2", "次", "示例教发〔2026〕8号")]
    filled = {
        "title": now.title, "clauses": "\n".join(now.duties), "support": "",
        "seen": texts.digest(now), "target-INITIAL_FORMS": str(len(now.targets)),
        "target-TOTAL_FORMS": str(len(rows)),
    }  # fmt: skip
    for number, row in enumerate(rows):
        filled |= {f"target-{number}-{name}": value for name, value in row.items()}
    return filled | said


def test_what_is_saved_moves_drafts_and_leaves_what_is_issued(county):
    county.draft()
    county.issue()
    issued = {one.uid: (one.text, one.targets) for one in Contract.objects.all()}
    draft = Contract.objects.filter(link=Link.BUREAU_SCHOOL).first()
    Contract.objects.filter(pk=draft.pk).update(
        state=ContractState.DRAFT, text="", issued_on=None, issued_by=None, due_on=None
    )
    client = client_of(county.by(Role.BUREAU))
    answer = client.post(URL, sheet(county, title="学校控辍责任书（本县）"))
    assert (
        answer.status_code == 302
        and "已保存。拟稿" in client.get(answer["Location"]).content.decode()
    )
    draft.refresh_from_db()
    assert draft.title == "学校控辍责任书（本县）"
    assert [one["label"] for one in draft.targets][-1] == "控辍培训"
    for one in Contract.objects.exclude(pk=draft.pk):
        assert (one.text, one.targets) == issued[one.uid]
    page = client.get(answer["Location"]).content.decode()
    assert "本县自己的文本" in page and "控辍培训" in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"clauses": ""}, "这一项不能为空。"),
        ({"target-0-value": "做好"}, "的目标要写出数字"),
        ({"target-0-value": ""}, "请写数值。"),
        ({"target-3-source": ""}, "请写出处"),
        ({"target-3-label": ""}, "请写目标名称。"),
        ({"seen": "0" * 64}, "同事改过这份文本"),
    ],
)
def test_what_cannot_stand_is_said_and_nothing_is_saved(county, said, sentence):
    answer = client_of(county.by(Role.BUREAU)).post(URL, sheet(county, **said))
    assert answer.status_code == 409 and sentence in answer.content.decode()
    assert stands(county) == texts.WORDINGS[Link.BUREAU_SCHOOL]


def test_the_name_of_a_standing_target_is_not_typed_away(county):
    """Under another key the rate could be written down; the form takes what stands."""
    url = reverse("contracts:wording", args=[Link.COUNTY_BUREAU])
    now = wording.Wordings(county.county.path, YEAR, TODAY).of(Link.COUNTY_BUREAU)
    filled = {
        "title": now.title, "clauses": "守土有责。", "target-INITIAL_FORMS": "2",
        "target-TOTAL_FORMS": "2",
    }  # fmt: skip
    for number, row in enumerate(now.targets):
        filled |= {f"target-{number}-{name}": value for name, value in row.items()}
    loose = {"target-0-key": "other", "target-0-value": "≥ 90"}
    answer = client_of(county.by(Role.BUREAU)).post(url, filled | loose)
    assert answer.status_code == 409 and "巩固率目标不能低于" in answer.content.decode()
    kept = client_of(county.by(Role.BUREAU)).post(url, filled | {"target-0-value": "≥ 99.5"})
    assert kept.status_code == 302


def test_a_link_there_is_none_of_is_not_found(county):
    client = client_of(county.by(Role.BUREAU))
    assert client.get(reverse("contracts:wording", args=["nobody"])).status_code == 404
