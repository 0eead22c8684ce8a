"""A strict Telegram on this machine, with phones in the browser and sample data."""
