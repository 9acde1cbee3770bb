"""The node in the village: public site, store, jobs, health."""
