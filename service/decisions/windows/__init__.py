"""Windows of time that a rule looks at, and the days that they mean for one pupil."""
