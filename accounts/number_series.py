"""文号: numbers without gaps, per body, kind and year; and the sign a body's numbers carry."""

from accounts.models import NumberSeries
from regions.models import Region
from regions.paths import COUNTY, county_of

SUFFIXES = ("自治县", "民族乡", "街道", "镇", "乡", "县", "市", "区")


def next_number(body_path: str, kind: str, year: int) -> int:
    """The next number of a series. The row is the lock: call it last, inside the transaction that
    uses the number, so that what rolls back gives it back."""
    NumberSeries.objects.bulk_create(
        [NumberSeries(body_path=body_path, kind=kind, year=year)], ignore_conflicts=True
    )
    series = NumberSeries.objects.select_for_update().get(body_path=body_path, kind=kind, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def body_sign(path: str) -> str:
    """澜屏 for the county, 澜白水 for a township of it."""
    county, *below = Region.objects.filter(path__in=[county_of(path), path]).order_by("path")
    if len(path) == COUNTY or not below:
        return _bare(county.name)
    return county.name[0] + _bare(below[0].name)


def _bare(name: str) -> str:
    suffix = next((end for end in SUFFIXES if name.endswith(end) and len(name) > len(end)), "")
    return name.removesuffix(suffix)
