"""Proves what the rolls promise: no overlap of spells or of explained days, the path of the class."""

from django.core.management.base import CommandError

from accounts.door_command import DoorCommand
from students.enrolments import roll_faults


class Command(DoorCommand):
    help = "核对名册：在班记录、有手续不在校的日子不重叠，所在班级一致。"

    def handle(self, **options):
        faults = list(roll_faults())
        self.say({"faults": faults})
        if faults:
            raise CommandError(f"名册有 {len(faults)} 处不一致。")
