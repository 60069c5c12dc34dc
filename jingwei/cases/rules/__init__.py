"""The loop's rules on plain values: clocks, forms, guards, and the one decision what a move does."""
