"""The edge of the frame for commands: a file comes in as it does through a page, as a user.

A dry run, or with --apply all of it or nothing. One JSON object on standard output; exit 0 when the
command did what it says, or when somebody did it before (`already` says who).
"""

from datetime import date
from io import BytesIO
from pathlib import Path

from django.core.management.base import CommandError

from accounts.door_command import DoorCommand
from accounts.file_door import bounds
from accounts.file_door.door import Answer, Door, bring, preview
from accounts.file_door.outcome import Outcome
from accounts.file_door.rejected import write_rejected
from accounts.models import User
from regions.refusals import Refused


class ReadingCommand(DoorCommand):
    """A command that takes a file."""

    def content(self, file: str) -> bytes:
        """The file's bytes; no more of it is read than is taken. Raises Refused."""
        try:
            if Path(file).stat().st_size > bounds.MAX_BYTES:
                raise Refused(bounds.TOO_LARGE)
            with Path(file).open("rb") as opened:
                content = opened.read(bounds.MAX_BYTES + 1)
        except OSError as unreadable:
            raise CommandError(f"读不了文件 {file}：{unreadable.strerror}。") from unreadable
        if len(content) > bounds.MAX_BYTES:
            raise Refused(bounds.TOO_LARGE)
        return content


class FileCommand(ReadingCommand):
    """A table that comes in: a dry run, or with --apply all of it or nothing."""

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--by", required=True, help="以谁的身份")
        parser.add_argument("--apply", action="store_true", help="不加只预览")
        parser.add_argument(
            "--accept-partial", action="store_true", help="退回的行不导入，其余导入"
        )
        parser.add_argument("--rejected-out", help="退回的行写到哪个 .xlsx")

    def run_door(self, door: Door, options: dict, *, by: User, on: date, **more) -> Answer:
        """Preview the file, or apply it, as the options say."""
        file = options["file"]
        content = self.content(file)
        if not options["apply"]:
            return Answer(preview(door, content, file, by=by, on=on, **more))
        partial = options["accept_partial"]
        return bring(door, content, file, by=by, on=on, partial=partial, **more)

    def finish(self, outcome: Outcome, options: dict, **extra) -> None:
        """Print the outcome. Exit 1 when it was to be applied and was not, now or before."""
        self.say(outcome.as_json() | extra)
        if outcome.already:
            self.stderr.write(outcome.already)
            return
        if outcome.rejected and options.get("accept_partial") and outcome.applied:
            self._give_back(outcome, options)
        if options["apply"] and not outcome.applied:
            raise CommandError(outcome.refusal)

    def _give_back(self, outcome: Outcome, options: dict) -> None:
        target = options.get("rejected_out") or _beside(options["file"])
        try:
            written = BytesIO()
            write_rejected(written, outcome)
            Path(target).write_bytes(written.getvalue())
        except OSError as unwritable:
            raise CommandError(
                f"其余的行已经导入；退回的 {outcome.rejected_rows} 行写不进 {target}，"
                "请看上面的 rejected。"
            ) from unwritable
        self.stderr.write(f"退回 {outcome.rejected_rows} 行，见 {target}。")


def _beside(file: str) -> str:
    path = Path(file)
    return str(path.with_name(f"{path.stem}-退回.xlsx"))
