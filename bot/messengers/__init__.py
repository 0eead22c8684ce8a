"""One file per messenger behind one Protocol."""
