"""Lets in the proposed seats of a unit, as the security administrator."""

from django.core.management.base import CommandError

from accounts.door_command import DoorCommand
from accounts.seats.activating import activate
from accounts.seats.waiting import inside_unit
from regions.clock import today
from regions.models import RegionCode, School


class Command(DoorCommand):
    help = "启用一个单位的待启用任职（区划代码或学校标识码）；县代码连同没有单位的三员。"

    def add_arguments(self, parser):
        parser.add_argument("--unit", required=True, help="区划代码或学校标识码")
        parser.add_argument("--by", required=True, help="安全管理员的账号")

    def handle(self, unit, by, **options):
        user, path = self.user(by), self._path(unit)
        waiting = list(inside_unit(path).values_list("pk", flat=True))
        answer = activate(waiting, by=user, on=today())
        for seat, why in answer.left:
            self.stderr.write(f"{seat.user.username} {seat.role_label}：{why}")
        left = inside_unit(path).count()
        self.say({"activated": len(answer.seats), "refused": len(answer.left), "left": left})

    def _path(self, code: str) -> str:
        region = RegionCode.objects.filter(code=code, ended=None).select_related("region").first()
        school = School.objects.filter(code=code).first()
        found = region.region if region else school
        if found is None:
            raise CommandError(f"没有代码是 {code} 的区划或学校。")
        return found.path
