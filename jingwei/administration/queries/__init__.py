"""What a unit holds; the whole configuration as parts."""

from jingwei.administration.queries.configuration import configuration
from jingwei.administration.queries.holdings import Holdings, holdings, lasting_grants, lasting_rules

__all__ = ["Holdings", "configuration", "holdings", "lasting_grants", "lasting_rules"]
