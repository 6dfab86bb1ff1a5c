"""What a request, a file or a row says -> values of the register and the record, or everything that is wrong."""
