"""The figures of a run: kept, judged, printed, written into the document."""
