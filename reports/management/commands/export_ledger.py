"""Any ledger as xlsx, as the user it runs for."""

from pathlib import Path

from django.core.management.base import CommandError

from accounts.door_command import DoorCommand
from reports.ledgers.exports import export_ledger
from reports.ledgers.ledgers import ledger_named


class Command(DoorCommand):
    help = (
        "导出台账：疑似辍学花名册、辍学劝返台账、未签责任书、在办个案（suspected dropout unsigned cases）。"
        "号码一律遮盖，写明事由，逐人留记录。"
    )

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--on", required=True)
        parser.add_argument("--by", required=True)
        parser.add_argument("--purpose", required=True)
        parser.add_argument("--out", required=True)

    def handle(self, name, on, by, purpose, out, **options):
        day = self.day(on)
        made = export_ledger(ledger_named(name), day, by=self.user(by), purpose=purpose)
        try:
            Path(out).write_bytes(made.content)
        except OSError as unwritable:
            raise CommandError(f"写不了文件 {out}：{unwritable.strerror}。") from unwritable
        self.say({"rows": made.rows, "sheet": made.sheet, "sha256": made.sha256})
