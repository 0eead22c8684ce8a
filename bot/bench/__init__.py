"""Load benches: the whole program against bare loops and other tools, in one run. Nothing is asserted here."""
