"""休学, 送教上门, 借读 and long leave from a file."""

from accounts.file_door.commands import FileCommand
from attendance.authorised_absences.statuses import STATUSES
from regions.clock import today


class Command(FileCommand):
    help = "导入学籍状态（学籍号或证件号, 状态, 开始日期, 结束日期, 证明, 审批人）。"

    def handle(self, **options):
        answer = self.run_door(STATUSES, options, by=self.user(options["by"]), on=today())
        self.finish(answer.plan.outcome, options, batch=answer.given or "")
