"""The node in the village: public site, store, jobs, health."""

import sync.storage.slim_peewee  # noqa: F401 - before peewee is loaded in whatever other way
