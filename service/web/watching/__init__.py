"""What whoever watches the service is told: each part, and figures of the work."""
