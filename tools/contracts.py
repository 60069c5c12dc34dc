"""A contract for import-linter: which files of a package may be touched from outside."""

import re

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Doors(Contract):
    """From outside, touch only a package's `models`, `queries`, `actions`, and its `rules` (pure values and functions).

    `open`: packages all of whose modules are for everybody. `inside`: packages that may see every other's doors.
    """

    type_name = "doors"
    root = fields.StringField()
    public = fields.ListField(subfield=fields.StringField())
    open = fields.ListField(subfield=fields.StringField())
    inside = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = []
        for importer in sorted(graph.find_descendants(self.root)):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                ours, theirs = (re.match(rf"{self.root}\.(\w+)\.?(\w*)", module) for module in (importer, imported))
                if not ours or not theirs or ours[1] == theirs[1] or theirs[1] in self.open or ours[1] in self.inside:
                    continue
                if theirs[2] not in self.public:
                    broken.append(f"{importer} touches {imported}")
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(line, bold=False)
