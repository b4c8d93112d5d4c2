"""What the school's word on a request would do, said before it is given."""

from dataclasses import dataclass
from datetime import date

from attendance.authorised_absences.deciders import Decider, decider_of
from attendance.authorised_absences.weighing import weigh
from attendance.rules.second_word import AbsenceRequest, why_refused, why_second
from regions.days import PlaceRules
from students.models import AuthorisedAbsence


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the school's word would do: nothing (`refusal`), pass the request on to `decider` and why,
    or be enough."""

    asked: AbsenceRequest
    refusal: str
    why_second: str
    decider: Decider

    @property
    def said(self) -> str:
        """Read beside the button, before it is pressed."""
        if self.refusal:
            return f"现在还不能同意：{self.refusal}"
        if not self.why_second:
            return "同意后即为已批准，不用再报。"
        proven = f"有证明，等{self.decider.short}批期间 5 个教学日内不升级。"
        waits = proven if self.asked.proof else "批准前照常升级，可以先补证明。"
        return f"学校同意后还要报{self.decider.name}批准：{self.why_second}。{waits}"

    @property
    def press(self) -> str:
        return f"同意，报{self.decider.short}批准" if self.why_second else "同意"


def outlook_of(
    absence: AuthorisedAbsence, *, on: date, place_rules: PlaceRules | None = None
) -> Outlook:
    """The act asks it, and the page before the act. It need not be stored yet."""
    asked = weigh(absence, on=on, proof=bool(absence.proof), place_rules=place_rules)
    decider = decider_of(absence, on, place_rules)
    return Outlook(asked, why_refused(asked), why_second(asked), decider)
