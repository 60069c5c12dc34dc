"""What hangs together (人地物事关联): from any one thing everything tied to it, what lies inside a shape, and one search over all of it.

It owns no table. It reads those of registry, areas and cases together, which none of them may do for the others (decision 0042).
"""
