"""The doors to cases. They parse, make one call, and answer."""

from jingwei.cases.api import advice, cases, files, queues, supervision, trial
from jingwei.cases.api.values import router

__all__ = ["advice", "cases", "files", "queues", "router", "supervision", "trial"]
