"""What a run writes for people: tables in Markdown, and a picture that any reader of SVG takes."""

from xml.etree import ElementTree

from benchmarks.report.bounds import Bound, Verdict
from benchmarks.report.document import bounds_table, part_table
from benchmarks.report.figures import Figures
from benchmarks.report.picture import picture

SVG = "{http://www.w3.org/2000/svg}"
FIGURES: Figures = {
    "rivals": {
        "ours": {"init_million_instructions": 700.0, "warm_million_instructions": 11.0},
        "fastapi as shipped": {"init_million_instructions": 7000.0},
        "fastapi byte-compiled": {"init_million_instructions": 2800.0, "warm_million_instructions": 14.0},
        "floor byte-compiled": {"init_million_instructions": 70.0, "warm_million_instructions": 1.0},
    },
    "init": {"boto3 client byte-compiled": {"million_instructions": 900.0}},
    "warm": {"DialWhomFunction": {"sdk_million_instructions": 10.0}},
}


def test_the_bars_are_as_long_as_the_figures_are_large() -> None:
    bars = ElementTree.fromstring(picture(FIGURES)).findall(f"{SVG}g/{SVG}rect")  # noqa: S314 our own
    widths = [float(bar.attrib["width"]) for bar in bars]
    assert widths[:5] == [52, 208, 520, 5, 67]  # ours, FastAPI compiled, as shipped, the floor, boto3
    assert widths[5:] == [409, 520, 37, 371]  # a warm call of ours, FastAPI, the floor, the AWS calls alone


def test_the_picture_says_in_words_what_it_shows() -> None:
    said = ElementTree.fromstring(picture(FIGURES)).findtext(f"{SVG}desc") or ""  # noqa: S314 our own
    assert "Switchboard 700, FastAPI + Mangum 2800" in said


def test_a_row_without_a_figure_has_a_dash() -> None:
    rows = {"1 device": {"push_ms": 51.2}, "10 devices": {"push_ms": 69.9, "x_one_device": 1.365}}
    assert part_table("pushes", rows).splitlines() == [
        "| pushes | push ms | x one device |",
        "| --- | --: | --: |",
        "| 1 device | 51.2 | - |",
        "| 10 devices | 69.9 | 1.36 |",
    ]


def test_a_bound_that_does_not_hold_stands_out() -> None:
    bound = Bound("pushes", "10 devices", "x_one_device", "<=", 1.5, "10 devices against one")
    assert "| 10 devices against one | <= 1.5 | 1.6 | **does not hold** |" in bounds_table([Verdict(bound, 1.6)])
