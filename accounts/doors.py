"""Doors for machines: commands that do what a page does, as the user they run for.

One JSON object on standard output, messages for people on standard error, exit 0 only when the
command did what it says.
"""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.imports import Outcome
from accounts.models import User
from accounts.workbooks import Sheet, write_workbook
from regions.refusals import Refused


class DoorCommand(BaseCommand):
    """A command that answers with one JSON object."""

    requires_migrations_checks = False

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def say(self, answer: dict) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def user(self, username: str) -> User:
        """The user the command runs for. Raises CommandError for an unknown or locked one."""
        found = User.objects.filter(username=username, is_active=True).first()
        if found is None:
            raise CommandError(f"没有账号 {username}，或已停用。")
        return found

    def content(self, file: str) -> bytes:
        try:
            return Path(file).read_bytes()
        except OSError as unreadable:
            raise CommandError(f"读不了文件 {file}：{unreadable.strerror}。") from unreadable


class FileCommand(DoorCommand):
    """A table that comes in: a dry run, or with --apply all of it or nothing."""

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--by", required=True, help="以谁的身份")
        parser.add_argument("--apply", action="store_true", help="不加只预览")
        parser.add_argument(
            "--accept-partial", action="store_true", help="退回的行不导入，其余导入"
        )
        parser.add_argument("--rejected-out", help="退回的行写到哪个 .xlsx")

    def finish(self, outcome: Outcome, options: dict, **extra) -> None:
        """Print the outcome. Exit 1 when it was to be applied and was not."""
        self.say(outcome.as_json() | extra)
        if outcome.rejected and options.get("accept_partial") and outcome.applied:
            target = options.get("rejected_out") or _beside(options["file"])
            write_rejected(target, outcome)
            self.stderr.write(f"退回 {len(outcome.rejected)} 行，见 {target}。")
        if options["apply"] and not outcome.applied:
            raise CommandError(f"有 {len(outcome.rejected)} 行退回，什么都没有导入。")


def _beside(file: str) -> str:
    path = Path(file)
    return str(path.with_name(f"{path.stem}-退回.xlsx"))


def write_rejected(target, outcome: Outcome) -> None:
    """The rejected rows as a workbook: cell, column, what stands there, why."""
    rows = [(r.row, r.cell, r.column, r.value, r.message) for r in outcome.rejected]
    header = ["行", "单元格", "列", "填的是", "为什么，怎么改"]
    write_workbook(target, [Sheet("退回", header, rows, widths=[6, 8, 16, 24, 60])])
