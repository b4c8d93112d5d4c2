"""A world that many tests look at: built once, stands as long as a class or a module needs it.

Each test works in a transaction of its own inside, as ever, and leaves the world as it found it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from tests.doors.guard import undone


@contextmanager
def standing(blocker: DjangoDbBlocker, folder: Path, **settings: object) -> Iterator[None]:
    """What is written inside the block is gone after it; its files lie in `folder`."""
    files = {"MEDIA_ROOT": folder / "media", "KONGCHUO_SEALED": folder / "sealed"}
    with blocker.unblock(), undone(), override_settings(**files, **settings):
        yield
