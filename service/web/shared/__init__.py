"""What the pages share: who asks, how they look and speak, lists, pictures, and runs of issuing."""
