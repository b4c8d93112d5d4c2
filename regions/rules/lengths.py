"""Texts are kept whole: what does not fit its column is refused, never cut. A reason says something."""

from regions.refusals import Refused

SHORTEST_REASON = 6  # characters, as a cause of leave (the school's year, §5)


def whole(said: str, most: int, what: str) -> str:
    """The text as it is. Raises Refused where it is longer than its column, `most` characters."""
    if len(said) > most:
        raise Refused(f"{what}最多 {most} 个字，现在 {len(said)} 个字，请写短一些。")
    return said


def reason_of(said: str, what: str, *, most: int = 200) -> str:
    """Why something was undone or refused, trimmed. Raises Refused where it is hardly a word, or longer
    than its column; `what` names it: 撤销的原因."""
    told = said.strip()
    if len(told) < SHORTEST_REASON:
        raise Refused(f"请写明{what}，至少 {SHORTEST_REASON} 个字，现在 {len(told)} 个字。")
    return whole(told, most, what)
