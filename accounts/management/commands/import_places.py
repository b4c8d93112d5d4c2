"""Regions and schools from a file."""

from accounts.file_door.commands import FileCommand
from accounts.places.import_places import PLACES
from regions.clock import today


class Command(FileCommand):
    help = "导入区划（区划代码, 名称）和学校（学校标识码, 学校名称, 办学类型, 区划代码）。"

    def handle(self, **options):
        by = self.user(options["by"])
        self.finish(self.run_door(PLACES, options, by=by, on=today()).plan.outcome, options)
