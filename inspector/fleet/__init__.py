"""Many bundles: found in stores, audited by many processes, kept as reports and tables, and asked questions. `inspector audit` imports none of it."""
