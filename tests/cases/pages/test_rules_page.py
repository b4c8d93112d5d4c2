"""Clauses the county registers: a fine names its body, and the page of the rules shows it all."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Change
from cases import legal_basis
from regions.models import LegalBasis
from regions.refusals import Refused
from tests.cases.case_county import ON, county

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pinned_day(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def world():
    return county()


CLAUSE = {
    "issuer": "自治县人大", "article": "第二十条", "text": "可处罚款", "valid_from": date(2020, 1, 1),
    "verified_by": "县司法局", "allows_fine": True, "competent": "乡镇人民政府", "fine_max": Decimal(1000),
}  # fmt: skip


def test_the_county_registers_a_clause_that_names_its_body(world):
    basis = legal_basis.register("某自治县义务教育条例", by=world.bureau, on=ON, **CLAUSE)
    assert (basis.region, basis.competent) == (world.region, "乡镇人民政府")
    assert (basis.verified_by, basis.entered_by) == ("县司法局", world.bureau.username)
    assert Change.objects.get(verb="bases.register").by == world.bureau
    with pytest.raises(Refused, match="已经登记过"):
        legal_basis.register("某自治县义务教育条例", by=world.county_office, on=ON, **CLAUSE)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"competent": " "}, "写明有权机关"),
        ({"fine_max": None}, "罚款上限"),
        ({"fine_min": Decimal(2000)}, "下限高于上限"),
        ({"valid_to": date(2019, 1, 1)}, "失效日期早于生效日期"),
    ],
)
def test_a_clause_that_cannot_carry_a_fine_is_refused(world, wrong, said):
    with pytest.raises(Refused, match=said):
        legal_basis.register("某条例", by=world.bureau, on=ON, **(CLAUSE | wrong))


def test_a_township_registers_no_law(world):
    with pytest.raises(Refused, match="县教育体育局或县控辍保学专班"):
        legal_basis.register("某条例", by=world.officer, on=ON, **CLAUSE)


POSTED = {
    "title": "某自治县义务教育条例", "issuer": "自治县人大", "article": "第二十条", "text": "可处罚款",
    "valid_from": "2020-01-01", "valid_to": "", "allows_fine": "yes", "competent": "乡镇人民政府",
    "fine_min": "", "fine_max": "1000", "verified_by": "县司法局",
}  # fmt: skip


def page_of(client, user, **posted):
    client.force_login(user)
    return client.post("/rules/", posted) if posted else client.get("/rules/")


def test_everybody_reads_the_rules_and_what_is_missing_for_a_fine(client, world):
    for who in (world.teacher, world.cadre, world.officer, world.bureau):
        said = page_of(client, who).content.decode()
        assert "第四步（提起诉讼）" in said and "义务教育法 第58条" in said
        assert "没有可罚款的法律依据，第三步（行政处罚）不能进入" in said
        assert ("登记法律依据" in said) == (who == world.bureau)


def test_a_registered_clause_stands_in_the_list_and_the_warning_goes(client, world):
    assert page_of(client, world.county_office, **POSTED).status_code == 302
    said = " ".join(page_of(client, world.officer).content.decode().split())
    assert "某自治县义务教育条例 第二十条" in said and "至多 1000 元" in said
    assert "不能进入" not in said


def test_a_refused_clause_keeps_the_input_and_says_why(client, world):
    answer = page_of(client, world.bureau, **(POSTED | {"competent": ""}))
    assert answer.status_code == 409 and not LegalBasis.objects.exists()
    assert "须写明有权机关" in answer.content.decode() and "可处罚款" in answer.content.decode()


def test_who_may_only_read_gets_a_403_with_a_sentence(client, world):
    answer = page_of(client, world.officer, **POSTED)
    assert answer.status_code == 403 and "登记" in answer.content.decode()
