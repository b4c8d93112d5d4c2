"""What a paper says, read from the rows of a case: who issues it, what happened, who is addressed."""

from collections.abc import Iterable
from datetime import date

from accounts.enums import Role
from accounts.protected import index
from accounts.reach import Held
from attendance.records import AbsenceAssessment, assess
from attendance.rules.streaks import Unseen
from cases import legal_basis
from cases.enums.records import PaperKind, PaperState
from cases.enums.states import ContactWay, EventKind, Met
from cases.fuzzy_dates import FuzzyDate
from cases.law.order_text import COPIES, HELP, Order, full_date, order_paragraphs
from cases.legal_basis import body_name, reviewer_name
from cases.models import Case, Contact, Service
from regions.days import PlaceRules
from students.models import Enrolment, Guardian, Student
from students.rules.identity import mask_id

LAST_CONTACTS = 4
CHECK_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def order_of(
    case: Case,
    seat: Held,
    addressee: Guardian,
    *,
    on: date,
    days: int,
    text: dict,
    place_rules: PlaceRules,
) -> Order:
    """Everything the order says of this case on a day; `text` is what the issuer filled in."""
    student, body = case.student, body_name(seat.role, seat.path)
    run = _run(student, on, place_rules)
    since = run.unexplained[0] if run.unexplained else None
    spell = student.enrolments.open().select_related("school_class__school").first()
    roll = _roll(spell, on)
    basis = legal_basis.fine_basis(seat.path, seat.role, body, on)
    return Order(
        body=body,
        reviewer=reviewer_name(seat.path),
        by_bureau=seat.role is Role.BUREAU,
        issued=on,
        days=days,
        addressee=addressee.name,
        relation=addressee.relation,
        guardian_id=mask_id(addressee.id_no),
        child=student.name,
        sex=student.sex_label,
        birth=student.birth_on,
        xueji_no=student.xueji_no_masked,
        address=student.residence_address or student.household_address,
        roll=roll,
        since=full_date(since) if since else _left(case.left),
        unexplained=len(run.unexplained) or None,
        excused=_after(since, run.explained),
        not_taken=_after(since, run.not_taken),
        contacts=_contacts(student, since or case.left_from or case.opened_on, on),
        criticised=_criticised(case),
        persuaded=_persuaded(case),
        receiving=text.get("receiving") or roll,
        help=text.get("help") or HELP,
        extra=_sentence(text.get("extra", "")),
        person=text.get("person", ""),
        phone=text.get("phone", ""),
        fine=legal_basis.cited(basis) if basis else "",
    )


def _roll(spell: Enrolment | None, on: date) -> str:
    """白水中学八(2)班, or nothing for a child on no roll."""
    return f"{spell.school_class.school.name}{spell.school_class.label(on)}" if spell else ""


def _left(left: FuzzyDate) -> str:
    return "" if left.latest is None else left.label()


def _sentence(said: str) -> str:
    said = said.strip()
    return said if not said or said.endswith("。") else f"{said}。"


def _run(student: Student, on: date, place_rules: PlaceRules) -> Unseen:
    """The school days since the child was last seen; none where nobody can say."""
    answer = assess([student.pk], on, place_rules).get(student.pk)
    return answer.run if isinstance(answer, AbsenceAssessment) else Unseen()


def _after(since: date | None, days: Iterable[date]) -> int:
    """How many of the days lie after the first that counts."""
    return sum(since is not None and day > since for day in days)


def _contacts(student: Student, since: date, on: date) -> tuple[str, ...]:
    rows = student.contacts.filter(on__gte=since, on__lte=on).order_by("-on", "-pk")[:LAST_CONTACTS]
    return tuple(f"{full_date(row.on)}（{_contact_said(row)}）" for row in rows[::-1])


def _contact_said(row: Contact) -> str:
    """家访, or 家访未见到人: an order claims no more than happened."""
    way = ContactWay(row.way).label
    return f"{way}未见到人" if row.met == Met.NOBODY else way


def _criticised(case: Case) -> str:
    event = case.events.filter(kind=EventKind.CRITICISM, round=case.round).last()
    return event.happened.label() if event and event.happened.latest else ""


def _persuaded(case: Case) -> str:
    served = Service.objects.filter(
        paper__case=case,
        paper__round=case.round,
        paper__kind=PaperKind.PERSUASION,
        paper__state=PaperState.ISSUED,
        served_to__isnull=False,
    ).last()
    return served.served.label() if served else ""


def frozen(order: Order, addressee: Guardian, number: str) -> dict:
    """The text of an order as it is kept: printed today, it can be printed again in ten years."""
    paragraphs = order_paragraphs(order)
    return {
        "body": order.body,
        "paragraphs": paragraphs,
        "sealed_on": full_date(order.issued),
        "copies": COPIES,
        "guardian": addressee.uid,
        "receiving": order.receiving,
        "unexplained": order.unexplained,
        "remedies_told": True,
        "check": check_code(number, paragraphs),
    }


def check_code(number: str, paragraphs: list) -> str:
    """核验码: eight signs that only this portal's key gives for this number and these words."""
    digest = bytes.fromhex(index(f"{number}{paragraphs}"))[:8]
    signs = "".join(CHECK_LETTERS[byte % len(CHECK_LETTERS)] for byte in digest)
    return f"{signs[:4]}-{signs[4:]}"
