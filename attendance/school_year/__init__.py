"""校历与政策: the pages of the school year, where each change shows first what it touches."""
