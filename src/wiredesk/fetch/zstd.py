"""zstd as it comes with Python from 3.14 on; before that from the package that holds the same."""

import sys

if sys.version_info >= (3, 14):
    from compression.zstd import DecompressionParameter, ZstdDecompressor, ZstdDict, ZstdError
else:
    from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdDict, ZstdError

__all__ = ["DecompressionParameter", "ZstdDecompressor", "ZstdDict", "ZstdError"]
