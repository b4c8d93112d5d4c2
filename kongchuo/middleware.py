"""What every request carries: an id for the log, and a page for a refusal nobody caught."""

import logging
import secrets
from contextvars import ContextVar

from django.http import Http404, HttpRequest
from django.shortcuts import render

from regions.refusals import NoCalendar, Refused

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
        request.request_id = secrets.token_hex(8)
        token = request_id.set(request.request_id)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = request.request_id
        return response


class RefusalMiddleware:
    """A refusal that no form could show gets a page of its own, with the same sentence.

    So does what is not there or out of reach: one page for both, in development too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception):
        if isinstance(exception, Http404):
            return render(request, "errors/404.html", status=404)
        if isinstance(exception, NoCalendar):
            return render(request, "errors/no_calendar.html", {"refusal": exception}, status=409)
        if isinstance(exception, Refused):
            return render(request, "errors/refused.html", {"refusal": exception}, status=409)
        return None
