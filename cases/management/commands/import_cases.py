"""Cases a county brings along at go-live, from a file."""

from accounts.file_door.commands import FileCommand
from cases.importing.import_cases import CASES
from regions.clock import today


class Command(FileCommand):
    help = (
        "导入原有档案（学籍号或证件号, 建档日期, 离校日期, 当前步骤, 责令文号, 责令送达日期 …）。"
    )

    def handle(self, **options):
        answer = self.run_door(CASES, options, by=self.user(options["by"]), on=today())
        self.finish(answer.plan.outcome, options)
