"""SQLite as both programs use it: pragmas, migrations, and one writer that shares each commit."""
