"""Dates read by the saved model itself, against what reading the file gives."""

from datetime import datetime
from pathlib import Path
from typing import get_args

import keras
import numpy as np
import pyarrow as pa
import pytest
import tensorflow as tf

from runner.data.statistics.date_parts import part_of
from runner.data.tables.column_values import dates
from runner.model.date_reading import parts_of_text
from schemas.table_data import DatePart

PARTS: tuple[DatePart, ...] = get_args(DatePart)
RANDOM = np.random.default_rng(0)
DAYS = np.datetime64("1600-01-01") + RANDOM.integers(0, 365 * 800, 300).astype("m8[D]")
SECONDS = DAYS + RANDOM.integers(0, 86400, 300).astype("m8[s]")
ZONES = ("", "Z", "+02:00", "-0530", "-11", "+14:00")
ISO = [
    *map(str, DAYS[:50]),
    *(f"{moment}{ZONES[k % 6]}" for k, moment in enumerate(SECONDS)),
    *(str(moment)[:16].replace("T", " ").replace("-", "/", 2) for moment in SECONDS[:50]),
    *("2026-11-27T10", " 2026-11-27 ", "2026-11-27T10:20:30.123456", "2026-11-27T10:20:30.123456+01:00"),
    *("0001-01-01", "9999-12-31T23:59", "2024-02-29", "2024-12-31T23:30-01", "2026-01-01T00:30+01"),
    *("", "NA", "hello", "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "1900-02-29"),
]
FORMS = ("%d.%m.%Y", "%d.%m.%y %H:%M", "%Y%m%d%H%M%S", "%m/%d/%Y at %H:%M:%S", "%H:%M %d-%m-%Y", "%y%m%d")


def read(texts: list[str], form: str | None, folder: Path) -> np.ndarray:
    given = keras.Input((1,), name="given", dtype="string")
    keras.Model(given, parts_of_text(given, form, PARTS, 0)).save(folder / "dates.keras")
    model = keras.models.load_model(folder / "dates.keras", safe_mode=True)
    found: np.ndarray = np.asarray(model(tf.constant([[text] for text in texts])))
    return found


def expected(texts: list[str], form: str | None) -> np.ndarray:
    moments = dates(pa.array(texts), form).array.to_numpy(zero_copy_only=False)
    return np.stack([part_of(moments, part) for part in PARTS], axis=1)


def test_iso_dates_are_read_as_the_file_is(tmp_path: Path) -> None:
    np.testing.assert_array_equal(read(ISO, None, tmp_path), expected(ISO, None))


@pytest.mark.parametrize("form", FORMS)
def test_dates_of_a_form_are_read_as_the_file_is(form: str, tmp_path: Path) -> None:
    first, last = np.datetime64("1969-01-01"), np.datetime64("2069-01-01")  # the years of two digits
    chosen = [moment.astype("M8[s]").astype(datetime) for moment in SECONDS if first <= moment < last]
    texts = [moment.strftime(form) for moment in chosen]
    texts += ["", "1.2.2026"] if form == "%d.%m.%Y" else [""]
    texts += ["12/31/2026 at 23:59:60"] if "at" in form else []
    np.testing.assert_array_equal(read(texts, form, tmp_path), expected(texts, form))
