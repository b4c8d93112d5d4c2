"""A new password for an administrator whom no other can give one, set at the server."""

from accounts.door_command import DoorCommand, asked_password
from accounts.seats.first_accounts import reset_admin
from regions.clock import today


class Command(DoorCommand):
    help = "重置三员的密码，没有别人能重置时用；密码取自 KONGCHUO_ADMIN_PASSWORD，否则现在输入。"

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, username, **options):
        user = reset_admin(username, asked_password(), on=today())
        self.say({"username": user.username, "reset": True})
