"""The demo county: invented places and children with known answers (area code 539901).

`county` plans places, people and registers as plain records, without a database. `load` writes a
plan in bulk, with what a year leaves behind (contracts, month reports, past snapshots); `make bench`
and tests/factories.py build with the same rows. `scenarios` says what happens to some children on
purpose and which alerts must come of it, and acts it out with the portal's own verbs. Each stands on
the ones before it.
"""
