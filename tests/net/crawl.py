"""Every page a person can reach by links, asked for over HTTP by Django's test client.

Each request runs in a transaction that is rolled back, so that no page depends on what was opened
before it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from tests.net.normalise import cells_of, pretty_json, settled

EACH = 4  # pages of one address pattern and one set of query keys, for each account
ANONYMOUS = "anonymous"
KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Location", "Cache-Control", "Allow",
                "HX-Redirect", "HX-Trigger", "X-Frame-Options", "Content-Security-Policy",
                "Retry-After")  # fmt: skip
HX = "hx "  # before the address of a part that htmx asks for
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Page:
    """One answer: its status, what the dump keeps of it, and where it leads."""

    def __init__(self, status: int | str, text: str, kind: str, links: set[str]) -> None:
        self.status, self.text, self.kind, self.links = status, text, kind, links


class Visitor:
    """One account's browser; each request starts from the same fresh session."""

    def __init__(self, username: str) -> None:
        from django.contrib.auth import get_user_model
        from django.test import Client

        self.client = Client()
        if username != ANONYMOUS:
            user = get_user_model().objects.get(username=username)
            self.client.force_login(user, backend=BACKEND)
        self.session = dict(self.client.cookies)

    def open(self, address: str) -> Page:
        """GET an address; what the page wrote is rolled back."""
        from django.db import transaction

        self.client.cookies.clear()
        self.client.cookies.update(self.session)
        headers = {"HX-Request": "true"} if address.startswith(HX) else {}
        with transaction.atomic():
            try:
                response = self.client.get(address.removeprefix(HX), headers=headers)
                content = b"".join(response) if response.streaming else response.content
            except Exception as fault:  # a page that breaks is a finding, not the end of the dump
                return Page("500", f"{type(fault).__name__}: {settled(str(fault))}\n", "txt", set())
            finally:
                transaction.set_rollback(True)
        return _page(address.removeprefix(HX), response, content)


def _page(address: str, response, content: bytes) -> Page:
    kind, text, links = _body(address, response.get("Content-Type", ""), content)
    lines = [f"status: {response.status_code}"]
    lines += [f"{name}: {_header(response, name)}" for name in KEPT_HEADERS if name in response]
    if location := response.get("Location"):
        links |= set(_in_site(address, [location]))
    head = settled("\n".join(lines))
    text = settled(text, response.get("X-Request-ID", ""))
    return Page(response.status_code, f"{head}\n\n{text}", kind, links)


def _header(response, name: str) -> str:
    """A header's value; the directives of a policy, written in any order, are sorted."""
    value = response[name]
    return "; ".join(sorted(value.split("; "))) if name == "Content-Security-Policy" else value


def _body(address: str, content_type: str, content: bytes) -> tuple[str, str, set[str]]:
    if content_type.startswith("text/html"):
        html = content.decode()
        return "html", html, set(_links(address, html))
    if "json" in content_type:
        return "json", pretty_json(content.decode()), set()
    if content_type.startswith("text/"):
        return "txt", content.decode("utf-8", "replace"), set()
    if content_type.endswith("spreadsheetml.sheet"):
        return "xlsx.txt", cells_of(content), set()
    return "bin.txt", f"{len(content)} bytes, sha256 {_digest(content)}\n", set()


def _digest(content: bytes) -> str:
    """In two halves, for 64 characters in one are taken for something volatile."""
    whole = sha256(content).hexdigest()
    return f"{whole[:32]} {whole[32:]}"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.found += [given[name] for name in ("href", "src") if given.get(name)]
        if given.get("hx-get"):
            self.found.append(HX + given["hx-get"])
        if tag == "form" and (given.get("method") or "get").lower() == "get":
            self.found.append(given.get("action") or "")


def _links(address: str, html: str) -> Iterator[str]:
    reader = _Links()
    reader.feed(html)
    return _in_site(address, reader.found)


def _in_site(address: str, links: Iterable[str]) -> Iterator[str]:
    """The links that lead to pages of the portal, each written one way."""
    from django.conf import settings

    for link in links:
        part = HX if link.startswith(HX) else ""
        url = urlsplit(urljoin(f"http://testserver{address}", link.removeprefix(part)))
        if url.netloc == "testserver" and not url.path.startswith(
            f"/{settings.STATIC_URL.strip('/')}/"
        ):
            pairs = parse_qsl(url.query, keep_blank_values=True)
            query = urlencode(sorted(pairs, key=lambda pair: pair[0]))
            yield f"{part}{quote(unquote(url.path))}{'?' if query else ''}{query}"


def first_addresses() -> list[str]:
    """Home, and every named address that needs no argument."""
    from django.urls import get_resolver

    return sorted({"/", *_plain(get_resolver(), ())})


def _plain(resolver, spaces: tuple[str, ...]) -> Iterator[str]:
    from django.urls import NoReverseMatch, reverse

    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from _plain(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif entry.name:
            try:
                yield reverse(":".join((*spaces, entry.name)))
            except NoReverseMatch:
                continue


def pattern_of(address: str) -> tuple:
    """What makes two addresses the same kind of page: the URL pattern and the query's keys."""
    from django.urls import Resolver404, resolve

    url = urlsplit(address.removeprefix(HX))
    try:
        route = resolve(unquote(url.path)).route
    except Resolver404:
        route = "nowhere"
    keys = tuple(key for key, _ in parse_qsl(url.query, keep_blank_values=True))
    return route, address.startswith(HX), keys


def _shuffled(addresses: Iterable[str]) -> list[str]:
    """An order that depends on the addresses alone, and not on where the links stand."""
    return sorted(addresses, key=lambda address: (sha256(address.encode()).digest(), address))


def walk(visitor: Visitor, start: Iterable[str], each: int = EACH) -> Iterator[tuple[str, Page]]:
    """The pages from `start` on, level by level, at most `each` of a pattern."""
    seen: set[str] = set()
    opened: Counter = Counter()
    level = _shuffled(start)
    first = True
    while level:
        found: set[str] = set()
        for address in level:
            pattern = pattern_of(address)
            if not first and opened[pattern] >= each:
                continue
            seen.add(address)
            opened[pattern] += 1
            page = visitor.open(address)
            found |= page.links
            yield address, page
        level, first = _shuffled(found - seen), False


def file_name(address: str, kind: str) -> str:
    """A file name that reads like the address."""
    plain = unquote(address.removeprefix(HX)).strip("/")
    name = re.sub(r"[/\\:*\s]+", ".", plain) or "home"
    if address.startswith(HX):
        name += "+hx"
    if len(name.encode()) > 180:
        name = f"{name[:50]}~{sha256(name.encode()).hexdigest()[:12]}"
    return f"{name}.{kind}"


def routes(resolver=None, before: str = "") -> Iterator[str]:
    """Every URL pattern as `resolve` names it."""
    from django.urls import get_resolver

    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from routes(entry, route)
        else:
            yield route
