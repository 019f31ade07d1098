"""What acts when a bundle is loaded without being code itself: settings that name code, files that act by where they stand, secrets."""
