"""Paths: where something stands, as a string whose prefixes are the places above it.

A path is made of the rows' own numbers, never of codes, so it survives a renamed or merged code.
Segments have fixed width, so a prefix is always a whole place. `inside` is a range, never LIKE:
LIKE 'x%' scans unless the collation is C, a range is an index scan under both databases.
"""

from collections.abc import Iterable

from django.db.models import Q


def region_segment(pk: int) -> str:
    return f"{pk:06d}"


def school_segment(pk: int) -> str:
    return f"S{pk:06d}"


def class_segment(pk: int) -> str:
    return f"C{pk:06d}"


SEGMENT = 6
COUNTY, TOWNSHIP = 3 * SEGMENT, 4 * SEGMENT


def ancestors(path: str) -> list[str]:
    """Every region above `path`, itself included when it is a region."""
    regions = path.split("S", 1)[0]
    return [regions[:end] for end in range(SEGMENT, len(regions) + 1, SEGMENT)]


def county_of(path: str) -> str:
    """The path of the county that `path` lies in (province, prefecture and county always stand)."""
    return path[:COUNTY]


def township_of(path: str) -> str:
    return path[:TOWNSHIP]


def common(paths: Iterable[str]) -> str:
    """The path of the narrowest place that holds all of `paths`; "" for none, or for no such place."""
    known = set(paths)
    if not known:
        return ""
    whole = [_places(path) for path in known]
    shared = ""
    for places in zip(*whole, strict=False):
        if len(set(places)) > 1:
            break
        shared = places[0]
    return shared


def _places(path: str) -> list[str]:
    """The path of every place on the way down to `path`, school and class included."""
    starts = [*range(0, len(path.split("S", 1)[0]), SEGMENT)]
    starts += [at for at, letter in enumerate(path) if letter in "SC"]
    return [path[:end] for end in [*starts[1:], len(path)]]


def at_or_around(field: str, path: str) -> Q:
    """Rows whose `field` is at `path`, below it, or a place above it."""
    return inside(field, path) | Q(**{f"{field}__in": ancestors(path)})


def after(path: str) -> str:
    """The first string behind everything that starts with `path`."""
    return path[:-1] + chr(ord(path[-1]) + 1)


def inside(field: str, path: str) -> Q:
    """Rows whose `field` is at `path` or below it."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": after(path)})


def inside_any(field: str, paths: Iterable[str]) -> Q:
    """Rows at or below one of `paths`; none of them for no path."""
    chosen = Q(pk__in=[])
    for path in paths:
        chosen |= inside(field, path)
    return chosen


def covers(path: str, other: str) -> bool:
    """Is `other` at `path` or below it? An unknown place ("") covers nothing."""
    return bool(path) and other.startswith(path)
