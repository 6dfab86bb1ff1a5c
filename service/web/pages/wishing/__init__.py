"""What an officer wishes for one letter, on the page of its decision."""
