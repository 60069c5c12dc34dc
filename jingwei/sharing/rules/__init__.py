"""How another system's rows become cases: a mapping, read and checked; a row, read by a mapping."""
