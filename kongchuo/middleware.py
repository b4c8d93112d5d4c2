"""What every request carries: an id for the log, and a page for a refusal nobody caught."""

import logging
import secrets
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from django.http import Http404, HttpRequest, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render

from regions.refusals import NoCalendar, Refused
from regions.rules.plain_text import cleaned

Given = TypeVar("Given", bound=QueryDict)
request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdFilter(logging.Filter):
    """Puts the request's id on each log line. Lines hold no name, ID number or 学籍号."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class RequestIdMiddleware:
    """Gives each request an id: on its log lines, on the response, on its access rows."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        given = secrets.token_hex(8)
        cast(Any, request).request_id = given  # accounts.requests.Request names it
        token = request_id.set(given)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = given
        return response


class PlainTextMiddleware:
    """What people paste, without the characters nobody sees, as files are read; no address holds any.

    A vertical tab from a word processor would stand in the history for good, a NUL breaks the
    database, a zero-width space makes two names of one.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs):
        if any(cleaned(str(part)) != str(part) for part in kwargs.values()):
            return render(request, "errors/404.html", status=404)
        request.GET = plain_text(request.GET)
        if request.method == "POST":
            request.POST = plain_text(request.POST)
        return None


def plain_text(given: Given) -> Given:
    """The same without unseen characters; line breaks of any kind stay line breaks."""
    if all(cleaned(value) == value for _, values in given.lists() for value in values):
        return given
    made = QueryDict(mutable=True)
    for key, values in given.lists():
        made.setlist(key, [cleaned(value) for value in values])
    return cast(Given, made)


class RefusalMiddleware:
    """A refusal that no form could show gets a page of its own, with the same sentence.

    So does what is not there or out of reach: one page for both, in development too. An address
    for a button alone, opened by hand, says so.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            page = render(request, "errors/button.html", status=response.status_code)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception):
        if isinstance(exception, Http404):
            return render(request, "errors/404.html", status=404)
        if isinstance(exception, NoCalendar):
            return render(request, "errors/no_calendar.html", {"refusal": exception}, status=409)
        if isinstance(exception, Refused):
            return render(request, "errors/refused.html", {"refusal": exception}, status=409)
        return None
