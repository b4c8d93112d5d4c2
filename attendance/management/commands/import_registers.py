"""Registers from a file."""

from django.core.management.base import CommandError

from accounts.file_door.commands import FileCommand
from attendance.register_files import import_registers
from regions.clock import now


class Command(FileCommand):
    help = "导入考勤（学校标识码, 班级, 日期, 学籍号, 标记, 说明）。"

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--by", required=True)
        parser.add_argument("--accept-partial", action="store_true", help="有退回行的日子不导入")

    def handle(self, file, by, accept_partial, **options):
        result = import_registers(
            self.content(file), file, by=self.user(by), at=now(), partial=accept_partial
        )
        self.say(result.as_json())
        if result.already:
            self.stderr.write(result.already)
        elif not result.applied:
            raise CommandError(f"有 {result.rejected_rows} 行退回，什么都没有导入。")
