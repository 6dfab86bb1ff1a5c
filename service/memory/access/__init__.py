"""What programs ask with and for: keys, pupils as they bring them, letters by reference, the same answer again."""
