"""From the outbox to a messenger: pump, pacer, outcomes."""
