"""The words of bringing a child back."""

from enum import Enum


class ContactWay(str, Enum):
    """How somebody tried to reach the family."""

    VISIT = "visit"
    CALL = "call"
    LETTER = "letter"
    TALK = "talk"


CONTACT_WAY_LABELS = {
    ContactWay.VISIT: "家访",
    ContactWay.CALL: "电话",
    ContactWay.LETTER: "书信",
    ContactWay.TALK: "谈话",
}


class Met(str, Enum):
    """Who was met. Nobody is a result too."""

    CHILD = "child"
    GUARDIAN = "guardian"
    BOTH = "both"
    NOBODY = "nobody"


MET_LABELS = {
    Met.CHILD: "见到学生",
    Met.GUARDIAN: "见到家长",
    Met.BOTH: "学生和家长都见到",
    Met.NOBODY: "未见到人",
}
