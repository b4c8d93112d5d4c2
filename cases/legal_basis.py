"""法律依据: which clause of the place lets which body fine. National law gives no fine."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from accounts import history
from accounts.enums import COUNTY_ROLES, Role
from accounts.models import User
from regions.models import LegalBasis, Region
from regions.paths import ancestors, county_of
from regions.refusals import Refused

BUREAU_NAME = "教育体育局"

COMPETENT = {
    Role.TOWNSHIP: {"乡镇人民政府", "乡（镇）人民政府", "乡级人民政府", "乡镇", "责任乡镇"},
    Role.BUREAU: {
        "县教育体育局", "县教育局", "教育体育局", "教育行政部门",
        "县级教育行政部门", "县级人民政府教育行政部门",
    },
}  # fmt: skip


def of_place(path: str):
    """Clauses of the nation and of the places at or above `path`, whenever in force."""
    return LegalBasis.objects.filter(Q(region=None) | Q(region__path__in=ancestors(path)))


def in_force(path: str, on: date):
    """Clauses of the nation and of the places at or above `path`, in force on a day."""
    lasting = Q(valid_to=None) | Q(valid_to__gte=on)
    return of_place(path).filter(lasting, valid_from__lte=on)


def fine_bases(body_path: str, on: date) -> list[LegalBasis]:
    """The clauses that allow a fine at a place on a day, the most specific place first."""
    rows = in_force(body_path, on).filter(allows_fine=True).select_related("region")
    return sorted(rows, key=lambda row: len(row.region.path) if row.region else 0, reverse=True)


def lets(basis: LegalBasis, role: Role, body: str) -> bool:
    """Does `basis` name this body, by its name or by its kind?"""
    return basis.competent == body or basis.competent in COMPETENT.get(role, set())


def fine_basis(body_path: str, role: Role, body: str, on: date) -> LegalBasis | None:
    """The clause under which this very body may fine on a day, or None."""
    return next((row for row in fine_bases(body_path, on) if lets(row, role, body)), None)


def cited(basis: LegalBasis) -> str:
    """《云澜县义务教育条例》第二十一条."""
    title = basis.title if basis.title.startswith("《") else f"《{basis.title}》"
    return f"{title}{basis.article}"


@transaction.atomic
def register(
    title: str,
    *,
    by: User,
    on: date,
    issuer: str,
    article: str,
    text: str,
    valid_from: date,
    valid_to: date | None = None,
    allows_fine: bool = False,
    competent: str = "",
    fine_min: Decimal | None = None,
    fine_max: Decimal | None = None,
    verified_by: str,
) -> LegalBasis:
    """Register a clause of the county, word for word, with who checked it against the gazette.

    One that allows a fine names the body that may impose it, and the most it may be.
    """
    paths = by.reach.paths(*COUNTY_ROLES)
    if not paths:
        raise Refused("法律依据由县教育体育局或县控辍保学专班登记。")
    if valid_to and valid_to < valid_from:
        raise Refused("失效日期早于生效日期，请核对。")
    if allows_fine and (not competent.strip() or fine_max is None):
        raise Refused("可罚款的依据，须写明有权机关和罚款上限（行政处罚法第38条）。")
    if fine_min is not None and fine_max is not None and fine_min > fine_max:
        raise Refused("罚款下限高于上限，请核对。")
    if LegalBasis.objects.filter(title=title, article=article, valid_from=valid_from).exists():
        raise Refused(f"{title}{article}已经登记过。")
    basis = LegalBasis.objects.create(
        region=Region.objects.get(path=county_of(paths[0])),
        title=title,
        issuer=issuer,
        article=article,
        text=text,
        valid_from=valid_from,
        valid_to=valid_to,
        allows_fine=allows_fine,
        competent=competent.strip() if allows_fine else "",
        fine_min=fine_min if allows_fine else None,
        fine_max=fine_max if allows_fine else None,
        verified_by=verified_by,
        entered_by=by.username,
    )
    history.record(
        "bases.register",
        "legal_basis",
        str(basis.pk),
        path=county_of(paths[0]),
        by=by,
        on=on,
        after={"title": title, "article": article, "allows_fine": allows_fine},
    )
    return basis


def body_name(role: Role, path: str) -> str:
    """澜屏县白水镇人民政府, …街道办事处, 澜屏县教育体育局: the body a seat issues papers for."""
    names = _names(path)
    if role is Role.BUREAU:
        return names[0] + BUREAU_NAME
    return "".join(names) + ("办事处" if names[-1].endswith("街道") else "人民政府")


def reviewer_name(path: str) -> str:
    """The county's government, which reviews what its townships and its bureau decide."""
    return _names(county_of(path))[0] + "人民政府"


def _names(path: str) -> list[str]:
    rows = Region.objects.filter(path__in=[county_of(path), path]).order_by("path")
    return list(rows.values_list("name", flat=True))
