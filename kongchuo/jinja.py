"""The environment of every page: Jinja2 through Django's own backend, and what templates may use.

Pages are autoescaped. A name or attribute that is missing is logged and shows as nothing,
so that a slip in a rare branch costs a word and not the page; the tests make it fail.
A break is a space, as in HTML, so that the formatter may break a line wherever one stands; `-` at
a tag's edge joins what a break would part, which shows between Chinese characters.
"""

import logging
from typing import Any

import jinja2
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.defaultfilters import floatformat, linebreaksbr
from django.urls import reverse
from django.utils.html import json_script

from kongchuo import formatting, page_parts

log = logging.getLogger(__name__)
Missing = jinja2.make_logging_undefined(log, jinja2.ChainableUndefined)

FILTERS = {
    "access_word": formatting.access_word,
    "clock": formatting.clock,
    "cn_date": formatting.cn_date,
    "cn_date_short": formatting.cn_date_short,
    "cn_date_week": formatting.cn_date_week,
    "cn_span": formatting.cn_span,
    "control": page_parts.control,
    "date": formatting.date_as,
    "dense_date": formatting.dense_date,
    "floatformat": floatformat,
    "json_script": json_script,
    "linebreaksbr": linebreaksbr,
    "proof_mark": formatting.proof_mark,
    "proof_state": formatting.proof_state,
}


def url(name: str, *args: object) -> str:
    """The address of a page by its name."""
    return reverse(name, args=args)


def static(path: str) -> str:
    """The address of a file in static/.

    A manifest that is missing or damaged is an error in the log and the file's plain address, which
    is served as well: no page may fail for it, least of all the page that says what failed.
    """
    try:
        return staticfiles_storage.url(path)
    except (OSError, ValueError) as error:
        log.error("static file %s has no address: %s", path, error)
        return settings.STATIC_URL + path


FUNCTIONS = {
    "icon": page_parts.icon,
    "mark_face": page_parts.mark_face,
    "mark_faces": page_parts.mark_faces,
    "mark_options": page_parts.mark_options,
    "querystring": page_parts.querystring,
    "static": static,
    "tag": page_parts.tag,
    "url": url,
}


def environment(**options: Any) -> jinja2.Environment:
    """What settings.TEMPLATES names; `options` are the backend's: loader, autoescape, reload."""
    options["undefined"] = Missing
    made = jinja2.Environment(**options)  # noqa: S701 - autoescape is among the options
    made.filters |= FILTERS
    made.globals |= FUNCTIONS
    return made
