"""How a verb says no: one exception, whose message is shown to the person who asked."""

UNDECIDED = "无法核定：校历未定"  # in place of a number that needs a day nobody has decided


def undecided_classes(count: int) -> str:
    """What nobody can say while the calendar leaves `count` classes open, and who decides it."""
    return f"{UNDECIDED}（{count:,} 个班）。由县教育体育局补录校历。"


class Refused(Exception):
    """A rule said no. The message is one clear Chinese sentence and reaches the screen as it is."""


class NoCalendar(Refused):
    """Nobody has decided whether a day is a school day, so nothing is counted on it.

    `what` names the undecided thing (a day, a year, a term); `who` says who can decide it and where.
    """

    def __init__(self, what: str, who: str = "县教育体育局（校历与政策）") -> None:
        super().__init__(f"{UNDECIDED}（{what}）。由{who}补录校历。")
        self.undecided, self.what, self.who = UNDECIDED, what, who
