"""What differs from city to city, as data with versions: matters, filing standards, processes, limits, calendars, dispatch."""
