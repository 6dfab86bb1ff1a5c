"""Long runs of what must hold whatever comes in: `make test-long`."""
