"""What the project is made of: a bill of materials, and a look at it for known faults, without a network."""
