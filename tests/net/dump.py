"""Writes a dump: commands/, and pages/<account>/ with one file for each address."""

import json
import sys
import time
from collections import Counter
from pathlib import Path

from tests.net import commands, crawl
from tests.net.county import PUPILS, County, built
from tests.net.normalise import pretty_json

# Accounts beside the one of each role: the cases of the demo lie with five townships.
ALSO = ("xiang2", "xiang3", "xiang4", "xiang5")
ADDRESSES = "addresses.json"
ELSEWHERE = "_elsewhere.txt"


def dump(
    out: Path, *, like: Path | None = None, pupils: int = PUPILS, each: int = crawl.EACH
) -> None:
    """Fill `out`, which must be empty or absent; `like` is a dump whose addresses are opened again."""
    if out.exists() and any(out.iterdir()):
        raise SystemExit(f"{out} is not empty: name another folder or remove it.")
    asked = json.loads((like / ADDRESSES).read_text("utf-8")) if like else None
    out = out.resolve()
    began = time.monotonic()
    with built(pupils) as county:
        _say(f"county built in {time.monotonic() - began:.0f} s")
        for name, text in commands.answers(county):
            _write(out / "commands" / name, text)
        opened = _pages(out, county, asked, each)
    _write(out / ADDRESSES, pretty_json(json.dumps(opened)))
    files = sum(1 for file in out.rglob("*") if file.is_file())
    _say(f"{files} files in {time.monotonic() - began:.0f} s: {out}")


def _pages(out: Path, county: County, asked: dict | None, each: int) -> dict[str, list[str]]:
    """Every account's pages; the addresses opened, by account."""
    from django.contrib.auth import get_user_model

    known = set(get_user_model().objects.values_list("username", flat=True))
    accounts = [*county.accounts.values(), *(also for also in ALSO if also in known)]
    opened: dict[str, list[str]] = {}
    visitors = {name: crawl.Visitor(name) for name in [crawl.ANONYMOUS, *accounts]}
    for name, visitor in visitors.items():
        addresses = asked.get(name, []) if asked is not None else None
        opened[name] = _pages_of(visitor, out / "pages" / name, addresses, each)
    _say_uncovered(opened)
    samples = _samples(asked or opened)
    for name, visitor in visitors.items():
        text = "".join(_elsewhere(visitor, samples, opened[name]))
        _write(out / "pages" / name / ELSEWHERE, text)
    return opened


def _pages_of(
    visitor: crawl.Visitor, folder: Path, asked: list[str] | None, each: int
) -> list[str]:
    if asked is None:
        pages = crawl.walk(visitor, crawl.first_addresses(), each)
    else:
        pages = ((address, visitor.open(address)) for address in asked)
    statuses: Counter = Counter()
    opened = []
    for address, page in pages:
        _write(folder / crawl.file_name(address, page.kind), page.text)
        opened.append(address)
        statuses[str(page.status)] += 1
    _say(f"{folder.name}: {dict(sorted(statuses.items()))}")
    return sorted(opened)


def _samples(opened: dict[str, list[str]]) -> list[str]:
    """Two addresses of each URL pattern, for those who were not led there."""
    by_route: dict[str, set[str]] = {}
    for address in (address for addresses in opened.values() for address in addresses):
        route, part, keys = crawl.pattern_of(address)
        if not part and not keys:
            by_route.setdefault(route, set()).add(address)
    return sorted(address for found in by_route.values() for address in sorted(found)[:2])


def _elsewhere(visitor: crawl.Visitor, samples: list[str], opened: list[str]):
    """A line for each address that no link led this account to: what the portal answers."""
    for address in sorted(set(samples) - set(opened)):
        page = visitor.open(address)
        yield f"{page.status} {address}\n"


def _say_uncovered(opened: dict[str, list[str]]) -> None:
    reached = {crawl.pattern_of(a)[0] for addresses in opened.values() for a in addresses}
    missed = sorted(set(crawl.routes()) - reached)
    _say(f"address patterns that no link led to: {', '.join(missed) or 'none'}")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
