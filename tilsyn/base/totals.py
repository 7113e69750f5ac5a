"""The words that begin a line of totals under a list."""

from __future__ import annotations

# For Python's regular expressions and the database's, in lower case.
TOTAL_WORDS = "(?:i alt|ialt|total(?:er|s|t)?|sum|subtotal|gennemsnit|gns|average|antal|count)"
