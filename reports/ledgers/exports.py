"""Exports: every workbook says who, when and why; every child in it leaves a row."""

from datetime import date

from django.db import transaction

from accounts import access
from accounts.enums import Access
from accounts.models import User
from regions.clock import now
from reports.ledgers.ledgers import Ledger, LedgerTable, lack_of_ledger, table
from reports.workbooks import Exported, checked, mark_of, write


@transaction.atomic
def export_ledger(ledger: Ledger, on: date, *, by: User, purpose: str, request=None) -> Exported:
    """A ledger as a workbook, within the user's reach."""
    why = checked(purpose)
    told = now()
    found = table(ledger, on, by=by, today=told.date())
    lack = lack_of_ledger(ledger, on, by=by)
    title = f"{ledger.title}（{on:%Y-%m-%d}）{lack.said}"
    made = write(ledger.title, ledger.header, found.rows, f"{title}：{mark_of(by, told, why)}")
    _log(found, title, by=by, why=why, request=request)
    return made


def _log(found: LedgerTable, title: str, *, by: User, why: str, request) -> None:
    """One row per child; a ledger without children leaves one of its own."""
    for uid in found.uids:
        access.log(Access.EXPORT, "student", uid, by=by, scope=title, reason=why, request=request)
    if not found.uids:
        kind = "ledger" if found.ledger.columns else "contracts"
        access.log(Access.EXPORT, kind, by=by, scope=title, reason=why, request=request)
