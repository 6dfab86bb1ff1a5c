"""Batches with memory: started, shown, released, issued in chunks, cancelled and tried again."""
