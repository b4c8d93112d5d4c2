"""A form that is first looked at, then done: done is what was looked at, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from django.forms import Form

from accounts.requests import Request
from accounts.saving import attempt

Effect = TypeVar("Effect")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Look(Generic[Effect, Result]):
    """What the page shows: the effect and its `digest`. `changed`: what was pressed is not what was
    shown before. `done`: the act went through, with its `result`."""

    effect: Effect | None = None
    digest: str = ""
    changed: bool = False
    done: bool = False
    result: Result | None = None


def look_or_act(
    request: Request, form: Form, look: Callable[[], Effect], act: Callable[[], Result]
) -> Look[Effect, Result]:
    """`look` says what `act` would do. It is done where the page sent back the digest of the same
    values with the same effect; where either is another by now, it is shown again."""
    if not form.is_valid():
        return Look()
    seen = attempt(form, look)
    if not seen.saved:
        return Look()
    digest = sha256(repr((form.cleaned_data, seen.result)).encode()).hexdigest()
    pressed = "confirmed" in request.POST
    if not pressed or request.POST.get("seen") != digest:
        return Look(seen.result, digest, changed=pressed)
    tried = attempt(form, act)
    return Look(seen.result, digest, done=tried.saved, result=tried.result)
