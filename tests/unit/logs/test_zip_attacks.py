"""How much of a malicious zip is read: counted in bytes and pieces, since seconds depend on the machine."""

import io
from collections.abc import Callable

import pytest

from switchboard.logs.uploads import Fault, Listed, UnacceptableUploadError
from switchboard.logs.zip_check import LONGEST_LOCAL_EXTRA, MOST_CPU_SECONDS, WINDOW, checked
from switchboard.logs.zip_end import LARGEST_DIRECTORY, MOST_ENTRIES
from tests import zip_attacks
from tests.zip_attacks import MEGABYTE, Entry, side_by_side
from tests.zips import zipped

END = 2 * (1 << 16) + 4096  # bytes: what may be a comment, for us and for zipfile, and what stands around it
DIRECTORY = END + LARGEST_DIRECTORY


class Counting(io.BytesIO):
    """A file that counts what is read of it."""

    bytes_read = 0
    places = 0

    def read(self, size: int | None = -1, /) -> bytes:
        got = super().read(size)
        self.bytes_read += len(got)
        return got

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self.places += 1
        return super().seek(offset, whence)


def refused(file: Counting, cpu: Callable[[], float] = lambda: 0.0) -> Fault:
    with pytest.raises(UnacceptableUploadError) as told:
        checked(file, cpu)
    return told.value.fault


@pytest.mark.parametrize(
    ("attack", "fault", "most_read"),
    [
        (zip_attacks.one_header_for_all, Fault.UNSUPPORTED, DIRECTORY),
        (zip_attacks.long_local_extra, Fault.UNSUPPORTED, DIRECTORY),
        (zip_attacks.full_overlap, Fault.OVERLAPPING_ENTRIES, DIRECTORY),
        (zip_attacks.quoted_overlap, Fault.OVERLAPPING_ENTRIES, DIRECTORY),
        (zip_attacks.more_entries_than_said, Fault.DAMAGED, DIRECTORY),
        (zip_attacks.million_entries, Fault.TOO_MANY_ENTRIES, END),
        (zip_attacks.zip64_hidden, Fault.UNSUPPORTED, END),
        (zip_attacks.two_ends, Fault.DAMAGED, END),
        (zip_attacks.truncated, Fault.TRUNCATED, END),
        (zip_attacks.too_much, Fault.EXPANDS_TOO_FAR, DIRECTORY),
        (zip_attacks.liar, Fault.EXPANDS_TOO_FAR, END + 2 * WINDOW),
    ],
)
def test_an_attack_is_refused_by_what_little_is_read_of_it(
    attack: Callable[[], bytes], fault: Fault, most_read: int
) -> None:
    file = Counting(attack())
    assert refused(file) is fault
    assert file.bytes_read <= most_read
    assert file.places < 20


def test_no_directory_makes_for_more_than_so_many_bytes_and_places() -> None:
    worst = (Entry(b"%d" % number) for number in range(MOST_ENTRIES))
    file = Counting(side_by_side(worst, local_extra=zip_attacks.FIELDS[:LONGEST_LOCAL_EXTRA], extra=b"\2\0\0\0" * 36))
    assert len(checked(file)) == MOST_ENTRIES
    assert file.bytes_read <= DIRECTORY + MOST_ENTRIES * (30 + 3 + LONGEST_LOCAL_EXTRA)
    assert file.places <= 2 * MOST_ENTRIES + 20


def test_extra_fields_are_gone_through_as_far_as_the_directory_may_go() -> None:
    assert len(checked(io.BytesIO(zip_attacks.long_extra()))) == 2
    third = side_by_side((Entry(b"%d" % number) for number in range(4)), extra=zip_attacks.FIELDS)
    assert refused(Counting(third)) is Fault.TOO_MANY_ENTRIES


def test_a_zip_that_takes_too_long_is_dropped_halfway() -> None:
    seconds = iter([0.0, MOST_CPU_SECONDS / 2, MOST_CPU_SECONDS + 1])
    file = Counting(zip_attacks.empty_blocks())
    assert refused(file, lambda: next(seconds)) is Fault.TAKES_TOO_LONG
    assert file.bytes_read <= END + 2 * WINDOW
    assert next(seconds, None) is None


def test_the_time_is_that_of_all_entries_together() -> None:
    ticks = iter(range(100))
    ten = zipped({f"{number}.log": b"a line" for number in range(10)})
    assert refused(Counting(ten), lambda: float(next(ticks))) is Fault.TAKES_TOO_LONG
    assert next(ticks) == MOST_CPU_SECONDS + 2


def test_zips_in_zips_are_not_opened() -> None:
    inner = zipped({"zeros": b"\0" * MEGABYTE})
    for level in range(4):  # as 42.zip
        inner = zipped({f"{level}-{number}.zip": inner for number in range(16)})
    assert [entry.name for entry in checked(io.BytesIO(inner))] == [f"3-{number}.zip" for number in range(16)]


def test_a_name_may_come_twice_and_both_are_listed() -> None:
    assert checked(io.BytesIO(side_by_side([Entry(b"a"), Entry(b"a")]))) == [Listed("a", 0), Listed("a", 0)]


def test_a_zip_of_nothing_but_folders_is_a_zip() -> None:
    assert len(checked(io.BytesIO(side_by_side(Entry(b"%d/" % number) for number in range(1000))))) == 1000
