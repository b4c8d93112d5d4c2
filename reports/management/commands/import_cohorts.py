"""What a county knows of its cohorts from before the portal, for 九年巩固率."""

from accounts.file_door.commands import FileCommand
from regions.clock import today
from reports.importing.cohort_baselines import COHORTS


class Command(FileCommand):
    help = "导入九年巩固率的往年底数（单位代码、入学年份、截至日期、入学人数 ……）；不加 --apply 只预览。"

    def handle(self, **options):
        answer = self.run_door(COHORTS, options, by=self.user(options["by"]), on=today())
        self.finish(answer.plan.outcome, options)
