"""Buildings, their rooms as lists and as a matrix, one room on a day, coding rules and plates."""

from jingwei.registry.queries.rooms.buildings import (
    BuildingFilter,
    BuildingRow,
    BuildingWhole,
    Happened,
    building_page,
    building_subject,
    building_whole,
    happened,
)
from jingwei.registry.queries.rooms.coding import building_example, coding_rules, example_code
from jingwei.registry.queries.rooms.matrix import Matrix, MatrixRoom, room_matrix
from jingwei.registry.queries.rooms.plates import PlateOnPaper, PlateRow, PublicPlate, plates_of, plates_on_paper, public_plate
from jingwei.registry.queries.rooms.premises import PremisesHere, premises_of_building
from jingwei.registry.queries.rooms.rooms import FormerState, PremisesIn, RoomFilter, RoomRow, RoomWhole, room_page, room_whole

__all__ = [
    "BuildingFilter", "BuildingRow", "BuildingWhole", "FormerState", "Happened", "Matrix", "MatrixRoom", "PlateOnPaper", "PlateRow", "PremisesHere",
    "PremisesIn", "PublicPlate", "RoomFilter", "RoomRow", "RoomWhole", "building_example", "building_page", "building_subject", "building_whole",
    "coding_rules", "example_code", "happened", "plates_of", "plates_on_paper", "premises_of_building", "public_plate", "room_matrix", "room_page",
    "room_whole",
]  # fmt: skip
