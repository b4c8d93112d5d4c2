"""Accounts and seats from a file. New accounts have no password: slips are printed on a page."""

from accounts.file_door.commands import FileCommand
from accounts.seats.import_users import USERS
from regions.clock import today


class Command(FileCommand):
    help = "导入账号（用户名, 姓名, 角色, 单位代码, 班级, 任职起, 任职止）。新账号没有密码，由上级发放。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--end-missing", action="store_true", help="名单外的任职今天办离任（不超过 20 %%）"
        )

    def handle(self, **options):
        by = self.user(options["by"])
        answer = self.run_door(
            USERS, options, by=by, on=today(), end_missing=options["end_missing"]
        )
        self.finish(answer.plan.outcome, options, **answer.plan.as_json())
