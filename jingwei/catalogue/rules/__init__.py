"""The catalogue's rules, on plain values: clocks, processes, dispatch, and how its files are read. No Django in here."""
