"""责任书 through the database: drafted, issued, signed, signed anew, and every refusal."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Attachment, Change
from accounts.versions import Conflict
from contracts import contracts, wording
from contracts.enums import ContractState, Link, Side
from contracts.models import Contract, ContractChoice, Signature
from contracts.rules.texts import target
from regions.enums import SchoolKind
from regions.models import Policy
from regions.refusals import Refused
from tests import factories as make
from tests.contracts.contract_county import DUE, TODAY, YEAR, build, leave, rows

pytestmark = pytest.mark.django_db


# Drafting


def test_both_lines_are_drafted_each_by_its_own_office(county):
    found = sorted(Contract.objects.values_list("link", flat=True))
    assert found == sorted(
        ["county_township"] * 2
        + ["township_village"] * 2
        + ["county_bureau"]
        + ["bureau_school"] * 2
    )
    assert Change.objects.filter(verb="contracts.draft").count() == len(found)


def test_each_hangs_under_what_its_upper_side_signed(county):
    village = county.of(Link.TOWNSHIP_VILLAGE, county.villages[1])
    assert village.parent == county.of(Link.COUNTY_TOWNSHIP, county.townships[1])
    school = county.of(Link.BUREAU_SCHOOL, county.schools[0])
    assert school.parent == county.of(Link.COUNTY_BUREAU)
    assert not Contract.objects.filter(veto=True).exists()


def test_drafting_again_leaves_what_stands(county):
    before = rows()
    county.draft()
    assert rows() == before


def test_a_township_drafts_its_own_villages_only(settings):
    settings.KONGCHUO_TODAY = TODAY
    county = build()
    township = county.by(Role.TOWNSHIP, county.townships[0])
    assert contracts.draft_year(county.county, YEAR, by=township, on=TODAY) == 1
    assert Contract.objects.get().lower_path == county.villages[0].path


def test_parents_drafted_later_are_hung_above(settings):
    settings.KONGCHUO_TODAY = TODAY
    county = build()
    township = county.by(Role.TOWNSHIP, county.townships[0])
    contracts.draft_year(county.county, YEAR, by=township, on=TODAY)
    county.draft()
    village = county.of(Link.TOWNSHIP_VILLAGE, county.villages[0])
    assert village.parent == county.of(Link.COUNTY_TOWNSHIP, county.townships[0])


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TEACHER, Role.VILLAGE, Role.CENTRAL])
def test_nobody_else_drafts(county, role):
    user = next(u for (held, _), u in county.people.items() if held is role)
    with pytest.raises(Refused, match="不能起草"):
        contracts.draft_year(county.county, YEAR, by=user, on=TODAY)


def test_only_this_year_and_the_next_are_drafted(county):
    with pytest.raises(Refused, match="只能起草"):
        contracts.draft_year(county.county, 2024, by=county.by(Role.BUREAU), on=TODAY)


def test_a_teaching_point_is_in_its_central_schools(county):
    make.school("5399010009", kind=SchoolKind.TEACHING_POINT, primary=2, junior=0,
                led_by=county.schools[0])  # fmt: skip
    county.draft()
    assert Contract.objects.filter(link="bureau_school").count() == 2


def test_teachers_sign_only_when_the_county_says_so(county):
    principal, bureau = county.by(Role.PRINCIPAL, county.schools[0]), county.by(Role.BUREAU)
    draft = {"by": principal, "on": TODAY}
    assert contracts.draft_year(county.county, YEAR, **draft) == 0
    chosen = {"veto": False, "source": "澜政办发〔2026〕31号", "by": bureau, "on": TODAY}
    wording.choose(county.county.path, per_teacher=True, version=0, **chosen)
    assert contracts.draft_year(county.county, YEAR, **draft) == 1
    teachers = county.of(Link.SCHOOL_TEACHER)
    assert teachers.parent == county.of(Link.BUREAU_SCHOOL, county.schools[0])
    wording.choose(county.county.path, per_teacher=False, version=1, **chosen)
    with pytest.raises(Refused, match="没有要求"):
        contracts.issue([teachers.uid], by=principal, on=TODAY, due_on=DUE)


# What a county chooses


def test_a_choice_needs_its_document_the_right_and_the_version_seen(county):
    path, bureau = county.county.path, county.by(Role.BUREAU)
    on = {"per_teacher": False, "veto": True, "on": TODAY}
    with pytest.raises(Refused, match="文号"):
        wording.choose(path, source=" ", by=bureau, version=0, **on)
    with pytest.raises(Refused, match="县教育体育局定"):
        wording.choose(
            path, source="x", by=county.by(Role.TOWNSHIP, county.townships[0]), version=0, **on
        )
    wording.choose(path, source="澜政办发〔2026〕31号", by=bureau, version=0, **on)
    with pytest.raises(Conflict):
        wording.choose(path, source="别的", by=county.by(Role.COUNTY_OFFICE), version=0, **on)
    assert ContractChoice.objects.get().source == "澜政办发〔2026〕31号"
    with pytest.raises(IntegrityError), transaction.atomic():
        ContractChoice.objects.update(source="")


def test_a_countys_rate_is_its_policy_and_a_wording_may_not_be_looser(county):
    Policy.objects.create(region=county.county, key="consolidation_target", value="99.5",
                          since=date(2026, 9, 1), source="澜教发〔2026〕8号")  # fmt: skip
    own = wording.Wordings(county.county.path, YEAR, TODAY).of(Link.COUNTY_TOWNSHIP)
    assert ("≥ 99.5", "澜教发〔2026〕8号") in [(t["value"], t["source"]) for t in own.targets]
    told = {"title": "责任书", "clauses": "守土有责。", "support": "", "by": county.by(Role.BUREAU),
            "on": TODAY}  # fmt: skip
    for value, refused in (("≥ 99", True), ("≥ 99.6", False)):
        targets = [target("consolidation", "巩固率", value, "%")]
        if refused:
            with pytest.raises(Refused, match=r"不能低于 99\.5"):
                wording.write_template(
                    county.county.path, YEAR, Link.BUREAU_SCHOOL, targets=targets, **told
                )
        else:
            wording.write_template(
                county.county.path, YEAR, Link.BUREAU_SCHOOL, targets=targets, **told
            )
    assert wording.Wordings(county.county.path, YEAR, TODAY).of(Link.BUREAU_SCHOOL).duties == (
        "守土有责。",
    )


# Issuing


def test_issuing_freezes_the_text(issued):
    one = issued.of(Link.COUNTY_TOWNSHIP, issued.townships[0])
    assert one.state == ContractState.ISSUED and one.due_on == DUE and one.issued_on == TODAY
    assert "甲方：澜屏县人民政府\n乙方：第1镇人民政府" in one.text
    assert "巩固率 ≥ 99 %（系统设定）" in one.text and "一票否决" not in one.text
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=one.pk).update(text="")


def test_a_veto_chosen_before_drafting_is_in_the_text(settings):
    settings.KONGCHUO_TODAY = TODAY
    county = build()
    wording.choose(county.county.path, per_teacher=False, veto=True, source="澜政办发〔2026〕31号",
                   by=county.by(Role.BUREAU), on=TODAY, version=0)  # fmt: skip
    county.draft()
    county.issue()
    assert "一票否决" in county.of(Link.COUNTY_BUREAU).text


@pytest.mark.parametrize(
    ("who", "link", "sentence"),
    [
        ((Role.TOWNSHIP, 0), Link.COUNTY_TOWNSHIP, "不能起草或签发"),
        ((Role.COUNTY_OFFICE, None), Link.BUREAU_SCHOOL, "不能起草或签发"),
        ((Role.BUREAU, None), Link.TOWNSHIP_VILLAGE, "不能起草或签发"),
        ((Role.VILLAGE, 0), Link.TOWNSHIP_VILLAGE, "不能起草或签发"),
        ((Role.TOWNSHIP, 1), Link.TOWNSHIP_VILLAGE, "管辖范围"),
    ],
)
def test_who_may_not_issue(county, who, link, sentence):
    role, number = who
    units = {Role.TOWNSHIP: county.townships, Role.VILLAGE: county.villages}
    user = county.by(role, units[role][number] if number is not None else None)
    lower = {Link.COUNTY_TOWNSHIP: county.townships, Link.BUREAU_SCHOOL: county.schools,
             Link.TOWNSHIP_VILLAGE: county.villages}[link][0]  # fmt: skip
    before = rows()
    with pytest.raises(Refused, match=sentence):
        contracts.issue([county.of(link, lower).uid], by=user, on=TODAY, due_on=DUE)
    assert rows() == before


def test_issuing_twice_none_or_for_yesterday_is_refused_whole(county):
    office = county.by(Role.COUNTY_OFFICE)
    first, second = (county.of(Link.COUNTY_TOWNSHIP, one) for one in county.townships)
    contracts.issue([first.uid], by=office, on=TODAY, due_on=DUE)
    before = rows()
    for uids, due_on, sentence in (
        ([second.uid, first.uid], DUE, "已经签发"),
        ([], DUE, "没有要签发"),
        ([second.uid], TODAY - timedelta(days=1), "不能早于"),
        ([second.uid, "ZZZZZZZZZZ"], DUE, "管辖范围"),
    ):
        with pytest.raises(Refused, match=sentence):
            contracts.issue(uids, by=office, on=TODAY, due_on=due_on)
    assert rows() == before


# Signing


def test_signed_by_both_it_stands(issued):
    one = issued.of(Link.TOWNSHIP_VILLAGE, issued.villages[0])
    township, village = (
        issued.by(Role.TOWNSHIP, issued.townships[0]), issued.by(Role.VILLAGE, issued.villages[0])
    )  # fmt: skip
    issued.sign(one, village)
    assert one.state == ContractState.ISSUED
    issued.sign(one, township)
    assert (one.state, one.signed_on) == (ContractState.SIGNED, TODAY)
    signed = one.signatures.get(side=Side.LOWER)
    assert (signed.name, signed.post) == (village.name, "第1村村民委员会 村干部")
    assert Change.objects.filter(verb="contracts.sign", uid=one.uid).count() == 2


def test_only_the_very_seat_signs(issued):
    """The county office sits above the township, but does not sign for it; nor does the neighbour."""
    one = issued.of(Link.TOWNSHIP_VILLAGE, issued.villages[0])
    for user in (issued.by(Role.COUNTY_OFFICE), issued.by(Role.BUREAU)):
        with pytest.raises(Refused, match="岗位上"):
            contracts.sign(one.uid, by=user, on=TODAY)
    neighbour = issued.by(Role.TOWNSHIP, issued.townships[1])
    with pytest.raises(Contract.DoesNotExist):
        contracts.sign(one.uid, by=neighbour, on=TODAY)
    school = issued.of(Link.BUREAU_SCHOOL, issued.schools[0])
    for role in (Role.OFFICE, Role.CENTRAL):
        with pytest.raises(Refused, match="岗位上"):
            contracts.sign(school.uid, by=issued.by(role, issued.schools[0]), on=TODAY)
    assert not Signature.objects.exists()


def test_a_seat_left_yesterday_does_not_sign(issued):
    one = issued.of(Link.TOWNSHIP_VILLAGE, issued.villages[0])
    village = issued.by(Role.VILLAGE, issued.villages[0])
    leave(village, TODAY)
    contracts.sign(one.uid, by=village, on=TODAY)
    other = issued.by(Role.TOWNSHIP, issued.townships[0])
    leave(other, TODAY - timedelta(days=1))
    with pytest.raises((Refused, Contract.DoesNotExist)):
        contracts.sign(one.uid, by=other, on=TODAY)


def test_what_is_not_waiting_is_not_signed(county):
    one = county.of(Link.COUNTY_TOWNSHIP, county.townships[0])
    office, township = county.by(Role.COUNTY_OFFICE), county.by(Role.TOWNSHIP, county.townships[0])
    with pytest.raises(Refused, match="还没有签发"):
        contracts.sign(one.uid, by=township, on=TODAY)
    county.issue()
    contracts.sign(one.uid, by=township, on=TODAY)
    with pytest.raises(Refused, match="已经签过"):
        contracts.sign(one.uid, by=township, on=TODAY)
    colleague = make.user(Role.TOWNSHIP, county.townships[0], name="同事")
    with pytest.raises(Refused, match=f"乙方已由{township.name}在 11月19日"):
        contracts.sign(one.uid, by=colleague, on=TODAY)
    contracts.sign(one.uid, by=office, on=TODAY)
    with pytest.raises(Refused, match="双方都已签过"):
        contracts.sign(one.uid, by=colleague, on=TODAY)
    assert Signature.objects.count() == 2


def test_nobody_signs_both_sides(issued):
    one, office = issued.of(Link.COUNTY_BUREAU), issued.by(Role.COUNTY_OFFICE)
    make.seat(office, Role.BUREAU, issued.county)
    office = type(office).objects.get(pk=office.pk)
    assert contracts.sign(one.uid, by=office, on=TODAY).side == Side.UPPER
    with pytest.raises(Refused, match="不能由同一人签"):
        contracts.sign(one.uid, by=office, on=TODAY)


def test_the_database_holds_one_signature_a_side_and_one_contract_a_unit(issued):
    one = issued.of(Link.COUNTY_BUREAU)
    bureau = issued.by(Role.BUREAU)
    contracts.sign(one.uid, by=bureau, on=TODAY)
    signature = one.signatures.get()
    signature.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        signature.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.create(
            year=one.year, link=one.link, line=one.line, lower_path=one.lower_path
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=one.pk).update(state="signed")


# Scans


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("责任书.pdf", b"%PDF-1.4 scan")


def test_a_scan_is_laid_by_a_party_or_the_issuer(issued):
    one = issued.of(Link.TOWNSHIP_VILLAGE, issued.villages[0])
    for user in (issued.by(Role.VILLAGE, issued.villages[0]), issued.by(Role.COUNTY_OFFICE)):
        contracts.attach_scan(one.uid, file=scan(), by=user, on=TODAY)
    with pytest.raises(Refused, match="签署的一方"):
        contracts.attach_scan(one.uid, file=scan(), by=issued.by(Role.BUREAU), on=TODAY)
    text = SimpleUploadedFile("a.jpg", b"not a picture at all")
    with pytest.raises(Refused, match="只能附"):
        contracts.attach_scan(one.uid, file=text, by=issued.by(Role.COUNTY_OFFICE), on=TODAY)
    assert Attachment.objects.filter(kind="contract", uid=one.uid).count() == 2
    assert Change.objects.filter(verb="contracts.scan").count() == 2


def test_a_draft_takes_no_scan(county):
    one = county.of(Link.COUNTY_BUREAU)
    with pytest.raises(Refused, match="还没有签发"):
        contracts.attach_scan(one.uid, file=scan(), by=county.by(Role.BUREAU), on=TODAY)
