"""The steps from each earlier shape of the database to the next one."""
