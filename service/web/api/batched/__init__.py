"""/v1/batches: many letters at once, from a cohort that is sent to the files that come of it."""
