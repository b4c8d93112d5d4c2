"""Our own roster template: the columns the import knows, with lists to choose from."""

from accounts.workbooks import Sheet, add_validation
from students.headers import TEMPLATE
from students.rules import spellings

LISTS = {
    "sex": spellings.SEX,
    "ethnicity": spellings.ETHNICITY,
    "id_doc_type": spellings.ID_DOC_TYPE,
    "boarding": spellings.BOARDING,
    "left_behind": spellings.LEFT_BEHIND,
}


def roster_template() -> Sheet:
    """An empty sheet of the template; every column is text, so that Excel spoils no number."""
    fields = list(TEMPLATE)
    sheet = Sheet(
        "学生信息",
        list(TEMPLATE.values()),
        widths=[max(10, len(heading) * 2 + 2) for heading in TEMPLATE.values()],
        text_columns=range(len(fields)),
    )
    for name, codes in LISTS.items():
        add_validation(sheet, fields.index(name), list(codes.labels.values()))
    return sheet
