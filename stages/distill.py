"""Teaches a large net by all labels, has it answer once, teaches small ones its answers; examines on a test part."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from tutelage import params, runs, streams
from tutelage.data import batches, labels, views
from tutelage.data.batches import Batch, Batches
from tutelage.measure import classification, costs, exam
from tutelage.nn import descriptions, weights
from tutelage.paradigms import distillation
from tutelage.paradigms.distillation import Student
from tutelage.paradigms.supervised import Classifier
from tutelage.training import checkpoint, device, fitting, parallel
from tutelage.training.checkpoint import Place
from tutelage.training.progress import Progress

IMAGES, TARGET, MODELS = Path("data/prepared/images"), Path("data/prepared/target"), Path("models/distill")
PAIR = ("hard", "soft")
"""Arms that all sizes learn by, and without a class too; the others only the one that is asked most."""


class Job(NamedTuple):
    """What is taught in one go: the teacher; all arms of one size; what else one size learns from."""

    kind: str  # teacher | arms | elsewhere | omitted
    size: int
    seed: int


with runs.stage("distill") as stage:
    compute = params.read(params.Compute, "compute")
    budget = params.read(params.Budget, "budget")
    block = params.read(distillation.Params, "distill")
    on, about = device.ready(compute), batches.about(IMAGES)
    names, shape = about["classes"], about["shape"]
    block.known(shape, len(names), batches.about(TARGET)["shape"])
    train, valid, test = (  # whose classes are known: all arms learn from the same images
        batches.of(batches.load(IMAGES / part, on), range(len(names))) for part in ("train", "valid", "test")
    )
    target = {"x": batches.load(TARGET / "train", on)["x"]}
    share = float((train["y"] == block.omitted).float().mean())

    def place(job: Job) -> Place:
        return Place(stage.scratch / f"{'-'.join(map(str, job))}.pt", stage.fingerprint)

    def columns(seed: int) -> dict[str, Batch]:
        """What there is to learn from, each image with the places of its views, the same for whoever asks."""
        of = {
            "images": {name: train[name] for name in ("x", "y")},
            "target": target,
            "noise": {"x": distillation.noise(block.noise, shape, streams.generator(seed, "distill/noise")).to(on)},
        }
        return {
            name: told | distillation.places(len(told["x"]), block, streams.generator(seed, f"distill/places/{name}"))
            for name, told in of.items()
        }

    def logits(learner: Classifier, part: Batch) -> Float[Tensor, "n class"]:
        with torch.no_grad():
            return torch.cat([learner.head(learner.encoder(x)) for x in part["x"].split(1000)])

    def judged(learner: Classifier, teacher: Float[Tensor, "n class"]) -> dict[str, float]:
        told = exam.direct(learner, test["x"], test["y"])
        return told | {"agreement": float((logits(learner, test).argmax(1) == teacher.argmax(1)).float().mean())}

    def spent(learner: Classifier, presentations: int, labels_seen: int) -> dict[str, int]:
        return costs.of(learner, learner.encoder, train["x"][:1]) | {
            "presentations": presentations,
            "labels_seen": labels_seen,
        }

    def taught(seed: int, watch: parallel.Watch) -> dict[str, Any]:
        """A teacher, and all that it answers: once, before any student learns."""
        learner = distillation.teacher(block, shape, len(names), seed).to(on)
        order, drawn = (streams.generator(seed, f"distill/teacher/{what}") for what in ("batches", "views"))
        known = {name: train[name] for name in ("x", "y")}
        steps = max(1, block.lessons // block.batch_size)
        told = fitting.fit(
            learner,
            Batches(known, block.batch_size, order, views.shift(block.shift), drawn),
            steps=steps,
            compute=compute,
            place=Place(stage.scratch / f"{seed}.pt", stage.fingerprint),
            judge=lambda: {"accuracy": exam.direct(learner, valid["x"], valid["y"])["accuracy"]},
        )
        own = logits(learner, test)
        return {
            "seen": {"teacher": [seen for (seen,) in told]},
            "told": {"teacher": judged(learner, own)},
            "costs": {"teacher": spent(learner, steps * block.batch_size, len(train["x"]))},
            "answers": {name: distillation.answered(learner, of, block.shift) for name, of in columns(seed).items()},
            "test": own,
            "kept": {"teacher": learner.state_dict()},
        }

    def arms(job: Job) -> tuple[str, ...]:
        return distillation.ARMS if job.size == block.asked else PAIR

    def studied(job: Job, watch: parallel.Watch) -> dict[str, Any]:
        teacher = checkpoint.load(place(Job("teacher", 0, job.seed)))
        assert teacher, "teachers are taught first"
        of = columns(job.seed)
        answered = {name: told | {"answers": teacher["answers"][name]} for name, told in of.items()}
        result: dict[str, Any] = {"seen": {}, "told": {}, "costs": {}, "kept": {}}
        made: dict[str, Student] = {}
        lessons: dict[str, Batch] = dict.fromkeys(arms(job), answered["images"])
        if job.kind == "elsewhere":
            few = labels.few(
                of["images"], block.few // len(names), names, seed=job.seed, name=about["name"], key="distill.few"
            )
            lessons = {"few": few, "target": answered["target"], "noise": answered["noise"]}
        if job.kind == "omitted":
            rows = train["y"] != block.omitted
            kept = {name: column[rows] for name, column in answered["images"].items()}
            lessons = dict.fromkeys(PAIR, kept)
        for arm, lesson in lessons.items():
            if arm == "self":  # whose teacher is the student that hard has left
                lesson = of["images"] | {"answers": distillation.answered(made["hard"], of["images"], block.shift)}
            if arm == "alone":
                lesson = of["images"] | distillation.unmoved(len(train["x"]), block)
            learner = distillation.build(block, arm, block.students[job.size], shape, len(names), job.seed).to(on)
            result["seen"][arm], presentations = distillation.fit(block, learner, lesson, job.seed, compute)
            made[arm] = learner
            if job.kind == "omitted":
                result["told"][arm] = without(learner)
                continue
            result["told"][arm] = judged(learner, teacher["test"])
            seen = {"few": len(lesson["x"]), "target": 0, "noise": 0, "soft": 0}.get(arm, len(train["x"]))
            result["costs"][arm] = spent(learner, presentations, seen)
            result["kept"][arm] = learner.state_dict()
        return result

    def without(learner: Student) -> dict[str, dict[str, float]]:
        """How it does with its bias as learned, and raised until the class is as frequent as it is, without labels."""
        told = logits(learner, test)
        y, one = test["y"], torch.zeros(len(names)).to(on)
        one[block.omitted] = distillation.raised(logits(learner, valid), block.omitted, share)
        found = {}
        for state, asked in (("learned", told), ("raised", told + one)):
            recalls = classification.recalls(asked.cpu().numpy(), y.cpu().numpy())
            accuracy = classification.accuracy(asked.cpu().numpy(), y.cpu().numpy())
            found[state] = {"accuracy": accuracy, "recall": float(recalls[block.omitted])}
        return found

    def work(job: Job, watch: parallel.Watch) -> dict[str, Any]:
        result = checkpoint.load(place(job))
        if result is None:
            result = taught(job.seed, watch) if job.kind == "teacher" else studied(job, watch)
            checkpoint.save(place(job), result)
        for arm, seen in result["seen"].items():
            watch((arm, seen[-1]))
        return {name: result[name] for name in ("seen", "told", "costs")}

    teachers = [Job("teacher", 0, seed) for seed in budget.seeds]
    students = [Job("arms", size, seed) for size in range(len(block.students)) for seed in budget.seeds]
    students += [Job(kind, block.asked, seed) for kind in ("elsewhere", "omitted") for seed in budget.seeds]
    fits = {"teacher": 1, "elsewhere": len(distillation.ELSEWHERE), "omitted": len(PAIR)}
    progress = Progress(stage, sum(fits.get(job.kind, len(arms(job))) for job in teachers + students))

    def tell(job: Job, said: tuple[str, dict[str, float]]) -> None:
        arm, seen = said
        progress.tell(arm, [job.seed], [named(job, seen)], fit=(*job, arm), taken=1)

    def named(job: Job, seen: dict[str, float]) -> dict[str, float]:
        """Terms of students of other sizes apart, and of those that learn without a class."""
        if job.kind == "teacher":
            return seen
        of = f"without {names[block.omitted]}" if job.kind == "omitted" else str(job.size)
        return {name if name == "step" else f"{name}/{of}": value for name, value in seen.items()}

    done = dict(zip(teachers, parallel.each(work, teachers, tell, compute), strict=True))
    done |= dict(zip(students, parallel.each(work, students, tell, compute), strict=True))
    history, scores = [], []
    for job, result in done.items():
        for arm, seen in result["seen"].items():
            history += [{"arm": arm, "seed": job.seed, **named(job, at)} for at in seen]
        for arm, told in result["told"].items():
            said: dict[str, Any] = {"arm": arm, "data": about["name"]}
            asked = {**said, "protocol": "direct", "seed": job.seed}
            if job.kind == "omitted":
                of = {"at": "class", "level": names[block.omitted], "with": "bias"}
                scores += [
                    {**asked, **of, "with_level": state, "metric": metric, "value": value}
                    for state, found in told.items()
                    for metric, value in found.items()
                ]
                continue
            at = {"at": "weights", "level": result["costs"][arm]["weights"]}
            scores += [{**asked, **at, "metric": metric, "value": value} for metric, value in told.items()]
            if job.seed == budget.seeds[0]:
                scores += [
                    {**said, **at, "metric": metric, "value": float(value)}
                    for metric, value in result["costs"][arm].items()
                ]
    for job in done:  # what is asked afterwards how fast it is: the teacher and the students it answered
        kept = (checkpoint.load(place(job)) or {}).get("kept", {})
        for arm in {"teacher", "soft"} & set(kept):
            size = "" if job.kind == "teacher" else f"-{job.size}"
            weights.keep(kept[arm], MODELS / f"{arm}{size}-{job.seed}.safetensors")
    encoders = {"teacher": block.teacher, **{f"soft-{number}": one for number, one in enumerate(block.students)}}
    left = {
        "classes": {arm: list(range(len(names))) for arm in encoders},
        "shape": shape,
        "encoders": {arm: one.model_dump() for arm, one in encoders.items()},
    }
    descriptions.leave(MODELS, "distillation", left, about)
    stage.record(scores, history)
