"""Content codings, piece by piece."""

import gzip
import random
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.errors import UnreadableError
from wiredesk.fetch.coding import CodingError, Unpacker, decoded


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": [gzip.compress, lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])],
    "deflate": [zlib.compress, raw_deflate],
    "br": [brotli.compress],
    "zstd": [zstd.compress, lambda data: zstd.compress(data[:9]) + zstd.compress(data[9:])],
}
codings = st.lists(st.sampled_from([(name, pack) for name, packs in PACKERS.items() for pack in packs]), max_size=3)


@given(codings, st.binary(), st.integers(1, 50))
def test_what_was_packed_comes_back(layers, data, step):
    """Any codings over one another, in pieces of any size; several members and frames, with and without headers."""
    packed = data
    for _, pack in layers:
        packed = pack(packed)
    unpacker = Unpacker(", ".join(name for name, _ in layers))
    plain = b"".join(
        piece for at in range(0, len(packed), step) for piece in unpacker.feed(packed[at : at + step])
    )  # fmt: skip
    unpacker.finish()

    assert plain == data


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("size", [2**16 - 1, 2**16, 2**16 + 1, 2**21])
def test_much_behind_little_comes_back_whole(coding, size):
    """A decoder may have taken all and still hold a lot: pages that say the same again and again pack well."""
    data = (random.Random(size).randbytes(20_000) * (size // 20_000 + 1))[:size]
    for pack in PACKERS[coding]:
        assert decoded("x", coding, pack(data), size) == (data, None)


@given(st.sampled_from(sorted(PACKERS)), st.binary(min_size=1), st.data())
def test_what_was_cut_off_is_noticed(coding, data, draw):
    """Wherever it was cut; nothing but the trailer may be missing of gzip that somebody stored."""
    packed = PACKERS[coding][0](data)
    left = draw.draw(st.integers(1, len(packed) - 1))

    if coding == "gzip" and left >= len(packed) - 8:
        plain, lacking = decoded("x", coding, packed[:left], 2**20)
        assert (plain, "trailer" in str(lacking)) == (data, True)
    else:
        with pytest.raises(UnreadableError):
            decoded("x", coding, packed[:left], 2**20)
    unpacker = Unpacker(coding)
    with pytest.raises(CodingError):  # whom one can ask again
        list(unpacker.feed(packed[:left]))
        unpacker.finish()


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"Hi")[:-8] + b"\0\0\0",  # a trailer that is another's
        gzip.compress(b"Hi")[:-8] + bytes(8),
        gzip.compress(b"Hi") + gzip.compress(b"ho")[:-8],  # of several members
        gzip.compress(b"")[:-8],  # of nothing
    ],
    ids=["a part of another's", "another's", "of several members", "of nothing"],
)
def test_a_trailer_that_is_wrong_or_proves_nothing(body):
    """Such bodies are refused as before."""
    with pytest.raises(UnreadableError):
        decoded("x", "gzip", body, 100)


@given(st.sampled_from([*PACKERS, "gzip, br", "zstd, deflate"]), st.lists(st.binary(), max_size=5))
def test_nothing_breaks_it(coding, pieces):
    """Any bytes give bytes, or say that they are broken."""
    unpacker = Unpacker(coding)
    try:
        for piece in pieces:
            list(unpacker.feed(piece))
        unpacker.finish()
    except CodingError as error:
        assert str(error)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_padding_behind_the_end_is_ignored(coding):
    """As browsers do; br and zstd have none."""
    assert decoded("x", coding, PACKERS[coding][0](b"Hi") + b"\0\0", 100) == (b"Hi", None)
