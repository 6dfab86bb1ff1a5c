"""JSON of this service, and of other systems by shape files, which say where things are in it."""
