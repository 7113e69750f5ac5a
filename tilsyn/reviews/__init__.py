"""The life of a checklist: contents, layout, reading, checks, conflicts, and what is in force."""
