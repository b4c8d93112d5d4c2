"""What a row of a statuses file hangs together with, weighed as the bureau's word will weigh it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from attendance.authorised_absences.weighing import AGREED, AROUND, span_of, states_of
from attendance.enums import DayState
from attendance.rules.absence_kinds import KINDS, WITHOUT_LIMIT
from attendance.rules.second_word import AbsenceRequest, Span, chain_of, count_days, why_refused
from regions.days import place_rules_of
from regions.paths import county_of
from students.enums import AbsenceKind
from students.models import AuthorisedAbsence


def asked_by_file(
    kind: AbsenceKind, span: Span, chain: Iterable[Span] = (), *, proof: str
) -> AbsenceRequest:
    """Kinds that a file brings are never the school's alone: their days need no calendar."""
    chained = count_days(kind, [*chain] or [span], [])
    return AbsenceRequest(kind, span.days, chained, span.days, proof=bool(proof))


@dataclass
class Chains:
    """By child what its school days were, of those who may have more than one span of a kind."""

    states: Mapping[int, Mapping[date, DayState]]

    @classmethod
    def of(
        cls,
        spells: Iterable[AuthorisedAbsence],
        standing: Mapping[int, list[AuthorisedAbsence]],
        on: date,
    ) -> "Chains":
        """Read for all spells of a file at once, by county; nothing where none hangs together."""
        told: dict[tuple[int, str], list[AuthorisedAbsence]] = defaultdict(list)
        for spell in spells:
            if KINDS[AbsenceKind(spell.kind)].chain < WITHOUT_LIMIT:
                told[spell.student_id, spell.kind].append(spell)
        linked: dict[str, dict[int, date]] = defaultdict(dict)
        for (pk, _), own in told.items():
            near = [*own, *(other for one in own for other in _near(one, standing.get(pk, [])))]
            if len(near) > 1:
                linked[county_of(own[0].path)][pk] = min(one.first for one in near)
        states: dict[int, Mapping[date, DayState]] = {}
        for county, since in linked.items():
            states |= states_of(since, min(since.values()), on, place_rules_of(county))
        return cls(states)

    def why_refused(self, spell: AuthorisedAbsence, standing: list[AuthorisedAbsence]) -> str:
        """Why the bureau could not approve the spell beside what stands; "" when it could."""
        kind, span = AbsenceKind(spell.kind), span_of(spell)
        others = [span_of(one) for one in _near(spell, standing)]
        chain = chain_of(span, others, self.states.get(spell.student_id, {}))
        return why_refused(asked_by_file(kind, span, chain, proof=spell.proof))


def _near(spell: AuthorisedAbsence, standing: list[AuthorisedAbsence]) -> list[AuthorisedAbsence]:
    """What was agreed to of its kind, near enough to hang together."""
    return [
        one
        for one in standing
        if one.kind == spell.kind
        and one.state in AGREED
        and one.first <= spell.last + AROUND
        and one.last >= spell.first - AROUND
    ]
