"""The alerts open on a day, with their proof."""

from accounts.door_command import DoorCommand
from attendance.listing import alerts_on


class Command(DoorCommand):
    help = "列出某天的未到校预警及证明；写明 --purpose 才带学籍号，并留记录。"

    def add_arguments(self, parser):
        parser.add_argument("--on", required=True)
        parser.add_argument("--by", required=True)
        parser.add_argument("--purpose", default="")

    def handle(self, on, by, purpose, **options):
        day = self.day(on)
        self.say(alerts_on(day, by=self.user(by), purpose=purpose))
