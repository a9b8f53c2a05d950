"""The outbox: messages written in the transaction that caused them, sent by a job, kept readable when nothing can send them."""
