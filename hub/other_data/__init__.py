"""Series of other offices: weekly counts from CSV, kept, shown and watched beside the reports."""
