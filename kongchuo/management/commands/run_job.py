"""Any job, now: the same function Celery runs, by hand or from cron."""

from datetime import date

from django.core.management.base import CommandError

from accounts.door_command import DoorCommand
from accounts.seats.first_accounts import system_account
from kongchuo import jobs
from regions.clock import today


class Command(DoorCommand):
    help = "立即运行一个任务，例如 run_job flag_absences --on 2026-11-19。"

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--on", required=True)

    def handle(self, name, on, **options):
        if name not in jobs.JOBS:
            raise CommandError(f"没有任务 {name}，可填：{'、'.join(jobs.JOBS)}。")
        day = self.day(on)
        system_account(on=today())
        summaries = [self._run(name, day, county) for county in jobs.counties()]
        if not summaries:
            raise CommandError("还没有县级区划，请先 import_places。")
        self.say(summaries[0] if len(summaries) == 1 else {"job": name, "counties": summaries})

    def _run(self, name: str, day: date, county) -> dict:
        summary = jobs.run(name, day, county, again=True)
        if summary is None:
            raise CommandError(f"{county.name}的任务正在另一处运行，请稍后再试。")
        return summary
