"""What `tilsyn.toml` may say: its schema, the plan, and how its text is read."""
