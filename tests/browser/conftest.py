"""What browser tests share: a person is a browser context of its own, and its console is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User
from tests import factories as make
from tests.browser.county import County, build

PC = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Person:
    """Somebody at a browser: the page, its context, and what the console complained of."""

    page: Page
    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a path of the portal, with its scripts run."""
        self.page.goto(self.address + path)
        return self.page

    def log_in(self, username: str, password: str) -> Page:
        self.go("/login/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", password)
        self.page.click("button[type=submit]")
        self.page.wait_for_load_state("networkidle")
        return self.page

    def listen(self) -> None:
        """Note errors of scripts and of the content policy; a page of status 4xx is none."""
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message) -> None:
        if (
            message.type == "error"
            and "the server responded with a status of 4" not in message.text
        ):
            self.complaints.append(message.text)


@pytest.fixture
def person(chromium: Browser, live_server, settings) -> Iterator[Callable[..., Person]]:
    """`person(user, PHONE)`: somebody logged in (nobody: not logged in) on a device of that size."""
    settings.KONGCHUO_TODAY = make.THURSDAY
    contexts: list[BrowserContext] = []

    def arrive(user: User | None = None, size: dict = PC, **options) -> Person:
        context = chromium.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport=size, **options
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        if user:
            context.add_cookies([_session(user, live_server.url)])
        one = Person(context.new_page(), context, live_server.url)
        one.listen()
        return one

    yield arrive
    for context in contexts:
        context.close()


def _session(user: User, address: str) -> dict:
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


@pytest.fixture
def county(live_server, settings) -> County:
    """A school of sixty in a class, with alerts of each kind; today is THURSDAY."""
    settings.KONGCHUO_TODAY = make.THURSDAY
    return build(today=date(2026, 11, 19))
