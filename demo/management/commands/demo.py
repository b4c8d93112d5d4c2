"""manage.py demo: the invented county with known answers, as one JSON object on standard output."""

from datetime import date

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from accounts.door_command import DoorCommand
from demo.county.people import USERNAMES
from demo.load.bulk_load import PASSWORD, is_empty, load_plan
from demo.scenarios.build_plan import FEWEST, MOST, county_plan
from demo.scenarios.expected_alerts import expected_alerts, expected_cases
from demo.scenarios.run_scenarios import run_scenarios

UNTIL = "2026-11-19"
SEED = 539901


class Command(DoorCommand):
    help = "建立演示县（虚构，区划代码 539901）；只在空数据库里运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pupils", type=int, default=900, help=f"{FEWEST} 至 {MOST}")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--until", default=UNTIL, help="最后一个上课日，2023 至 2026 年")

    def handle(self, *, pupils: int, seed: int, until: str, **options) -> None:
        if not FEWEST <= pupils <= MOST:
            raise CommandError(f"--pupils 应在 {FEWEST} 至 {MOST} 之间，请改正。")
        try:
            county = county_plan(seed, pupils, date.fromisoformat(until))
        except ValueError:
            raise CommandError(
                f"--until 应是 2023 至 2026 年间的一个上课日，写成 {UNTIL} 这样，请改正。"
            ) from None
        if not is_empty():
            raise CommandError(
                "数据库里已有地区、账号或学生，演示县只能建在空库里。请换一个空数据库再运行。"
            )
        self.stderr.write(f"正在建立演示县：{pupils} 名学生，点名到 {until} ……")
        with transaction.atomic():
            load_plan(county)
            run_scenarios(county)
        flagged, doubtful = expected_alerts(county, county.until)
        answer = {
            "today": county.until.isoformat(),
            "password": PASSWORD,
            "schools": len(county.places.schools),
            "classes": len(county.places.classes),
            "pupils": len(county.children),
            "users": USERNAMES,
            "truth": {
                "flagged": flagged,
                "cannot_judge": doubtful,
                "cases": expected_cases(county),
            },
        }
        self.say(answer)
