"""Draws into docs/ what the code says: tables a lawyer can check."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from attendance.truth import draw
from cases.ladder import diagram
from cases.returns import exits_table
from kongchuo import jobs_text

DRAWN = {
    "unseen.md": draw,
    "ladder.md": diagram.draw,
    "exits.md": exits_table.draw,
    "jobs.md": jobs_text.draw,
}


class Command(BaseCommand):
    help = "把规则画进 docs/。"

    def handle(self, **options):
        for name, drawing in DRAWN.items():
            file = Path(settings.BASE_DIR) / "docs" / name
            file.write_text(drawing(), encoding="utf-8")
            self.stderr.write(f"docs/{name}")
