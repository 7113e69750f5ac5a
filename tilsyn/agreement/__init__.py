"""How alike two levels read the same cases."""

from tilsyn.agreement.measures import (
    Measure,
    Shift,
    Table,
    ac1,
    clustered_n_eff,
    kappa,
    pabak,
    raw_agreement,
    shift,
    specific_agreement,
)

__all__ = [
    "Measure",
    "Shift",
    "Table",
    "ac1",
    "clustered_n_eff",
    "kappa",
    "pabak",
    "raw_agreement",
    "shift",
    "specific_agreement",
]
