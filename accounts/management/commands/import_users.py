"""Accounts and seats from a file; first passwords go to the out file only."""

import csv
import os
from io import StringIO

from django.core.management.base import CommandError
from django.db import transaction

from accounts.doors import FileCommand
from accounts.people import import_users
from accounts.workbooks import Sheet, write_workbook
from regions.clock import today


class Command(FileCommand):
    help = "导入账号（用户名, 姓名, 角色, 单位代码, 班级）。初始密码只写进 --out 文件。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--out", required=True, help="初始密码写到哪个文件")

    def handle(self, file, by, apply, accept_partial, out, **options):
        content, user = self.content(file), self.user(by)
        try:
            with transaction.atomic():
                outcome, passwords = import_users(
                    content, file, by=user, on=today(), apply=apply, partial=accept_partial
                )
                if passwords:
                    write_passwords(out, passwords)
        except OSError as unwritable:
            raise CommandError(f"写不了文件 {out}，什么都没有导入。") from unwritable
        self.finish(
            outcome, options | {"file": file, "apply": apply, "accept_partial": accept_partial}
        )


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
