"""The hub's database: SQLite or PostgreSQL behind one door."""
