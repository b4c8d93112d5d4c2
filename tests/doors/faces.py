"""The file doors as people and scripts meet them: pages through a browser's eyes, and commands.

Nothing here knows what stands behind a door. A page is read as a browser reads it: its form takes
the file, the next page's form confirms. A command is run by name; its one JSON object is its answer.
"""

import json
import re
import traceback
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.http import HttpResponse
from django.test import Client

from accounts.models import User

SAYS_DONE = re.compile(r"已导入|已录入|已提交：")
SAYS_ALREADY = re.compile(r"已(由[^，。]{1,40})?导入[^。]*没有重复|没有重复导入|已导入过")
COUNTS = ("rows", "created", "updated", "unchanged")


@dataclass(frozen=True)
class File:
    """A file on somebody's disk."""

    name: str
    content: bytes

    def named(self, name: str) -> "File":
        return File(name, self.content)


@dataclass
class Answer:
    """What a door said. `status` is HTTP's, or 0 and 1 for a command; `crash` is a traceback."""

    status: int
    text: str
    applied: bool = False
    crash: str = ""
    json: dict = field(default_factory=dict)

    @property
    def already(self) -> bool:
        """Does it say that this file was brought in before?"""
        return not self.crash and SAYS_ALREADY.search(self.text) is not None

    @property
    def rejected(self) -> list[dict]:
        return self.json.get("rejected", [])

    @property
    def counts(self) -> dict[str, int]:
        return {key: self.json[key] for key in COUNTS if key in self.json}

    def cells(self) -> set[tuple[int, str]]:
        """(row, column) of each rejection of a command."""
        return {(one["row"], one["column"]) for one in self.rejected}


class _Forms(HTMLParser):
    """The forms of a page with their named inputs, and the words a person sees."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.forms: list[dict] = []
        self.words: list[str] = []
        self._hidden = 0
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("script", "style", "title"):
            self._hidden += 1
        if tag == "form":
            method, action = (given.get("method") or "get").lower(), given.get("action") or ""
            self.forms.append({"method": method, "action": action, "fields": {}, "file": ""})
            self._open = True
        if self._open and tag in ("input", "select", "textarea") and given.get("name"):
            kind = (given.get("type") or "").lower()
            if kind == "file":
                self.forms[-1]["file"] = given["name"]
            elif kind not in ("checkbox", "radio", "submit"):
                self.forms[-1]["fields"][given["name"]] = given.get("value") or ""

    def handle_endtag(self, tag):
        if tag in ("script", "style", "title"):
            self._hidden -= 1
        if tag == "form":
            self._open = False

    def handle_data(self, data):
        if not self._hidden and data.strip():
            self.words.append(" ".join(data.split()))


def seen(html: str) -> str:
    """The words of a page, without its tags."""
    return " ".join(_Forms(html).words)


@dataclass
class Preview:
    """A file that was sent up: what the page shows, and the form that would apply it, if any."""

    answer: Answer
    address: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def offers(self) -> bool:
        return bool(self.address)


@dataclass(frozen=True)
class Page:
    """A door with a page: upload, preview, confirm."""

    address: str

    def upload(self, client: Client, file: File, **fields: str) -> Preview:
        sent = SimpleUploadedFile(file.name or "x", file.content)
        sent.name = file.name  # as a hostile client may name it
        try:
            response = client.post(self.address, {"file": sent, **fields}, follow=True)
        except Exception:
            return Preview(Answer(500, "", crash=traceback.format_exc()))
        answer = _answer(response)
        form = None if answer.crash else self._confirms(response)
        if form is None:
            return Preview(answer)
        here = response.request["PATH_INFO"]
        return Preview(answer, form["action"] or here, form["fields"])

    def _confirms(self, response: HttpResponse) -> dict | None:
        """The form after an upload that takes no file and is not the frame's own."""
        for form in _Forms(response.content.decode()).forms:
            if form["method"] == "post" and not form["file"] and "logout" not in form["action"]:
                return form
        return None

    def confirm(self, client: Client, preview: Preview, **fields: str) -> Answer:
        """Press the button of the preview; `fields` are what else was ticked."""
        try:
            response = client.post(preview.address, preview.fields | fields, follow=True)
        except Exception:
            return Answer(500, "", crash=traceback.format_exc())
        answer = _answer(response)
        done = SAYS_DONE.search(answer.text) is not None and not answer.already
        answer.applied = response.status_code < 400 and done
        return answer


def _answer(response: HttpResponse) -> Answer:
    if "html" not in response.headers.get("Content-Type", ""):
        return Answer(response.status_code, "")
    text = seen(response.content.decode())
    crash = f"HTTP {response.status_code}: {text[:400]}" if response.status_code >= 500 else ""
    return Answer(response.status_code, text, crash=crash)


@dataclass(frozen=True)
class Command:
    """A door for scripts. `applies` says that it has no dry run."""

    name: str | BaseCommand
    applies: bool = False
    options: tuple[str, ...] = ()

    def run(
        self, file: Path | str, by: User | str, *, apply: bool = False, more: tuple[str, ...] = ()
    ) -> Answer:
        given = [str(file), "--by", getattr(by, "username", by), *self.options, *more]
        if apply and not self.applies:
            given.append("--apply")
        out, err = StringIO(), StringIO()
        try:
            call_command(self.name, *given, stdout=out, stderr=err)
            refused = ""
        except CommandError as refusal:
            refused = str(refusal)
        except Exception:
            return Answer(1, out.getvalue(), crash=traceback.format_exc())
        return self._read(out.getvalue(), err.getvalue() + refused, bool(refused), apply)

    def _read(self, out: str, said: str, refused: bool, apply: bool) -> Answer:
        answer = Answer(int(refused), f"{out}{said}")
        if out.strip():
            try:
                answer.json = json.loads(out)
            except ValueError:
                answer.crash = f"stdout is no JSON object: {out[:200]!r}"
                return answer
        applied = answer.json.get("applied", bool(answer.json))
        took = bool(applied) and "already" not in answer.json
        answer.applied = took and not refused and (apply or self.applies)
        return answer


@dataclass(frozen=True)
class Door:
    """One kind of file: who brings it, through which faces, from which seed."""

    name: str
    role: str
    command: Command
    page: Page | None = None


def browser(user: User) -> Client:
    """A browser in which this user is logged in."""
    client = Client()
    client.force_login(user)
    return client


DOORS = {
    door.name: door
    for door in (
        Door("places", "admin", Command("import_places"), Page("/bring/places/")),
        Door("users", "admin", Command("import_users"), Page("/bring/users/")),
        Door("calendar", "bureau", Command("import_calendar", True), Page("/bring/calendar/")),
        Door("policies", "bureau", Command("import_policies", True)),
        Door("roster", "office", Command("import_roster"), Page("/roster/")),
        Door("statuses", "office", Command("import_statuses"), Page("/statuses/")),
        Door("registers", "office", Command("import_registers", True)),
        Door("cases", "bureau", Command("import_cases")),
        Door("cohorts", "bureau", Command("import_cohorts")),
    )
}
