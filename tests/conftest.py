"""What tests share: services that may be absent, and one browser per worker.

`scripts/test.py` says what was found: KONGCHUO_TEST_REDIS and KONGCHUO_TEST_CHROMIUM hold an
address, or nothing.
"""

import os
import sys
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.http import HttpRequest
from django.template import engines
from django.template.backends.jinja2 import Template
from django.test import signals
from jinja2 import Environment, StrictUndefined, Undefined
from playwright.sync_api import Browser, Page, sync_playwright

from kongchuo import jinja

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Folders of pages, crawls and pure rules: what the database holds is tested beside the verbs, on both.
ONCE = {"pages", "rules"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if ONCE & set(item.path.relative_to(item.config.rootpath).parts):
            item.add_marker("once")
    vendor = connection.vendor
    absent = {
        "postgres": "" if vendor == "postgresql" else f"needs PostgreSQL, this run is on {vendor}",
        "sqlite": "" if vendor == "sqlite" else f"about SQLite, this run is on {vendor}",
        "redis": "" if os.environ.get("KONGCHUO_TEST_REDIS") else "KONGCHUO_TEST_REDIS is not set",
        "browser": ""
        if os.environ.get("KONGCHUO_TEST_CHROMIUM")
        else "KONGCHUO_TEST_CHROMIUM is not set",
    }
    for item in items:
        for marker, reason in absent.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"{marker}: {reason}"))


@pytest.fixture(scope="session", autouse=True)
def strict_templates() -> Iterator[None]:
    """A missing name or attribute fails, and so does what no page should print: a bound method,
    a bare date. Each page tells Django's client what it was given, as the other engine does."""
    environment = jinja.environment

    def strict(**options: object) -> Environment:
        made = environment(**options)
        made.undefined, made.finalize = StrictUndefined, _printable
        return made

    jinja.environment, engines._engines = strict, {}
    plain = Template.render

    def render(self: Template, context: dict | None = None, request: HttpRequest | None = None):
        signals.template_rendered.send(self, template=self, context=context or {})
        return plain(self, context, request)

    Template.render = render
    yield
    Template.render, jinja.environment, engines._engines = plain, environment, {}


def _printable(value: object) -> object:
    """The value; nobody means to print None, a bare date or a method. What is missing fails itself."""
    method = callable(value) and not hasattr(value, "__html__")
    if not isinstance(value, Undefined) and (value is None or isinstance(value, date) or method):
        raise TypeError(f"a template prints {value!r}")
    return value


@pytest.fixture(autouse=True)
def unwatched(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests marked `unmeasured` run without the tracer of coverage.py, which nearly doubles them."""
    tracer = sys.gettrace() if request.node.get_closest_marker("unmeasured") else None
    if tracer:
        sys.settrace(None)
    yield
    if tracer:
        sys.settrace(tracer)


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    """Files that tests lay down go away with them."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.KONGCHUO_SEALED = tmp_path / "sealed"


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The Redis found for the tests; only for tests marked `redis`."""
    return os.environ["KONGCHUO_TEST_REDIS"]


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The Chromium found for the tests; only for tests marked `browser`."""
    return os.environ["KONGCHUO_TEST_CHROMIUM"]


@pytest.fixture(scope="session")
def chromium(browser_path: str) -> Iterator[Browser]:
    """One running Chromium per worker.

    Playwright's synchronous side keeps an event loop in this thread, where Django would refuse to
    touch the database although nothing here is asynchronous.
    """
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page at 1440 × 900 as a Chinese browser shows it; `set_viewport_size` makes it a phone."""
    context = chromium.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1440, "height": 900},
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
