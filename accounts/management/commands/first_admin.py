"""The first administrator of each kind of an installation."""

import getpass
import os

from django.core.management.base import CommandError

from accounts.door_command import DoorCommand
from accounts.enums import Role
from accounts.seats.first_accounts import first_admin
from regions.clock import today

KINDS = {
    "system": Role.SYSTEM_ADMIN,
    "security": Role.SECURITY_ADMIN,
    "audit": Role.AUDIT_ADMIN,
}


class Command(DoorCommand):
    help = "建立第一个系统、安全或审计管理员；密码取自 KONGCHUO_ADMIN_PASSWORD，否则现在输入。"

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--role", choices=sorted(KINDS), default="system", help="哪一员")

    def handle(self, username, role, **options):
        password = os.environ.get("KONGCHUO_ADMIN_PASSWORD") or self._ask()
        seat = first_admin(username, password, role=KINDS[role], on=today())
        self.say({"username": seat.user.username, "role": seat.role, "seat": seat.pk})

    def _ask(self) -> str:
        try:
            return getpass.getpass("密码：")
        except (EOFError, OSError) as no_terminal:
            raise CommandError(
                "没有终端可输入密码，请设置 KONGCHUO_ADMIN_PASSWORD。"
            ) from no_terminal
