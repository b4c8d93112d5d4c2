"""Walks every page that a client can open by following links, and watches the rows each look leaves."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urljoin, urlsplit

from django.test import Client
from openpyxl import load_workbook

from accounts.enums import Access
from accounts.models import AccessLog

MOST_PAGES = 500
MOST_QUESTIONS = 6  # filters of a list multiply: so many questions are put to one address
# The register's ceiling is 8 statements and all 8 are reads: its row waits for a statement to spare.
LEAVES_NO_ROW = r"/register/\d+/[\d-]+/"


def text_of(response) -> str:
    """All a response says: a page with its markup, a workbook with every cell."""
    if "spreadsheet" in response.get("Content-Type", ""):
        book = load_workbook(BytesIO(response.content))
        cells = [
            str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value
        ]
        return "\n".join(cells)
    return response.getvalue().decode(errors="replace")


def crawl(client: Client, start: list[str]) -> Iterator[tuple[str, str]]:
    """(address, text) of every page that can be opened from `start` by following links."""
    waiting, seen, asked = ["/", *start], set(), Counter()
    while waiting:
        url = waiting.pop(0)
        path = urlsplit(url).path
        if url in seen or path.startswith("/static/") or asked[path] == MOST_QUESTIONS:
            continue
        seen.add(url)
        asked[path] += url != path
        assert len(seen) < MOST_PAGES, "the crawl does not come to an end"
        answer = client.get(url)
        if answer.status_code == 302:
            waiting.append(urljoin(url, answer["Location"]))
        assert answer.status_code in (200, 302, 403, 404, 405), f"{url}: {answer.status_code}"
        text = text_of(answer)
        yield url, text
        found = re.findall(r'(?:href|hx-get)="([^"#]+)"', text)
        waiting += [urljoin(url, link) for link in found if not link.startswith(("http", "data:"))]


class Rows:
    """Watches that a child's page leaves one row with the child, a list one row with its scope."""

    def __init__(self) -> None:
        self.counted, self.before = 0, AccessLog.objects.count()

    def faults(self, url: str, names_a_child: bool) -> list[str]:
        """What is wrong with the rows since the page before."""
        rows = list(AccessLog.objects.order_by("pk")[self.before :])
        self.before += len(rows)
        found = [(row.action, row.kind) for row in rows]
        wrong = []
        if names_a_child and not re.fullmatch(LEAVES_NO_ROW, url):
            self.counted += 1
            if len(rows) != 1 or not (rows[0].uid or rows[0].scope):
                wrong.append(f"{url}: left {found}")
        uid = re.fullmatch(r"/students/(\w{10})/", url)
        if uid and rows and (rows[0].action, rows[0].uid) != (Access.VIEW, uid[1]):
            wrong.append(f"{url}: left {found} of {rows[0].uid}")
        return wrong
