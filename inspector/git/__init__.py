"""A clone's own repository, read without git: objects, packs, trees and the index."""
