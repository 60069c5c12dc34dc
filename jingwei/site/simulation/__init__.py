"""The simulator: days of a city's cases through the real actions, mixed as real events were; live, or for training."""

from pathlib import Path

LIVELIHOOD = Path(__file__).parent / "livelihood_matters.csv"  # the classes of the fit that the national standard does not have
