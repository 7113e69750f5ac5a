"""A letter as a mail that opens as a draft: nothing in it changes from one writing to the next."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.policy import SMTP

from tilsyn.reviews.letters import Letter

_WORKBOOK = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def mail_bytes(letter: Letter, workbook: bytes | None) -> bytes:
    """Return a letter as a mail with its workbook; it has no sender and no time, for nobody has sent it."""
    mail = EmailMessage(policy=SMTP)
    # What opens it shall let it be read and sent, not show it as received.
    mail["X-Unsent"] = "1"
    if letter.to:
        mail["To"] = ", ".join(letter.to)
    mail["Subject"] = letter.subject
    mail.set_content(letter.body, cte="quoted-printable")
    if workbook is not None:
        maintype, subtype = _WORKBOOK
        mail.add_attachment(workbook, maintype=maintype, subtype=subtype, filename=f"{letter.name}.xlsx")
        # The library would choose one by chance.
        mail.set_boundary(f"tilsyn-{hashlib.sha256(letter.body.encode() + workbook).hexdigest()[:32]}")
    return mail.as_bytes()
