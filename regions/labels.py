"""Enums that carry their Chinese labels, in the shape of Django's choices, without Django."""

from enum import EnumType, IntEnum, StrEnum


class TextType(EnumType):
    """Gives an enum class `choices`: (value, label) pairs in the order of the members."""

    @property
    def choices(cls) -> list[tuple[str, str]]:
        members: list[Labelled] = list(cls)  # type: ignore[arg-type]
        return [(member.value, member.label) for member in members]


class NumberType(EnumType):
    """The same for an enum of numbers."""

    @property
    def choices(cls) -> list[tuple[int, str]]:
        members: list[LabelledInt] = list(cls)  # type: ignore[arg-type]
        return [(member.value, member.label) for member in members]


class Labelled(StrEnum, metaclass=TextType):
    """`NAME = "value", "标签"`: a member equals its value and has a `label`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Labelled":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class LabelledInt(IntEnum, metaclass=NumberType):
    """`NAME = 1, "标签"`: a member equals its number and has a `label`."""

    label: str

    def __new__(cls, value: int, label: str = "") -> "LabelledInt":
        member = int.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
