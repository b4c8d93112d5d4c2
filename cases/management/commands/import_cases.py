"""Cases a county brings along at go-live, from a file."""

from accounts.doors import FileCommand
from cases.importing.import_cases import import_cases


class Command(FileCommand):
    help = (
        "导入原有档案（学籍号或证件号, 建档日期, 离校日期, 当前步骤, 责令文号, 责令送达日期 …）。"
    )

    def handle(self, file, by, apply, accept_partial, **options):
        outcome = import_cases(
            self.content(file), file, by=self.user(by), apply=apply, partial=accept_partial
        )
        self.finish(
            outcome,
            options | {"file": file, "apply": apply, "accept_partial": accept_partial},
        )
