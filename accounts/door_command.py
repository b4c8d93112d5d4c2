"""Doors for machines: commands that do what a page does, as the user they run for.

One JSON object on standard output, messages for people on standard error, exit 0 only when the
command did what it says.
"""

import getpass
import json
import os
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from regions.refusals import Refused
from regions.rules.values import BadValue, read_day


class DoorCommand(BaseCommand):
    """A command that answers with one JSON object."""

    requires_migrations_checks = False

    def execute(self, *args, **options):
        for stream in (self.stdout, self.stderr):
            never_fail(stream)
        try:
            return super().execute(*args, **options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def say(self, answer: dict) -> None:
        """Print the answer; in escapes where the console's encoding lacks one of its characters."""
        text = json.dumps(answer, ensure_ascii=False)
        try:
            text.encode(getattr(self.stdout, "encoding", None) or "utf-8")
        except (UnicodeEncodeError, LookupError):
            text = json.dumps(answer)
        self.stdout.write(text)

    def user(self, username: str) -> User:
        """The user the command runs for. Raises CommandError for an unknown or locked one."""
        found = User.objects.filter(username=username, is_active=True).first()
        if found is None:
            raise CommandError(f"没有账号 {username}，或已停用。")
        return found

    def day(self, on: str) -> date:
        """The day of --on, in any spelling the files read. Raises CommandError."""
        try:
            day = read_day(on, what="--on")
        except BadValue:
            day = None
        if day is None:
            raise CommandError("--on 应写成 2026-11-19。")
        return day


def asked_password() -> str:
    """A password for an administrator's account, never in the arguments: KONGCHUO_ADMIN_PASSWORD,
    else asked for. Raises CommandError where nobody can be asked."""
    if given := os.environ.get("KONGCHUO_ADMIN_PASSWORD"):
        return given
    try:
        return getpass.getpass("密码：")
    except (EOFError, OSError) as no_terminal:
        raise CommandError("没有终端可输入密码，请设置 KONGCHUO_ADMIN_PASSWORD。") from no_terminal


def never_fail(stream) -> None:
    """A console of any encoding: what it cannot show is written as an escape, after the work is done
    nothing dies of a character."""
    raw = getattr(stream, "_out", stream)
    if hasattr(raw, "reconfigure"):
        raw.reconfigure(errors="backslashreplace")
