"""What a county knows of its cohorts from before the portal, for 九年巩固率."""

from accounts.doors import FileCommand
from reports.importing.cohort_baselines import import_cohorts


class Command(FileCommand):
    help = "导入九年巩固率的往年底数（单位代码、入学年份、截至日期、入学人数 ……）；不加 --apply 只预览。"

    def handle(self, file, by, **options):
        outcome = import_cohorts(
            self.content(file),
            file,
            by=self.user(by),
            apply=options["apply"],
            partial=options["accept_partial"],
        )
        self.finish(outcome, options)
