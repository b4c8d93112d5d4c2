"""Numbers of people as a text: in order, twice where they stand twice, small."""

from random import Random

import pytest

from reports.rules.packed_ids import END, pack, unpack


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        ([], ""),
        ([1], "1,"),
        ([1000, 1001, 1040], "rs,1,13,"),
        ([1040, 1000, 1001], "rs,1,13,"),
        ([36, 36], "10,0,"),
        ([2**63 - 1], "1y2p0ij32e8e7,"),
    ],
)
def test_each_number_is_its_distance_from_the_one_before(ids, text):
    assert pack(ids) == text
    assert unpack(text) == sorted(ids)


def test_whatever_is_packed_comes_out_and_its_commas_are_its_people():
    rng = Random(7)
    for _ in range(300):
        ids = [rng.randrange(1, 10 ** rng.randrange(1, 12)) for _ in range(rng.randrange(200))]
        text = pack(ids)
        assert unpack(text) == sorted(ids)
        assert text.count(END) == len(ids)


def test_sixty_thousand_children_are_as_many_pairs_of_characters():
    assert len(pack(range(40_000, 100_000))) <= 120_010
