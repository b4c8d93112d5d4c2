"""Regions and schools from a file."""

from accounts.doors import FileCommand
from accounts.places import import_places
from regions.clock import today


class Command(FileCommand):
    help = "导入区划（区划代码, 名称）和学校（学校标识码, 学校名称, 办学类型, 区划代码）。"

    def handle(self, file, by, apply, accept_partial, **options):
        outcome = import_places(
            self.content(file),
            file,
            by=self.user(by),
            on=today(),
            apply=apply,
            partial=accept_partial,
        )
        self.finish(
            outcome, options | {"file": file, "apply": apply, "accept_partial": accept_partial}
        )
