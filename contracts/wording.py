"""What a county chose: its own wording and targets, contracts with teachers, the veto."""

from datetime import date

from django.db import transaction

from accounts import history
from accounts.models import User
from accounts.versions import Conflict, save_version
from contracts.enums import ContractState, Link
from contracts.models import Contract, ContractChoice, ContractTemplate
from contracts.rights import CHOOSERS, NOT_CHOOSER
from contracts.rules import texts
from regions.days import policies_of
from regions.models import Region
from regions.paths import inside
from regions.refusals import Refused
from regions.rules.lengths import whole
from regions.rules.policies import Setting


def choice_of(county_path: str) -> ContractChoice:
    """The county's choice; without a row nothing is asked of teachers and no veto applies."""
    standing = ContractChoice.objects.filter(county_path=county_path).first()
    return standing or ContractChoice(county_path=county_path, version=0)


@transaction.atomic
def choose(
    county_path: str, *, per_teacher: bool, veto: bool, source: str, by: User, on: date,
    version: int,
) -> ContractChoice:  # fmt: skip
    """Switch contracts with teachers or the veto on or off. On needs the county's document."""
    if not by.reach.holds(*CHOOSERS, over=county_path):
        raise Refused(NOT_CHOOSER)
    if (per_teacher or veto) and not source.strip():
        raise Refused("请写明依据的县级文件文号。没有文件的，不签到班主任、不设一票否决。")
    chosen = {
        "per_teacher": per_teacher,
        "veto": veto,
        "source": whole(source.strip(), 120, "依据的文件"),
    }
    row = choice_of(county_path)
    before = {name: getattr(row, name) for name in chosen}
    if row.pk is None:
        ContractChoice.objects.bulk_create(
            [ContractChoice(county_path=county_path, version=0)], ignore_conflicts=True
        )
        row = ContractChoice.objects.get(county_path=county_path)
    if not save_version(row, version, **chosen):
        raise Conflict(choice_of(county_path), "同事", None)
    history.record(
        "contracts.choose",
        "contract_choice",
        county_path,
        path=county_path,
        by=by,
        on=on,
        before=before,
        after=chosen,
    )
    return row


class Wordings:
    """The wordings of a county and year, read once: its own where it has one, else the portal's."""

    def __init__(self, county_path: str, year: int, on: date) -> None:
        rows = ContractTemplate.objects.filter(county_path=county_path, year=year)
        self.own = {Link(row.link): row for row in rows}
        self.rate = policies_of(county_path).setting("consolidation_target", county_path, on)

    def of(self, link: Link) -> texts.Wording:
        standard = texts.WORDINGS[link]
        own = self.own.get(link)
        if own is None:
            targets = tuple(self._with_rate(one) for one in standard.targets)
            return texts.Wording(standard.title, standard.duties, standard.support, targets)
        return texts.Wording(
            own.title, _lines(own.clauses), _lines(own.support), tuple(own.targets)
        )

    def _with_rate(self, one: texts.Target) -> texts.Target:
        if one["key"] != texts.CONSOLIDATION:
            return one
        return one | {"value": f"≥ {self.rate.share}", "source": self.rate.source}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@transaction.atomic
def write_template(
    county_path: str, year: int, link: Link, *, title: str, clauses: str, support: str,
    targets: list[texts.Target], by: User, on: date, seen: str = "",
) -> ContractTemplate:  # fmt: skip
    """Give a link the county's own wording for a year; what is issued already keeps its text.

    Drafts not yet issued take the new title and targets. `seen` is `texts.digest` of the wording
    that was on the screen: if somebody wrote another since, nothing changes (Refused).
    """
    if not by.reach.holds(*CHOOSERS, over=county_path):
        raise Refused("责任书的文本由县控辍保学专班或县教育体育局定。")
    if not title.strip() or not _lines(clauses):
        raise Refused("标题和乙方责任都要写。")
    Region.objects.select_for_update().get(path=county_path)
    wordings = Wordings(county_path, year, on)
    if seen and seen != texts.digest(wordings.of(link)):
        raise Refused("你打开之后，同事改过这份文本。请刷新，看过再改。")
    _refuse_slack(targets, wordings.rate)
    row, _ = ContractTemplate.objects.update_or_create(
        county_path=county_path,
        year=year,
        link=link,
        defaults={
            "title": whole(title.strip(), 80, "标题"),
            "clauses": clauses,
            "support": support,
            "targets": targets,
        },
    )
    drafts = Contract.objects.of_year(year).filter(
        inside("lower_path", county_path), link=link, state=ContractState.DRAFT
    )
    drafts.update(title=row.title, targets=targets)
    history.record(
        "contracts.template",
        "contract_template",
        f"{year}-{link}",
        path=county_path,
        by=by,
        on=on,
        after={"title": row.title, "targets": targets},
        note=link.label,
    )
    return row


def _refuse_slack(targets: list[texts.Target], rate: Setting) -> None:
    """A county may ask for more than the level above, never for less; a target is a number."""
    for one in targets:
        if not texts.NUMBER.search(one["value"]):
            raise Refused(f"“{one['label']}”的目标要写出数字，例如 0、≥ 99。")
        if one["key"] == texts.CONSOLIDATION and texts.number(one["value"]) < float(rate.share):
            raise Refused(f"巩固率目标不能低于 {rate.share} %（{rate.source}）。")
