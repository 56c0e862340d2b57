"""Places: candidate sites, their weather, sun and prices. Knows nothing of what is built there.

Nothing is imported here: `sites.table` and `sites.site` start without pandas, and the modules
that need pandas, pvlib or geopandas are imported by name where they are used.
"""
