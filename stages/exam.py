"""Examines what one stage taught on the images' test part, which no stage that teaches has seen."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import sys
from pathlib import Path

from tutelage import params, runs
from tutelage.data import batches
from tutelage.measure import exam
from tutelage.paradigms import supervised
from tutelage.training import device

IMAGES = Path("data/prepared/images")

taught = sys.argv[1]
with runs.stage(f"exam@{taught}") as stage:
    on = device.ready(params.read(params.Compute, "compute"))
    models, data = Path("models") / taught, batches.about(IMAGES)["name"]
    about, test = supervised.about(models), batches.load(IMAGES / "test", on)
    scores = []
    for arm, classes in about["classes"].items():
        asked = batches.of(test, classes)
        for seed in about["seeds"]:
            learner = supervised.load(models, arm, seed).to(on)
            told = exam.direct(learner, asked["x"], asked["y"])
            said = {"arm": arm, "data": data, "protocol": "direct", "seed": seed}
            scores += [{**said, "metric": name, "value": value} for name, value in told.items()]
    stage.record(scores)
