"""The calendar of a place from a JSON list."""

from accounts.file_door.commands import ReadingCommand
from accounts.places.calendars import import_calendar
from regions.clock import today


class Command(ReadingCommand):
    help = "导入校历：JSON 列表，每条 {scope, from, to, kind, reason}。"

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--by", required=True)

    def handle(self, file, by, **options):
        self.say(import_calendar(self.content(file), by=self.user(by), on=today()))
