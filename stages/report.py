"""Draws the record: the table reports/scores.csv of all scores, and the page reports/index.html."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path

from tutelage import params, runs
from tutelage.report import page, records, settings, tables

with runs.stage("report"):
    left = records.read(params.read(settings.Params, "report").level)
    tables.write(left.scores, Path("reports/scores.csv"))
    runs.write(Path("reports/index.html"), page.render(left))
