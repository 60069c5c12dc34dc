"""What `make bench` runs: each measurement beside a floor that was measured in the same run."""
