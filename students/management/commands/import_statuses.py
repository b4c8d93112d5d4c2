"""休学, 送教上门, 借读 and long leave from a file."""

from accounts.doors import FileCommand
from regions.clock import today
from students.statuses import import_statuses


class Command(FileCommand):
    help = "导入学籍状态（学籍号或证件号, 状态, 开始日期, 结束日期, 证明, 审批人）。"

    def handle(self, file, by, apply, accept_partial, **options):
        outcome = import_statuses(
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
