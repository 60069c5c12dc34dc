"""The demonstration: a real quarter, schematic grids, invented people and some weeks of their cases."""
