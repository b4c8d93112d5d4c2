"""A roster from a file, one school or several."""

from django.core.management.base import CommandError

from accounts.doors import FileCommand
from regions.clock import today
from regions.models import School
from students.arrivals import apply_roster
from students.roster import plan_roster


class Command(FileCommand):
    help = "导入名册。不加 --apply 只预览。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--school", help="学校标识码，文件里没有学校列时用")
        parser.add_argument("--same-person", action="store_true", help="同名同生日的就是同一个人")

    def handle(self, file, by, apply, accept_partial, school, same_person, **options):
        user = self.user(by)
        plan = plan_roster(
            self.content(file),
            file,
            by=user,
            on=today(),
            school=self._school(school),
            same_person=same_person,
        )
        if apply:
            apply_roster(plan, by=user, on=today(), partial=accept_partial)
        self.finish(
            plan.outcome,
            options | {"file": file, "apply": apply, "accept_partial": accept_partial},
            layout=plan.header.layout,
            unknown_columns=plan.header.unknown,
            new_classes=plan.new_classes,
            questions=[one.as_json() for one in plan.questions],
            missing_pupils=[spell.student.uid for spell in plan.missing],
        )

    def _school(self, code: str | None) -> School | None:
        if not code:
            return None
        school = School.objects.filter(code=code).first()
        if school is None:
            raise CommandError(f"没有学校标识码为 {code} 的学校。")
        return school
