"""An export as an MIS really makes it -> numbered pupil records, or why not."""
