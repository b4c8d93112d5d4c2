"""Saving a form by a verb: what was filled in stays, and a refusal is said on the form, in one way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from django.forms import Form
from django.http import QueryDict

from accounts.versions import Conflict
from regions.refusals import Refused

LOOK_AGAIN = "请看过现在的内容，再决定是否保存。"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Result]):
    """What came of calling a verb: its result, or why it refused."""

    result: Result | None = None
    refusal: Refused | None = None

    @property
    def saved(self) -> bool:
        return self.refusal is None

    @property
    def conflict(self) -> Conflict | None:
        return self.refusal if isinstance(self.refusal, Conflict) else None


def sentence_of(refusal: Refused) -> str:
    """A refusal as a page says it: who saved in between is followed by what to do now."""
    return f"{refusal}{LOOK_AGAIN}" if isinstance(refusal, Conflict) else str(refusal)


def attempt(form: Form, verb: Callable[[], Result]) -> Attempt[Result]:
    """Call the verb for a valid form. A refusal goes on the form, and after a conflict the form
    carries the version of now, so that a second look saves."""
    try:
        return Attempt(result=verb())
    except Refused as refusal:
        form.add_error(None, sentence_of(refusal))
        if isinstance(refusal, Conflict):
            at_version(form, getattr(refusal.theirs, "version", None))
        return Attempt(refusal=refusal)


def at_version(form: Form, version: int | None) -> None:
    """Let a form that came back carry another version than it was sent with."""
    if version is not None:
        sent = cast(QueryDict, form.data).copy()
        sent["version"] = str(version)
        form.data = sent
