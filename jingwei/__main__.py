"""`python -m jingwei`: the same as the command `jingwei`."""

from jingwei.site.cli import main

main()
