"""The first administrator of each kind of an installation."""

from accounts.door_command import DoorCommand, asked_password
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
        seat = first_admin(username, asked_password(), role=KINDS[role], on=today())
        self.say({"username": seat.user.username, "role": seat.role, "seat": seat.pk})
