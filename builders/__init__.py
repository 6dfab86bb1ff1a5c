"""What builds the letters and forms that come with the service; not part of the service."""
