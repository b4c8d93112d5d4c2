"""Who stands behind a number of a snapshot: read from what it stored, never counted again."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import User
from regions.enums import Stage
from regions.paths import covers, inside
from reports.enums import CohortCount, Flow, PlaceCount, StudentStatus
from reports.models import Snapshot
from reports.queries.snapshots import cohort_at
from reports.rules.packed_ids import unpack
from students.models import Student

# More children than this are not asked for one by one: all that the user sees are read instead.
ASKED_SINGLY = 5000


@dataclass
class People:
    """The counts of a place, and the people behind those asked for.

    `paths`: by child where it stood: its class, or the place where a number is judged place by place.
    `unnamed`: how many of the count nobody knows by name (brought from before the portal).
    `county`: where all stood for certain, when a number is judged place by place.
    """

    counts: Counter[str] = field(default_factory=Counter)
    paths: dict[int, str] = field(default_factory=dict)
    unnamed: int = 0
    county: str = ""

    @property
    def stood(self) -> dict[int, str]:
        """By child the narrowest place in which it stood on the day for certain."""
        return dict.fromkeys(self.paths, self.county) if self.county else self.paths


def behind_classes(
    snapshot: Snapshot,
    path: str,
    keys: Iterable[StudentStatus | PlaceCount],
    stage: Stage | None = None,
) -> People:
    """The people of counts that add up from the classes of a place, class by class. One statement."""
    people, wanted = People(), [key.value for key in keys]
    cells = snapshot.cells.filter(Q(path=path) | inside("path", path) & Q(level="class"))
    if stage:
        cells = cells.filter(stage=stage)
    for place, level, counts, who, listed in cells.order_by("path", "stage").values_list(
        "path", "level", "counts", "who", "listed"
    ):
        if place == path:
            people.counts.update(counts)
            people.unnamed += 0 if listed else sum(counts.get(key, 0) for key in wanted)
        if level == "class":
            for key in wanted:
                people.paths.update(dict.fromkeys(unpack(who.get(key, "")), place))
    return people


def behind_flow(snapshot: Snapshot, path: str, flow: Flow) -> People:
    """The people of a flow, as the place itself judged them. One statement."""
    people = People(county=snapshot.county_path)
    cells = snapshot.cells.filter(path=path).order_by("stage")
    for counts, who, listed in cells.values_list("counts", "who", "listed"):
        people.counts.update(counts)
        people.unnamed += 0 if listed else counts.get(flow, 0)
        people.paths.update(dict.fromkeys(unpack(who.get(flow, "")), path))
    return people


def behind_cohort(snapshot: Snapshot, path: str, count: CohortCount) -> People:
    """The people of a cohort whom the rolls name; a baseline names nobody. One statement."""
    cohort = cohort_at(snapshot, path)
    if cohort is None:
        return People()
    paths = dict.fromkeys(unpack(cohort.who.get(count, "")), path)
    given = cohort.given.get(count, 0)
    return People(Counter(cohort.counts), paths, given, snapshot.county_path)


def seen_of(user: User, people: People) -> dict[int, str]:
    """The children a user may see, each with its class today; one statement whatever their number.

    A child is seen as it is today, and by who answered for it on the day of the number: whose line
    of schools covers where it stood then. A flow says of a child that it went elsewhere: of those
    who left, only today's reach and the county's line read more.
    """
    held = user.reach.school_paths
    then = {pk: at for pk, at in people.stood.items() if any(covers(line, at) for line in held)}
    children = Student.objects.visible_to(user)
    if len(people.paths) <= ASKED_SINGLY:
        children |= Student.objects.filter(pk__in=list(then))
        children = children.filter(pk__in=list(people.paths))
        return dict(children.values_list("pk", "school_path"))
    # No pupil is ever deleted: who stood in a class then is there still.
    now = {pk: at for pk, at in children.values_list("pk", "school_path") if pk in people.paths}
    return then | now
