"""Every indicator of a place on a day, with its counts."""

from accounts.door_command import DoorCommand
from regions.clock import today
from reports.queries.rates_json import rates_on


class Command(DoorCommand):
    help = "一个区划或学校某天的全部指标，附分子、分母；当天没有统计时先统计一次。"

    def add_arguments(self, parser):
        parser.add_argument("--region", required=True, help="区划代码或学校标识码")
        parser.add_argument("--on", required=True)
        parser.add_argument("--by", required=True)

    def handle(self, region, on, by, **options):
        day = self.day(on)
        self.say(rates_on(region, day, by=self.user(by), today=today()))
