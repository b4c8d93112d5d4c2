"""manage.py second_words: how many second words a bureau gives in a week, as one JSON object."""

from accounts.door_command import DoorCommand
from demo.scenarios.second_words import PUPILS, estimate


class Command(DoorCommand):
    help = (
        "估算 6 万学生的县一周有多少份请假要县里批准：平常一周、流感一周（按真实规则，不动数据）。"
    )

    def handle(self, **options) -> None:
        weeks = {name: week.as_json() for name, week in estimate().items()}
        self.say({"pupils": PUPILS, **weeks})
