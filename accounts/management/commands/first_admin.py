"""The first system administrator of an installation."""

import getpass
import os

from django.core.management.base import CommandError

from accounts.door_command import DoorCommand
from accounts.seats.first_accounts import first_admin
from regions.clock import today


class Command(DoorCommand):
    help = "建立第一个系统管理员；密码取自 KONGCHUO_ADMIN_PASSWORD，否则现在输入。"

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, username, **options):
        password = os.environ.get("KONGCHUO_ADMIN_PASSWORD") or self._ask()
        user = first_admin(username, password, on=today())
        self.say({"username": user.username})

    def _ask(self) -> str:
        try:
            return getpass.getpass("密码：")
        except (EOFError, OSError) as no_terminal:
            raise CommandError(
                "没有终端可输入密码，请设置 KONGCHUO_ADMIN_PASSWORD。"
            ) from no_terminal
