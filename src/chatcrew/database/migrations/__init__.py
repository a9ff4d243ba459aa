"""The history of the database's tables, one file per revision below ``versions``."""
