"""What changes from one request to the next is named; what a template engine may write otherwise is
written one way."""

import json
import re
from html.parser import HTMLParser
from io import BytesIO

from openpyxl import load_workbook

VOLATILE = [
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "{uuid}"),
    (re.compile(r"\b[0-9A-Za-z]{64}\b"), "{token}"),  # CSRF tokens, SHA-256
    (re.compile(r"(nonce(?:=\"|-))[\w+/=-]+"), r"\1{nonce}"),
    (re.compile(r"\.[0-9a-f]{12}(\.(?:css|js|svg|png|woff2?|map)\b)"), r".{hash}\1"),
    (re.compile(r"(\d\d:\d\d:\d\d)\.\d+"), r"\1"),
    (re.compile(r"\b\d+(?:\.\d+)?( ?(?:毫秒|ms)(?![A-Za-z]))"), r"{duration}\1"),
    (re.compile(r"/tmp/kongchuo-net-[^/\"'\s]+"), "{var}"),
]
VOID = set("area base br col embed hr img input link meta source track wbr".split())
INLINE = set(
    "a abbr b bdi br button code em i img input kbd label mark meter output progress q s samp select"
    " small span strong sub sup svg time u var".split()
)
VERBATIM = {"pre", "textarea"}
SPACE = re.compile(r"[ \t\r\n\f]+")
GAP = "␣"


def settled(text: str, request_id: str = "") -> str:
    """The text without what no two requests share."""
    if request_id:
        text = text.replace(request_id, "{request}")
    for pattern, name in VOLATILE:
        text = pattern.sub(name, text)
    return text


def pretty_json(text: str) -> str:
    """JSON one value a line, keys sorted; other text as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    except ValueError:
        return text


def cells_of(content: bytes) -> str:
    """A workbook as lines: sheet, cell, value, number format."""
    lines = []
    for sheet in load_workbook(BytesIO(content)).worksheets:
        lines.append(f"[{sheet.title}] {sheet.dimensions} {sheet.sheet_state}")
        for row in sheet.iter_rows():
            lines += [
                f"{cell.coordinate}\t{cell.value!r}\t{cell.number_format}"
                for cell in row
                if cell.value is not None
            ]
    return "\n".join(lines) + "\n"


def outline(html: str, *, gaps: bool = False) -> list[str]:
    """A page as lines, one for each tag and each text.

    Whitespace at the edges of a text and between tags is dropped, other runs become one space,
    entities are characters, attributes are sorted, comments dropped. With `gaps` a space that a
    reader sees beside an inline element stays, as a line of its own.
    """
    reader = _Outline(gaps)
    reader.feed(html)
    reader.close()
    reader.end()
    return reader.lines


class _Outline(HTMLParser):
    def __init__(self, gaps: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.gaps, self.lines = gaps, []
        self.text, self.inside, self.beside_inline = "", [], False

    def handle_starttag(self, tag, attrs):
        self._end_text(tag)
        written = sorted((name, _one_space(value or "")) for name, value in attrs)
        self.lines.append(f"<{tag}{''.join(f' {n}={json_text(v)}' for n, v in written)}>")
        if tag not in VOID:
            self.inside.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        self._end_text(tag)
        self.lines.append(f"</{tag}>")
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data):
        self.text += data

    def handle_decl(self, decl):
        self.lines.append(f"<!{decl.lower()}>")

    def end(self) -> None:
        self._end_text("")

    def _end_text(self, tag: str) -> None:
        """Write the text before `tag`."""
        text, self.text = self.text, ""
        before, self.beside_inline = self.beside_inline, tag in INLINE
        if VERBATIM & set(self.inside):
            if text:
                self.lines.append(json_text(text.replace("\r\n", "\n").removeprefix("\n")))
            return
        if self.inside[-1:] == ["script"]:
            self.lines += pretty_json(text).split("\n") if text.strip() else []
            return
        words = _one_space(text).replace("<", "&lt;")
        if not words:
            if self.gaps and text and before and self.beside_inline:
                self.lines.append(GAP)
            return
        if self.gaps and before and text[0].isspace():
            self.lines.append(GAP)
        self.lines.append(words)
        if self.gaps and self.beside_inline and text[-1].isspace():
            self.lines.append(GAP)


def _one_space(text: str) -> str:
    return SPACE.sub(" ", text).strip(" ")


def json_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
