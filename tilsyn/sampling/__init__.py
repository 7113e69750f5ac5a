"""The frame, sample sizes, tickets, and how a draw is recomputed."""
