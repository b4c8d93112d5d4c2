"""Any table file as the sheets in it."""

from accounts.file_door.formats.csv_tables import read_csv
from accounts.file_door.formats.workbook_tables import read_workbook
from accounts.file_door.kinds import Kind, kind_of
from accounts.file_door.tables import Book


def read_book(content: bytes, filename: str) -> Book:
    """Every visible sheet that holds data, of .xlsx, .xls, .ods or .csv. Raises Refused."""
    kind = kind_of(content, filename)
    return read_csv(content, filename) if kind is Kind.CSV else read_workbook(content, kind)
