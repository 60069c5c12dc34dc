"""What helps in an emergency, among the landmarks of the base map and the classes of components."""

# Landmarks by the kinds that OpenStreetMap has.
LANDMARKS = (
    "hospital", "clinic", "doctors", "pharmacy", "police", "fire_station", "fire_hydrant", "ambulance_station", "shelter", "assembly_point",
    "defibrillator", "school", "kindergarten", "community_centre", "townhall", "fuel", "nursing_home", "social_facility",
)  # fmt: skip
# Classes of components by their names: GB/T 47678.5-2026 has 消防设施 and 应急避难指示牌; cities name their own.
CLASSES = "消防|消火栓|避难|应急|急救|AED|除颤|防汛|救生|微型消防站|hydrant|defibrillator|shelter|emergency"
