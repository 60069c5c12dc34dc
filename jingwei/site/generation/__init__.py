"""An invented city as files, of any size and the same by seed: for the benches, for trying the program, for showing an import."""
