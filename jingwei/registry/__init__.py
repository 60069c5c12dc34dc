"""Addresses, buildings, roads, land and landmarks; rooms, people, organisations and components follow."""
