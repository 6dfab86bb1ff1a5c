"""Letters that a signatory must approve before they leave: asked for, approved, refused."""
