"""The books: accounts, balanced append-only entries, kept balances, and the sealed chain that proves them."""
