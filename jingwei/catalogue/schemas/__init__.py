"""What the catalogue's doors take and answer: one file for each kind of thing."""
