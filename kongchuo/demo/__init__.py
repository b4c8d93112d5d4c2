"""The demo county: invented places and children with known answers (area code 539901)."""
