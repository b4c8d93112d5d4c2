"""Texts are kept whole: what does not fit its column is refused, never cut."""

from regions.refusals import Refused


def whole(said: str, most: int, what: str) -> str:
    """The text as it is. Raises Refused where it is longer than its column, `most` characters."""
    if len(said) > most:
        raise Refused(f"{what}最多 {most} 个字，现在 {len(said)} 个字，请写短一些。")
    return said
