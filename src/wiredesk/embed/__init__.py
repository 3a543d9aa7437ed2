"""Texts -> unit vectors that lie near each other where the texts tell the same.  Optional; nothing is ever downloaded.

A model is loaded with the first text, and its package is not imported before.
"""

from wiredesk.embed.embedder import Embedder, unit, wording
from wiredesk.embed.folder import FolderEmbedder
from wiredesk.embed.packages import EXTRAS, PackageEmbedder
from wiredesk.embed.service import ServiceEmbedder

__all__ = ["EXTRAS", "Embedder", "FolderEmbedder", "PackageEmbedder", "ServiceEmbedder", "unit", "wording"]
