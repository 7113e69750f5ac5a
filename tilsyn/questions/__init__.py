"""Catalogues, question sets, conditions, answers and deadlines: what is asked of a case."""
