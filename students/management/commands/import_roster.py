"""A roster from a file, one school or several."""

from django.core.management.base import CommandError

from accounts.file_door.commands import FileCommand
from regions.clock import today
from regions.models import School
from students.roster import ROSTER


class Command(FileCommand):
    help = "导入名册。不加 --apply 只预览。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--school", help="学校标识码，文件里没有学校列时用")
        parser.add_argument("--same-person", action="store_true", help="同名同生日的就是同一个人")

    def handle(self, **options):
        more = {"school": self._school(options["school"]), "same_person": options["same_person"]}
        by = self.user(options["by"])
        plan = self.run_door(ROSTER, options, by=by, on=today(), **more).plan
        self.finish(
            plan.outcome,
            options,
            layout=plan.header.layout,
            unknown_columns=plan.header.unknown,
            new_classes=plan.new_classes,
            questions=[question.as_json() for question in plan.questions],
            missing_pupils=[spell.student.uid for spell in plan.missing],
        )

    def _school(self, code: str | None) -> str:
        if code and not School.objects.filter(code=code).exists():
            raise CommandError(f"没有学校标识码为 {code} 的学校。")
        return code or ""
