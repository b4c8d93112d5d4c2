"""The one way files come in: places, people, calendars, policies, statuses, registers, cases, cohorts
and rosters.

    bound → decode → read every sheet → find the header → normalise → plan → show →
    claim → plan again and apply in one transaction under one lock → answer

A kind of file is a `door.Door`: its columns, a plan function, an apply function. The steps, from
left to right: `kinds` and `bounds` (what the bytes are, how much is taken), `reading` (`csv_tables`,
`workbook_tables`, `json_entries`), `cells` and `tables` (clean values in bounded grids), `headings`,
`notes`, `merged_cells` and `rows` (data rows with their addresses), `outcome` (what would happen,
what was rejected), `door` (preview and apply), `claims` (once, one after another), `storing` (sealed
uploads), `pages` and `commands` (the two edges).
"""
