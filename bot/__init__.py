"""The engine room of Bồi Dưỡng: everything but the words, the conversations and the timetable."""
