"""Requests that one file brought, approved together by another person of the bureau."""

from django.core.management.base import CommandError

from accounts.door_command import DoorCommand
from attendance.authorised_absences.batches import decide_batch
from regions.clock import today


class Command(DoorCommand):
    help = "批准一份学籍状态文件登记的手续（批号见 import_statuses 的 batch），须由另一位经办人。"

    def add_arguments(self, parser):
        parser.add_argument("batch")
        parser.add_argument("--by", required=True, help="以谁的身份")

    def handle(self, batch, by, **options):
        answer = decide_batch(batch, by=self.user(by), on=today())
        self.say(answer)
        if answer["refused"]:
            raise CommandError(f"有 {answer['refused']} 份没有批准，原因见 refusals。")
