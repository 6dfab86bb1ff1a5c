"""Who does the work of batches: processes of this machine, or workers on many machines."""
