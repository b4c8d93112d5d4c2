"""Accounts and seats from a file; first passwords go to the out file only."""

import csv
import os
from io import StringIO

from django.core.management.base import CommandError
from django.db import transaction

from accounts.file_door.commands import FileCommand
from accounts.seats.import_users import USERS
from accounts.workbooks import Sheet, write_workbook
from regions.clock import today


class Command(FileCommand):
    help = "导入账号（用户名, 姓名, 角色, 单位代码, 班级, 任职起, 任职止）。初始密码只写进 --out 文件。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--end-missing", action="store_true", help="名单外的任职今天办离任（不超过 20 %%）"
        )
        parser.add_argument("--out", required=True, help="初始密码写到哪个文件")

    def handle(self, **options):
        by, out = self.user(options["by"]), options["out"]
        try:
            with transaction.atomic():
                answer = self.run_door(
                    USERS, options, by=by, on=today(), end_missing=options["end_missing"]
                )
                if answer.given:
                    write_passwords(out, answer.given)
        except OSError as unwritable:
            raise CommandError(f"写不了文件 {out}，什么都没有导入。") from unwritable
        self.finish(answer.plan.outcome, options, **answer.plan.as_json())


def write_passwords(out: str, passwords: list[tuple[str, str, str]]) -> None:
    """用户名, 姓名, 初始密码 as .xlsx, or as .csv by the file's name; readable by its owner only."""
    header = ["用户名", "姓名", "初始密码"]
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(descriptor, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if out.lower().endswith(".xlsx"):
            write_workbook(file, [Sheet("初始密码", header, passwords, widths=[16, 12, 16])])
        else:
            text = StringIO()
            csv.writer(text, lineterminator="\n").writerows([header, *passwords])
            file.write(("\ufeff" + text.getvalue()).encode())
