"""Jingwei (经纬): the platform of community grid service."""

__version__ = "0.1.0"
