"""Values and rules without a database: money, periods, ids, refusals, reasons. Pure Python, no Django."""
