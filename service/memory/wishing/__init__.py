"""What people want of a pupil's next letter: kept until it is issued, and with it afterwards."""
