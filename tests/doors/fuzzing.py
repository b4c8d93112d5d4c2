"""One spoilt file through one door, and what is wrong with how the door took it.

A door may refuse with a sentence, reject rows, or take the file. It may not fall over, write a part,
say one thing at the preview and do another, keep what it should have cleaned, or take more than
SECONDS and MIB.
"""

import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from django.test import Client
from django.test.utils import override_settings

from tests.doors import guard, seeds, world
from tests.doors.faces import DOORS, Answer, Door, File, browser
from tests.doors.guard import Meter
from tests.doors.mutators import spoilt

SECONDS, MIB = 10.0, 300.0
SPREAD = 1.5  # by which a reading of the seconds is off on a machine that does much else
SENTENCE = re.compile(r"[\u4e00-\u9fff]{2}.*。", re.DOTALL)
ID_NUMBER = re.compile(r"(?<![0-9])539901(?:19|20)\d{9}[0-9X]")


@dataclass
class Place:
    """The county of a child process: who is logged in, and a folder for files."""

    county: world.County
    folder: Path
    clients: dict[str, Client] = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    seconds: float = SECONDS * SPREAD
    mib: float = MIB


@dataclass
class Verdict:
    faults: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    meter: Meter = field(default_factory=Meter)

    def as_json(self) -> dict:
        return {
            "faults": self.faults, "said": self.said,
            "seconds": round(self.meter.seconds, 2), "mib": round(self.meter.mib, 1),
        }  # fmt: skip


def build() -> Place:
    """In the child: the county, a browser for each who brings files, and what stands."""
    folder = Path(tempfile.mkdtemp(prefix="kongchuo-fuzz-"))
    override_settings(
        KONGCHUO_TODAY=world.TODAY, MEDIA_ROOT=folder / "media", KONGCHUO_SEALED=folder / "sealed"
    ).enable()
    place = Place(world.county(), folder)
    place.clients = {name: browser(user) for name, user in place.county.people.items()}
    place.before = world.standing()
    _warm(place)
    return place


def _warm(place: Place) -> None:
    """An honest file through each door: what is loaded on first use belongs to no case."""
    for door in DOORS.values():
        file = seeds.honest(door.name)
        if door.page:
            door.page.upload(place.clients[door.role], file)
        with guard.undone():
            door.command.run(
                on_disk(place.folder, file), place.county.people[door.role], apply=True
            )


def run(place: Place, case: dict) -> dict:
    """The case {door, number, seed} as a Verdict in JSON."""
    door = DOORS[case["door"]]
    found = spoilt(case["door"], case["number"], case["seed"])
    by_page = door.page is not None and Random(case["number"]).random() < 0.5
    verdict = (send_by_page if by_page else send_by_command)(place, door, found.file)
    return verdict.as_json() | {"kind": found.kind, "face": "page" if by_page else "command"}


def send_by_page(place: Place, door: Door, file: File) -> Verdict:
    """Upload; where the preview offers it, confirm."""
    verdict = Verdict()
    client = place.clients[door.role]
    with verdict.meter.running():
        preview = door.page.upload(client, file)
    _check(place, verdict, preview.answer, "preview")
    if not verdict.faults and preview.offers:
        with verdict.meter.running():
            answer = door.page.confirm(client, preview)
        _check(place, verdict, answer, "confirm")
    return _bounded(place, verdict)


def send_by_command(place: Place, door: Door, file: File) -> Verdict:
    """A dry run where there is one, then the same with --apply."""
    verdict = Verdict()
    path, by = on_disk(place.folder, file), place.county.people[door.role]
    dry = None
    if not door.command.applies:
        with verdict.meter.running():
            dry = door.command.run(path, by)
        _check(place, verdict, dry, "dry run")
    if not verdict.faults:
        with verdict.meter.running():
            answer = door.command.run(path, by, apply=True)
        _check(place, verdict, answer, "apply")
        if dry and not dry.status and not dry.rejected and dry.counts:
            _kept_word(verdict, dry, answer)
    path.unlink(missing_ok=True)
    return _bounded(place, verdict)


def on_disk(folder: Path, file: File) -> Path:
    """The file under its name, or under its extension where no disk takes the name."""
    try:
        path = folder / file.name
        if path.parent != folder:
            raise ValueError(file.name)
        path.write_bytes(file.content)
    except (OSError, ValueError):
        path = folder / f"x{Path(file.name).suffix[:6]}"
        path.write_bytes(file.content)
    return path


def _check(place: Place, verdict: Verdict, answer: Answer, when: str) -> None:
    verdict.said.append(
        f"{when}: {answer.status} {'applied' if answer.applied else ''} {answer.text[-200:]}"
    )
    if answer.crash:
        verdict.faults.append(f"{when} fell over: {answer.crash[-1500:]}")
        return
    if differs := world.changed(place.before, world.standing()):
        if not answer.applied:
            verdict.faults.append(f"{when} wrote although it was not applied: {differs}")
        verdict.faults += [f"{when} kept {fault}" for fault in world.foul()]
    if answer.status not in (0, 200) and not SENTENCE.search(answer.text):
        verdict.faults.append(f"{when} refused without a sentence: {answer.text[:200]!r}")
    if number := ID_NUMBER.search(answer.text):
        verdict.faults.append(f"{when} shows the identity number {number[0][:6]}…")


def _kept_word(verdict: Verdict, dry: Answer, answer: Answer) -> None:
    if not answer.applied or answer.counts != dry.counts:
        verdict.faults.append(
            f"the preview had no rejection and counted {dry.counts}, the apply answered "
            f"{answer.status} {answer.counts} {answer.text[-300:]}"
        )


def _bounded(place: Place, verdict: Verdict) -> Verdict:
    if verdict.meter.seconds > place.seconds:
        verdict.faults.append(f"took {verdict.meter.seconds:.1f} s")
    if verdict.meter.mib > place.mib:
        verdict.faults.append(f"took {verdict.meter.mib:.0f} MiB")
    return verdict
