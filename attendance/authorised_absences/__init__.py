"""有手续不在校: the one door for explained days. Nobody else writes the table of AuthorisedAbsence."""
