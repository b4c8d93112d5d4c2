"""Finds seats that stand as they must not: two 班主任 of a class, administrators with other seats."""

from accounts.door_command import DoorCommand
from accounts.seats.checking import check_seats
from regions.clock import today


class Command(DoorCommand):
    help = "核对任职：一个班同一天只有一位班主任，三员不兼任，起止和单位相符。"

    def handle(self, **options):
        self.say({"faults": check_seats(today())})
