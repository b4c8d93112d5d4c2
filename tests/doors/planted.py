"""Doors with a known fault, so that the harness can be seen to find it. No page of the portal leads here."""

from django.core.management import CommandError
from django.db import transaction

from accounts.file_door.commands import ReadingCommand
from accounts.models import User
from regions.models import LegalBasis
from tests.doors.guard import YARDSTICK, stride_of_work
from tests.doors.world import TODAY

ROWS = 6


def write(number: int, title: str = "") -> None:
    LegalBasis.objects.create(
        title=title or f"条款{number}", issuer="测试", article=str(number), text="文", valid_from=TODAY,
        verified_by="测试",
    )  # fmt: skip


class Planted(ReadingCommand):
    """A door that takes whatever comes. Each fault is one of these with its `bring` spoilt."""

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--by", required=True)

    def handle(self, file, by, **options):
        self.bring(self.content(file), self.user(by))
        self.say({"rows": ROWS, "created": ROWS, "applied": True, "rejected": []})

    @transaction.atomic
    def bring(self, content: bytes, by: User) -> None:
        for number in range(ROWS):
            write(number)


class FallsOver(Planted):
    def bring(self, content: bytes, by: User) -> None:
        raise UnicodeDecodeError("utf-8", content, 0, 1, "planted")


class WritesAPart(Planted):
    """Half of the rows stand when the sentence comes."""

    def bring(self, content: bytes, by: User) -> None:
        for number in range(ROWS // 2):
            write(number)
        raise CommandError("第 4 行看不懂，什么都没有导入。")


class Rewrites(Planted):
    """No row more or less, but another one."""

    def bring(self, content: bytes, by: User) -> None:
        User.objects.filter(pk=by.pk).update(name="另一人")
        raise CommandError("什么都没有导入。")


class KeepsWhatIsUnseen(Planted):
    def bring(self, content: bytes, by: User) -> None:
        write(1, "条\u200b款")


class IsSilent(Planted):
    def bring(self, content: bytes, by: User) -> None:
        raise CommandError("ValueError")


class TellsNumbers(Planted):
    def bring(self, content: bytes, by: User) -> None:
        raise CommandError("身份证号 539901201305040013 看不懂。")


class Hoards(Planted):
    def bring(self, content: bytes, by: User) -> None:
        self.held = [b"%d" % number * 40 for number in range(1_400_000)]
        del self.held


class Dawdles(Planted):
    def bring(self, content: bytes, by: User) -> None:
        for _ in range(int(1 / YARDSTICK)):  # two strides each: 2 s
            stride_of_work()


class Dies(Planted):
    def bring(self, content: bytes, by: User) -> None:
        held = []
        while True:
            held.append(bytearray(2**26))


class Unprotected(Planted):
    """Looks whether the rows stand, and then writes them: between the two anybody else may look."""

    def handle(self, file, by, **options):
        if LegalBasis.objects.filter(title__startswith="条款").exists():
            raise CommandError("这份文件已由别人导入，没有重复导入。")
        super().handle(file, by, **options)

    @transaction.atomic
    def bring(self, content: bytes, by: User) -> None:
        for number in range(ROWS):
            write(number, f"条款{number}-{by.username}")
