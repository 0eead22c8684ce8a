"""What happens by itself: the timetable, its runner, one file per kind of tick."""
