"""The templates as files, and what a page does when the ground under it is gone."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from jinja2 import UndefinedError

from kongchuo.errors import broken

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 120
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"


def test_no_line_of_a_template_is_longer_than_an_editor():
    files = sorted((ROOT / "templates").rglob("*.html"))
    assert len(files) > 90
    long = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text("utf-8").split("\n"), 1)
        if len(line) > LONGEST
    ]
    assert long == []


@pytest.fixture(params=["missing", "damaged"])
def bad_manifest(request, settings, tmp_path):
    """Static files whose manifest is not there, or is no JSON."""
    if request.param == "damaged":
        (tmp_path / "staticfiles.json").write_text("{", "utf-8")
    settings.DEBUG = False
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": MANIFEST}}


def test_the_500_page_needs_neither_manifest_nor_database(bad_manifest, rf: RequestFactory):
    with pytest.raises((ValueError, OSError)):  # the control: the storage does fail
        staticfiles_storage.url("css/theme.css")
    answer = broken(rf.get("/"))
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "系统出错，这一步没有完成" in page
    assert 'href="/static/css/theme.css"' in page


def test_a_missing_name_fails_in_the_tests():
    template = engines["jinja2"].from_string("{{ nobody }}")
    with pytest.raises(UndefinedError):
        template.render({})


def test_what_is_typed_is_escaped():
    template = engines["jinja2"].from_string('{{ words }} {{ tag("ok", words) }}')
    assert "<b>" not in template.render({"words": "<b>"}, HttpRequest())
