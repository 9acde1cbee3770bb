"""Reports from phones with ODK Collect or KoboCollect: the form, and what it sends."""
