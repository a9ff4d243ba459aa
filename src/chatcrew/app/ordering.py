"""Wires what nothing but an operator's command reaches: browsers, words on replies, accounts."""

from chatcrew.app.corrections import corrections_over
from chatcrew.app.foundation import Foundation
from chatcrew.app.telling import WhyNotes, why_over
from chatcrew.hub.orders import Ordered
from chatcrew.pairing import PostgresPairings
from chatcrew.why import PostgresJudgements
from chatcrew.worker.judging import StoredJudging
from chatcrew.worker.pairing import StoredPairing


def open_ordered(base: Foundation) -> Ordered:
    """Return it over our records."""
    why = why_over(base)
    return Ordered(
        StoredPairing(PostgresPairings(base.database, base.clock)),
        StoredJudging(PostgresJudgements(base.database, base.clock), why=why),
        corrections_over(base.database, base.clock),
        whys=WhyNotes(why, configuration=lambda: base.directory.current),
    )
