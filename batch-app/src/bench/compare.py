"""What other systems make of the same models and the same rows on this machine's processor, beside `bench`.

    ./mvnw -q -DskipTests package
    python batch-app/src/bench/compare.py [--quick] [--shapes minilm,bert-base] [--parts a,b] [--only NAME,...]
        [--threads N] [--rows N] [--rounds N] [--work DIR] [--json FILE]

Two parts, and no figure of one is divided by a figure of the other but in the last table, which has nobody in it but ourselves:

(a) As people run them: a process each, from its start to a Parquet file; batches as each one's documentation shows them. Rates count
    from the moment that the model is loaded (in the first worker, where a system has workers), and again from the start of the
    process to the last byte of Parquet, for everybody by the file's time. Ours have run once before, which is reported too: the archive
    is written then, and the size of passes chosen.
(b) Forward passes alone, warm, everybody tuned, on the same batches: rows by length, the longest first, as many as a budget of tokens
    with their padding holds. A process each, which keeps its model and waits while others have their turn. "lanes" makes as
    many passes at a time as there are threads, each on one thread, as ours does; without it all threads share a pass.
    Ours leaves out what no answer reads: of the last block, everything but keys and values for all tokens but the first.

Systems take turns in every round; each figure is the median of the rounds, with the least and the most. The models have random
weights, and the rows lognormal lengths: median 50 tokens, sigma 0.8, cut at 512. What everybody answers is compared with transformers
in float32. Nothing here passes or fails by its speed.
"""
import argparse
import importlib.metadata
import importlib.util
import json
import math
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve()
APP = HERE.parents[2]
SHAPES = {"minilm": (6, 384, 1_200), "bert-base": (12, 768, 400)}       # blocks, numbers of a token, rows
LABELS, HEADS, LONGEST, VOCABULARY, WORDS = 4, 12, 512, 30_522, 6_000
BATCH = 32                          # rows, for those that count rows
BLOCK = 2_048                       # rows that our bench packs into batches together
LIMIT = 3_600                       # seconds for a process
BEST_OF = ("sentence-transformers", "loop", "onnxruntime")


# ---------------------------------------------------------------------------------------------------------- models and rows

def make(folder, shape, rows):
    """A model's directory, its rows and their tokens, its export for ONNX Runtime, and what transformers says in float32."""
    import numpy as np
    import torch
    import transformers
    blocks, hidden, _ = SHAPES[shape]
    model_dir = folder / "model"
    if not (model_dir / "tokenizer.json").exists():
        torch.manual_seed(0)
        config = transformers.BertConfig(vocab_size=VOCABULARY, hidden_size=hidden, num_hidden_layers=blocks, num_attention_heads=HEADS,
                                         intermediate_size=4 * hidden, max_position_embeddings=LONGEST, num_labels=LABELS)
        transformers.BertForSequenceClassification(config).save_pretrained(model_dir)
        tokenizer().save_pretrained(model_dir)
    texts_file, ids_file, truth_file = (folder / f"{rows}-{name}" for name in ("rows.jsonl", "ids.jsonl", "truth.npz"))
    if not truth_file.exists():
        dice, vocabulary = random.Random(7), words()
        lengths = [min(LONGEST, max(3, round(dice.lognormvariate(math.log(50), 0.8)))) for _ in range(rows)]
        texts = [" ".join(dice.choices(vocabulary, k=length - 2)) for length in lengths]
        texts_file.write_text("".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts)))
        tok, model = load(model_dir)
        ids = tok(texts, truncation=True, max_length=LONGEST)["input_ids"]
        ids_file.write_text("".join(json.dumps(row) + "\n" for row in ids))
        logits, means = np.zeros((rows, LABELS), np.float32), np.zeros((rows, hidden), np.float32)
        with torch.inference_mode():
            for batch in packed(ids, 1_024):
                i, mask, types = (torch.from_numpy(a) for a in padded(ids, batch))
                answer = model(input_ids=i, attention_mask=mask, token_type_ids=types, output_hidden_states=True)
                logits[batch] = answer.logits.numpy()
                weight = mask[:, :, None]
                means[batch] = ((answer.hidden_states[-1] * weight).sum(1) / weight.sum(1)).numpy()
        with open(truth_file, "wb") as file:
            np.savez(file, logits=logits, means=means)
    if not (folder / "int8.onnx").exists():
        export(model_dir, folder, hidden)


def words():
    dice, found = random.Random(11), {}
    while len(found) < WORDS:
        found["".join(dice.choices("abcdefghijklmnoprstuvwyz", k=dice.randint(2, 9)))] = None
    return list(found)


def tokenizer():
    """One token a word, by the parts that BERT's tokenizer has."""
    import tokenizers
    import transformers
    special = dict(pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]")
    ids = {word: i for i, word in enumerate([*special.values(), *words()])}
    made = tokenizers.Tokenizer(tokenizers.models.WordPiece(ids, unk_token="[UNK]"))
    made.normalizer = tokenizers.normalizers.BertNormalizer()
    made.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    made.post_processor = tokenizers.processors.BertProcessing(("[SEP]", ids["[SEP]"]), ("[CLS]", ids["[CLS]"]))
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=LONGEST, **special)


def export(model_dir, folder, hidden):
    """As torch exports it, with the operators that ONNX Runtime's own tool for BERT puts together, and these in int8 by its own tool."""
    import onnx
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions
    tok, model = load(model_dir, attn_implementation="eager")
    example = tok(["ab cd ef", "gh"], padding=True, return_tensors="pt")
    axes = {0: "rows", 1: "width"}
    torch.onnx.export(model, (example["input_ids"], example["attention_mask"]), str(folder / "plain.onnx"), opset_version=17, dynamo=False,
                      input_names=["input_ids", "attention_mask"], output_names=["logits"],
                      dynamic_axes={"input_ids": axes, "attention_mask": axes, "logits": {0: "rows"}})
    fused = optimizer.optimize_model(str(folder / "plain.onnx"), model_type="bert", num_heads=HEADS, hidden_size=hidden,
                                     optimization_options=FusionOptions("bert"), opt_level=1)
    (folder / "fused.json").write_text(json.dumps({k: v for k, v in fused.get_fused_operator_statistics().items() if v}))
    fused.save_model_to_file(str(folder / "fused.onnx"))
    quantize_dynamic(str(folder / "fused.onnx"), str(folder / "int8.onnx"), per_channel=True, weight_type=QuantType.QInt8,
                     extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT})


def load(model_dir, dtype="float32", **how):
    import torch
    import transformers
    model = transformers.AutoModelForSequenceClassification.from_pretrained(model_dir, local_files_only=True, dtype=getattr(torch, dtype), **how)
    return transformers.AutoTokenizer.from_pretrained(model_dir, local_files_only=True), model.eval()


def packed(ids, budget):
    """As TokenBatcher packs the blocks of our bench."""
    batches = []
    for start in range(0, len(ids), BLOCK):
        order = sorted(range(start, min(len(ids), start + BLOCK)), key=lambda i: -len(ids[i]))
        while order:
            count = max(1, budget // len(ids[order[0]]))
            batches.append(order[:count])
            order = order[count:]
    return batches


def padded(ids, batch):
    """Token ids, mask and token types."""
    import numpy as np
    matrix = np.zeros((len(batch), max(len(ids[i]) for i in batch)), np.int64)
    mask = np.zeros_like(matrix)
    for row, i in enumerate(batch):
        matrix[row, :len(ids[i])] = ids[i]
        mask[row, :len(ids[i])] = 1
    return matrix, mask, np.zeros_like(matrix)


# ------------------------------------------------------------------------------------- (a) as people run them, each in a process

class Task:
    """Rows in, a Parquet file out, and the times at which a model was loaded and the first rows were answered."""

    def __init__(self, job):
        self.model, self.threads, self.out, self.file = job["model"], job["threads"], Path(job["out"]), job["rows"]
        self.notes = job["notes"]
        rows = [json.loads(line) for line in open(self.file)]
        self.ids, self.texts = [row["id"] for row in rows], [row["text"] for row in rows]
        self.first = min(BATCH, len(rows))

    def loaded(self):
        note(self.notes, "loaded")

    def answered(self, rows):
        if rows >= self.first > 0:
            note(self.notes, "first")
            self.first = 0

    def by_length(self):
        order = sorted(range(len(self.texts)), key=lambda i: len(self.texts[i]), reverse=True)
        return [order[at:at + BATCH] for at in range(0, len(order), BATCH)]

    def write(self, **columns):
        import pyarrow
        import pyarrow.parquet
        pyarrow.parquet.write_table(pyarrow.table({"id": self.ids, **columns}), self.out / "part.parquet", compression="zstd")


def note(file, what):
    """Several processes may note the same; the first one counts."""
    with open(file, "a") as out:
        out.write(f"{what} {time.time()}\n")


def noted(file):
    times = {}
    for line in open(file):
        what, when = line.split()
        times[what] = min(float(when), times.get(what, math.inf))
    return times


def loop(job, dtype="float32"):
    import torch
    torch.set_num_threads(job["threads"])
    task = Task(job)
    tok, model = load(task.model, dtype)
    task.loaded()
    scores, done = [None] * len(task.texts), 0
    with torch.inference_mode():
        for batch in task.by_length():
            inputs = tok([task.texts[i] for i in batch], padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
            for i, answer in zip(batch, model(**inputs).logits.float().softmax(-1).tolist()):
                scores[i] = answer
            done += len(batch)
            task.answered(done)
    task.write(scores=scores)


def loop_bf16(job):
    loop(job, "bfloat16")


def sentence_transformers(job):
    import sentence_transformers as st
    import torch
    torch.set_num_threads(job["threads"])
    task = Task(job)
    model = st.SentenceTransformer(task.model, device="cpu", local_files_only=True)
    model.max_seq_length = LONGEST
    task.loaded()
    embeddings = model.encode(task.texts, batch_size=BATCH)
    task.answered(len(embeddings))
    task.write(embedding=list(embeddings))


def onnxruntime(job):
    import onnxruntime as ort
    import transformers
    task = Task(job)
    tok = transformers.AutoTokenizer.from_pretrained(task.model, local_files_only=True)
    session = session_of(ort, job["onnx"], task.threads)
    task.loaded()
    logits, done = [None] * len(task.texts), 0
    for batch in task.by_length():
        inputs = tok([task.texts[i] for i in batch], padding=True, truncation=True, max_length=LONGEST, return_tensors="np")
        answers, = session.run(None, {name: inputs[name].astype("int64") for name in ("input_ids", "attention_mask")})
        for i, answer in zip(batch, answers):
            logits[i] = answer
        done += len(batch)
        task.answered(done)
    task.write(logits=logits)


def session_of(ort, file, threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def pipeline(job):
    import torch
    import transformers
    torch.set_num_threads(job["threads"])
    task = Task(job)
    tok, model = load(task.model)
    classify = transformers.pipeline("text-classification", model=model, tokenizer=tok, device="cpu")
    task.loaded()
    answers = []
    for answer in classify((text for text in task.texts), batch_size=BATCH, truncation=True, max_length=LONGEST):
        answers.append(answer)
        task.answered(len(answers))
    task.write(label=[a["label"] for a in answers], score=[a["score"] for a in answers])


def ray(job, actors=1):
    import ray as engine
    task = Task(job)
    threads = max(1, job["threads"] // actors)
    engine.init(num_cpus=actors + 2, include_dashboard=False, log_to_driver=False, logging_level="ERROR",
                runtime_env={"env_vars": {"OMP_NUM_THREADS": str(threads)}})
    engine.data.DataContext.get_current().enable_progress_bars = False

    class Classifier:
        def __init__(self):
            import torch
            torch.set_num_threads(threads)
            self.tok, self.model = load(job["model"])
            note(job["notes"], "loaded")

        def __call__(self, rows):
            import torch
            with torch.inference_mode():
                inputs = self.tok([str(t) for t in rows["text"]], padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
                rows["scores"] = self.model(**inputs).logits.softmax(-1).numpy()
            note(job["notes"], "first")
            return {"id": rows["id"], "scores": rows["scores"]}

    rows = engine.data.read_json(task.file)
    if actors > 1:
        rows = rows.repartition(4 * actors)
    rows.map_batches(Classifier, batch_size=BATCH, num_cpus=1, compute=engine.data.ActorPoolStrategy(size=actors)).write_parquet(job["out"])
    engine.shutdown()


def ray_lanes(job):
    ray(job, job["threads"])


def beam(job):
    """In its own process, by the runner that needs nothing else; its own handlers for transformers want TensorFlow."""
    import apache_beam
    import pyarrow
    from apache_beam.ml.inference.base import ModelHandler, RunInference
    task = Task(job)
    notes, model_dir, threads, size, longest = job["notes"], job["model"], job["threads"], BATCH, LONGEST

    class Classifier(ModelHandler):
        def batch_elements_kwargs(self):
            return {"min_batch_size": size, "max_batch_size": size}

        def load_model(self):
            import torch
            import transformers as hf
            torch.set_num_threads(threads)
            loaded = hf.AutoModelForSequenceClassification.from_pretrained(model_dir, local_files_only=True).eval()
            loaded.reader = hf.AutoTokenizer.from_pretrained(model_dir, local_files_only=True)
            with open(notes, "a") as out:
                out.write(f"loaded {time.time()}\n")
            return loaded

        def run_inference(self, batch, model, inference_args=None):
            import torch
            with torch.inference_mode():
                texts = [text for _, text in batch]
                inputs = model.reader(texts, padding=True, truncation=True, max_length=longest, return_tensors="pt")
                scores = model(**inputs).logits.softmax(-1).tolist()
            with open(notes, "a") as out:
                out.write(f"first {time.time()}\n")
            return [{"id": i, "scores": s} for (i, _), s in zip(batch, scores)]

    schema = pyarrow.schema([("id", pyarrow.int64()), ("scores", pyarrow.list_(pyarrow.float64()))])
    with apache_beam.Pipeline(runner="FnApiRunner") as p:
        (p | apache_beam.Create(list(zip(task.ids, task.texts)), reshuffle=False) | RunInference(Classifier())
         | apache_beam.io.WriteToParquet(str(task.out / "part"), schema, file_name_suffix=".parquet"))


PEERS = {"loop": loop, "loop-bf16": loop_bf16, "sentence-transformers": sentence_transformers, "onnxruntime": onnxruntime,
         "onnxruntime-int8": onnxruntime, "pipeline": pipeline, "ray": ray, "ray-lanes": ray_lanes, "beam": beam}
OURS = {"ours": "float32", "ours-bf16": "bfloat16", "ours-int8": "int8"}


def run(command, env, log):
    """Runs a process: the time of its start, what it printed, and the most memory of it and its children, in MiB."""
    import psutil
    with tempfile.TemporaryFile("w+") as out, open(log, "w") as err:
        start = time.time()
        process = subprocess.Popen(command, env=env, stdout=out, stderr=err)
        watched, peak, status = psutil.Process(process.pid), 0, None
        while status is None:
            time.sleep(0.3)
            peak = max(peak, resident(watched))
            pid, code, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                status = os.waitstatus_to_exitcode(code)
                peak = max(peak, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
            elif time.time() - start > LIMIT:
                for one in [*watched.children(recursive=True), watched]:
                    one.kill()
        process.returncode = status
        out.seek(0)
        if status:
            raise RuntimeError(f"exit {status}: {last_line(log)}")
        return start, out.read(), peak / 2**20


def resident(process):
    import psutil
    total = 0
    try:
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_info().rss
    except psutil.Error:            # one that has ended meanwhile
        pass
    return total


def last_line(log):
    lines = Path(log).read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "(it said nothing)"


class Place:
    """Where one shape's files are, and how processes are started on them."""

    def __init__(self, arguments, shape):
        self.arguments, self.shape = arguments, shape
        self.rows = arguments.rows or SHAPES[shape][2]
        self.folder = Path(arguments.work).resolve() / shape
        self.folder.mkdir(parents=True, exist_ok=True)
        self.local = self.folder / "local"
        self.env = dict(os.environ, HF_HUB_OFFLINE="1", OMP_NUM_THREADS=str(arguments.threads), TOKENIZERS_PARALLELISM="true",
                        RAY_USAGE_STATS_ENABLED="0", TOKENIZERS_NUM_THREADS=str(arguments.threads))
        self.make()
        self.ids = [json.loads(line) for line in open(self.file("ids.jsonl"))]
        self.tokens = sum(map(len, self.ids))

    def file(self, name):
        return str(self.folder / f"{self.rows}-{name}")

    def child(self, what, python=sys.executable, **job):
        job.update(do=what, model=str(self.folder / "model"), threads=self.arguments.threads)
        return [python, str(HERE), "--child", json.dumps(job)]

    def make(self):
        progress(f"{self.shape}: model, rows, export and the answers of transformers")
        run(self.child("make", folder=str(self.folder), shape=self.shape, count=self.rows), self.env, self.folder / "make.log")

    def whole(self, name):
        """One system's run of part (a)."""
        out, notes, log = self.folder / "out" / name, self.folder / "notes", self.folder / f"{name}.log"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        notes.write_text("")
        if name in OURS:
            command = [self.arguments.java, "-jar", self.arguments.jar, "bench", "--model", str(self.folder / "model"), "--rows", self.file("rows.jsonl"),
                       "--threads", str(self.arguments.threads), "--device", "cpu", "--dtype", OURS[name], "--out", str(out), "--json",
                       f"--modelbatch.local.home={self.local}"]
        else:
            python = self.arguments.beam_python if name == "beam" and self.arguments.beam_python else sys.executable
            onnx = str(self.folder / ("int8.onnx" if name.endswith("int8") else "plain.onnx"))
            command = self.child(name, python, rows=self.file("rows.jsonl"), out=str(out), notes=str(notes), onnx=onnx)
        start, printed, peak = run(command, self.env, log)
        end = max(file.stat().st_mtime for file in out.rglob("*.parquet"))
        result = dict(whole_rows_s=self.rows / (end - start), total_s=end - start, peak_mib=peak)
        if name in OURS:
            said = json.loads(printed[printed.index("{"):])
            started = max(0, end - start - said["total_s"])       # it counts from Java's own start
            result.update(rows_s=said["rows_s"], first_s=started + said["first_s"],
                          token_budget=said["token_budget"], padding=said["padding"], forward_share=said["forward_share"],
                          gflops=said["gflops"], peak_gflops=said["peak_gflops"])
        else:
            times = noted(notes)
            result.update(rows_s=self.rows / (end - times["loaded"]), first_s=times["first"] - start)
        return result

    def worker(self, name):
        """One system's process of part (b)."""
        if name in OURS:
            return Worker(name, [self.arguments.java, "-cp", self.arguments.jar, f"-Dloader.path={APP / 'target' / 'test-classes'}",
                                 "-Dloader.main=io.modelbatch.inference.ForwardBenchmark", "--add-opens=java.base/java.nio=ALL-UNNAMED",
                                 "org.springframework.boot.loader.launch.PropertiesLauncher", str(self.folder / "model"), str(self.local / "cache"),
                                 self.file("ids.jsonl"), OURS[name], str(self.arguments.threads), str(BLOCK)], self.env, self.folder / f"{name}.log")
        system, dtype, lanes = WARM[name]
        env = dict(self.env, OMP_NUM_THREADS="1") if lanes else self.env
        return Worker(name, self.child("forward", system=system, dtype=dtype, lanes=lanes, ids=self.file("ids.jsonl"), folder=str(self.folder)),
                      env, self.folder / f"{name}.log")


# ------------------------------------------------------------------------------------------- (b) forward passes alone, in turn

WARM = {"torch": ("torch", "float32", False), "torch-lanes": ("torch", "float32", True),
        "torch-bf16": ("torch", "bfloat16", False), "torch-bf16-lanes": ("torch", "bfloat16", True),
        "onnxruntime": ("plain", "float32", False), "onnxruntime-lanes": ("plain", "float32", True),
        "onnxruntime-fused": ("fused", "float32", False), "onnxruntime-fused-lanes": ("fused", "float32", True),
        "onnxruntime-int8": ("int8", "int8", False), "onnxruntime-int8-lanes": ("int8", "int8", True)}


class Worker:
    """A process that makes a pass when it is told to, and nothing meanwhile."""

    def __init__(self, name, command, env, log):
        self.name, self.log = name, log
        with open(log, "w") as err:
            self.process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, text=True)
        try:
            self.ready = self.answer()
        except RuntimeError:
            self.close()
            raise

    def answer(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise RuntimeError(last_line(self.log))

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self):
        try:
            self.process.stdin.close()
            self.process.wait(60)
        except BrokenPipeError:         # it has ended
            self.process.wait()
        except subprocess.TimeoutExpired:
            self.process.kill()


def forward(job):
    """The process of a peer: ForwardBenchmark's commands."""
    import numpy as np
    ids = [json.loads(line) for line in open(job["ids"])]
    threads = 1 if job["lanes"] else job["threads"]
    answer, prepare = (torch_forward if job["system"] == "torch" else onnx_forward)(job, threads)
    pool = ThreadPoolExecutor(job["threads"] if job["lanes"] else 1)
    numbers, work = np.zeros((len(ids), LABELS), np.float32), {}

    def one(pair):
        batch, inputs = pair
        numbers[batch] = answer(inputs)

    print(json.dumps({"threads": threads}), flush=True)
    for command in sys.stdin:
        what, argument = command.split(maxsplit=1)
        if what == "pass":
            batches = work.setdefault(argument, None) or [(batch, prepare(*padded(ids, batch))) for batch in packed(ids, int(argument))]
            work[argument] = batches
            start = time.perf_counter()
            for _ in pool.map(one, batches):
                pass
            seconds = time.perf_counter() - start
            print(json.dumps({"seconds": seconds, "shapes": [[len(b), max(len(ids[i]) for i in b)] for b, _ in batches]}), flush=True)
        else:
            Path(argument.strip()).write_text(json.dumps(numbers.tolist()))
            print(json.dumps({"rows": len(ids)}), flush=True)


def torch_forward(job, threads):
    import torch
    torch.set_num_threads(threads)
    _, model = load(job["model"], job["dtype"], attn_implementation="sdpa")

    def answer(inputs):
        torch.set_num_threads(threads)          # counts for a thread
        with torch.inference_mode():
            return model(**inputs).logits.float().numpy()

    return answer, lambda i, mask, types: {name: torch.from_numpy(a) for name, a in zip(("input_ids", "attention_mask", "token_type_ids"), (i, mask, types))}


def onnx_forward(job, threads):
    import onnxruntime as ort
    session = session_of(ort, str(Path(job["folder"]) / f"{job['system']}.onnx"), threads)
    return lambda inputs: session.run(None, inputs)[0], lambda i, mask, types: {"input_ids": i, "attention_mask": mask}


# ------------------------------------------------------------------------------------------------------------------ measuring

def progress(text):
    print(f"  … {text}", file=sys.stderr, flush=True)


def turns(names, rounds):
    """Each round begins with another system."""
    for round_ in range(rounds):
        at = round_ % max(1, len(names))
        for name in names[at:] + names[:at]:
            yield round_, name


def wanted(names, arguments):
    return [name for name in names if not arguments.only or name in arguments.only]


def part_a(place, arguments):
    names, skipped, results, before = wanted([*OURS, *PEERS], arguments), {}, {}, {}
    for name in list(names):
        missing = None if name in OURS or (name == "beam" and arguments.beam_python) else absent(name)
        if missing:
            names.remove(name)
            skipped[name] = f"{missing} is not installed"
    if "ray-lanes" in names and arguments.threads == 1:
        names.remove("ray-lanes")
        skipped["ray-lanes"] = "the same as ray with one thread"
    shutil.rmtree(place.local, ignore_errors=True)
    for name in [name for name in names if name in OURS]:
        progress(f"{place.shape} (a): {name}, first run")
        before[name] = attempt(lambda: place.whole(name), name, names, skipped)
    for round_, name in turns(list(names), arguments.rounds):
        if name not in skipped:
            progress(f"{place.shape} (a): round {round_ + 1}, {name}")
            result = attempt(lambda: place.whole(name), name, names, skipped)
            if result:
                results.setdefault(name, []).append(result)
    results = {name: results[name] for name in names if name in results}
    settled = {name: any((place.local / "cache").rglob(f"*{OURS[name]}*.cpu-tokens")) for name in OURS}
    return dict(rounds=results, first_runs={k: v for k, v in before.items() if v}, skipped=skipped, settled=settled,
                answers={name: checked(compare_files, place, name) for name in results})


def absent(name):
    package = {"loop": "transformers", "loop-bf16": "transformers", "onnxruntime-int8": "onnxruntime", "pipeline": "transformers",
               "ray-lanes": "ray", "beam": "apache_beam"}.get(name, name)
    return None if importlib.util.find_spec(package.replace("-", "_")) else package


def attempt(action, name, names, skipped):
    try:
        return action()
    except (RuntimeError, KeyError, ValueError, OSError) as e:
        skipped[name] = f"failed: {e}"
        if name in names:
            names.remove(name)
        return None


def checked(compare, *what):
    try:
        return compare(*what)
    except Exception as e:                      # a wrong file is a finding, and the times are worth having all the same
        return dict(error=f"{type(e).__name__}: {e}")


def truth(place):
    import numpy as np
    return np.load(place.file("truth.npz"))


def softmax(logits):
    import numpy as np
    powers = np.exp(logits - logits.max(-1, keepdims=True).astype(np.float64))
    return powers / powers.sum(-1, keepdims=True)


def compare_files(place, name):
    import numpy as np
    import pyarrow.parquet
    table = pyarrow.parquet.read_table(place.folder / "out" / name).sort_by("id").to_pydict()
    if table["id"] != list(range(place.rows)):
        raise ValueError(f"{len(table['id'])} rows instead of {place.rows}, or others")
    true = truth(place)
    if "embedding" in table:
        return dict(what="mean of the last layer", difference=float(np.abs(np.array(table["embedding"]) - true["means"]).max()))
    expected = softmax(true["logits"])
    best = expected.argmax(-1)
    if "label" in table:
        labels = np.array([int(label.rsplit("_", 1)[1]) for label in table["label"]])
        difference = np.abs(np.array(table["score"]) - expected[np.arange(place.rows), labels])
        return dict(what="score of the label", difference=float(difference.max()), same_label=float((labels == best).mean()))
    scores = np.array(table["scores"]) if "scores" in table else softmax(np.array(table["logits"]))
    return dict(what="scores", difference=float(np.abs(scores - expected).max()), same_label=float((scores.argmax(-1) == best).mean()))


def part_b(place, arguments, budgets, more):
    """More are budgets, by system, that one's own end-to-end runs had."""
    import numpy as np
    names, skipped, workers, seconds, answers = wanted([*OURS, *WARM], arguments), {}, {}, {}, {}
    if arguments.threads == 1:
        names = [name for name in names if not name.endswith("-lanes")]
    logits = truth(place)["logits"]
    try:
        for name in list(names):
            progress(f"{place.shape} (b): {name} loads")
            worker = attempt(lambda: place.worker(name), name, names, skipped)
            if worker:
                workers[name] = worker
        for budget in sorted({*budgets, *more.values()}):
            taking = [name for name in names if name in workers and (budget in budgets or more.get(name) == budget)]
            for round_, name in turns(taking, arguments.warm + arguments.passes):
                if name in skipped:
                    continue
                progress(f"{place.shape} (b): {budget} tokens, round {round_ + 1 - arguments.warm}, {name}")
                said = attempt(lambda: workers[name].ask(f"pass {budget}"), name, names, skipped)
                if said and said["shapes"] != [[len(b), len(place.ids[b[0]])] for b in packed(place.ids, budget)]:
                    skipped[name] = "has other batches than the others"
                    seconds.pop(name, None)
                elif said and round_ >= arguments.warm:
                    seconds.setdefault(name, {}).setdefault(budget, []).append(said["seconds"])
            for name in [name for name in taking if name not in skipped]:
                file = place.folder / "answers.json"
                if not attempt(lambda: workers[name].ask(f"answers {file}"), name, names, skipped):
                    continue
                numbers = np.array(json.loads(file.read_text()))
                before = answers.get(name, dict(difference=0.0, same_label=1.0))
                answers[name] = dict(difference=max(before["difference"], float(np.abs(numbers - logits).max())),
                                     same_label=min(before["same_label"], float((numbers.argmax(-1) == logits.argmax(-1)).mean())))
    finally:
        ready = {name: worker.ready for name, worker in workers.items()}
        for worker in workers.values():
            worker.close()
    padding = {budget: sum(len(b) * len(place.ids[b[0]]) for b in packed(place.ids, budget)) / place.tokens for budget in budgets}
    return dict(seconds={name: seconds[name] for name in names if name in seconds and name in answers}, budgets=budgets, padding=padding, skipped=skipped, answers=answers,
                ready=ready, largest_logit=float(np.abs(logits).max()), fused=json.loads((place.folder / "fused.json").read_text()))


# ------------------------------------------------------------------------------------------------------------------- reporting

def spread(values):
    return dict(median=statistics.median(values), least=min(values), most=max(values))


def ratio(ours, theirs):
    """Round by round, for a round's systems ran one after the other."""
    return spread([one / other for one, other in zip(ours, theirs)])


def show(figure, form="{:,.1f}"):
    return f"{form.format(figure['median'])} ({form.format(figure['least'])}–{form.format(figure['most'])})"


def answers_text(answers):
    if "error" in answers:
        return answers["error"]
    label = f", same label {answers['same_label']:.2%}" if "same_label" in answers else ""
    return f"{answers['difference']:.1e}" + label + (f" ({answers['what']})" if answers.get("what", "scores") != "scores" else "")


def report_a(place, a):
    rounds = a["rounds"]
    print(f"\n(a) AS PEOPLE RUN THEM: {place.shape}, {place.rows:,} rows, {place.tokens:,} tokens; from process start to Parquet\n")
    print(f"{'':22s} {'rows/s from load':>26s} {'tokens/s':>9s} {'rows/s, whole process':>26s} {'first s':>8s} {'total s':>8s} {'MiB':>7s}"
          "  |Δ| to transformers float32")
    for name, results in rounds.items():
        of = lambda key: spread([r[key] for r in results])
        print(f"{name:22s} {show(of('rows_s')):>26s} {of('rows_s')['median'] * place.tokens / place.rows:9,.0f} {show(of('whole_rows_s')):>26s}"
              f" {of('first_s')['median']:8.1f} {of('total_s')['median']:8.1f} {of('peak_mib')['median']:7,.0f}  {answers_text(a['answers'][name])}")
    for name, result in a["first_runs"].items():
        print(f"{name}, its first run ever: {result['rows_s']:,.1f} rows/s from load, {result['total_s']:.1f} s in all")
    for name in rounds:
        if name in OURS:
            looking = "" if a["settled"][name] else " at most, of which the best is still looked for: too few rows"
            print(f"{name}: {', '.join(str(r['token_budget']) for r in rounds[name])} tokens a pass{looking};"
                  f" forward passes {statistics.median(r['forward_share'] for r in rounds[name]):.0%} of the time from load")
    print_skipped(a["skipped"])
    a["ratios"] = {}
    for mine, others in (("ours", BEST_OF), ("ours-bf16", ("loop-bf16",)), ("ours-int8", ("onnxruntime-int8",)), ("ours", ("pipeline",)),
                         ("ours", ("ray", "ray-lanes")), ("ours", ("beam",))):
        for key, how in (("rows_s", "from load"), ("whole_rows_s", "whole process")):
            other = best(rounds, others, key)
            if mine in rounds and other:
                figure = a["ratios"][f"{mine} / {other}, {how}"] = ratio([r[key] for r in rounds[mine]], [r[key] for r in rounds[other]])
                there = [name for name in others if name in rounds]
                print(f"  {mine} / {other}, {how}: {show(figure, '{:.2f}')}" + (f"; the best of {', '.join(there)}" if len(there) > 1 else ""))


def best(rounds, names, key):
    there = [name for name in names if name in rounds]
    return max(there, key=lambda name: statistics.median(r[key] for r in rounds[name])) if there else None


def report_b(place, b):
    print(f"\n(b) FORWARD PASSES ALONE, WARM, THE SAME BATCHES: {place.shape}, {place.rows:,} rows, {place.tokens:,} tokens; tokens/s without padding\n")
    rates = b["rates"] = {name: {budget: [place.tokens / s for s in all_] for budget, all_ in of.items()} for name, of in b["seconds"].items()}
    print(f"{'tokens a batch':26s}" + "".join(f"{budget:>26,d}" for budget in b["budgets"]) + "   |Δ logit| to transformers float32")
    print(f"{'padding':26s}" + "".join(f"{b['padding'][budget]:>26.3f}" for budget in b["budgets"]) + f"   (largest |logit| {b['largest_logit']:.2f})")
    for name, of in rates.items():
        print(f"{name:26s}" + "".join(f"{show(spread(of[budget]), '{:,.0f}') if budget in of else '–':>26s}" for budget in b["budgets"])
              + f"   {answers_text(b['answers'][name])}")
    print(f"onnxruntime-fused has {b['fused']}; the engine of ours is {', '.join({r['engine'] for n, r in b['ready'].items() if n in OURS}) or 'not there'}")
    print_skipped(b["skipped"])
    b["ratios"] = {}
    for mine, dtype in OURS.items():
        if mine not in rates:
            continue
        others = [n for n in rates if n not in OURS and WARM[n][1] == dtype]
        for kind in ("torch", "onnxruntime"):
            mates = [n for n in others if n.startswith(kind)]
            for budget in b["budgets"] if mates else []:
                other = max(mates, key=lambda n: statistics.median(rates[n][budget]) if budget in rates[n] else 0)
                tell(b, f"{mine} / {other} at {budget:,} tokens", ratio(rates[mine][budget], rates[other][budget]))
            if mates:
                _, theirs, at = max((statistics.median(rates[n][k]), n, k) for n in mates for k in b["budgets"] if k in rates[n])
                own = max(b["budgets"], key=lambda k: statistics.median(rates[mine][k]))
                tell(b, f"{mine} at its best ({own:,}) / {theirs} at its best ({at:,})", ratio(rates[mine][own], rates[theirs][at]))


def tell(b, name, figure):
    b["ratios"][name] = figure
    print(f"  {name}: {show(figure, '{:.2f}')}")


def report_own(place, a, b):
    """End to end beside the forward passes alone on the same batches."""
    own = {}
    for name in OURS:
        if name not in a["rounds"] or name not in b["rates"]:
            continue
        budget = a["rounds"][name][-1]["token_budget"]
        if not a["settled"][name] or budget not in b["rates"][name]:
            continue
        alone = statistics.median(b["rates"][name][budget]) * place.rows / place.tokens
        own[name] = dict(token_budget=budget, forward_rows_s=alone, ratio=spread([r["rows_s"] / alone for r in a["rounds"][name]]))
    if a["rounds"].keys() & b["rates"].keys() & OURS.keys():
        print(f"\nOURS END TO END BESIDE ITS OWN FORWARD PASSES, THE SAME BATCHES: {place.shape}\n")
    for name, figure in own.items():
        print(f"  {name}: {show(figure['ratio'], '{:.3f}')} of {figure['forward_rows_s']:,.1f} rows/s at {figure['token_budget']:,} tokens")
    for name in OURS:
        if name in a["rounds"] and not a["settled"][name]:
            print(f"  {name}: its batches are of several sizes yet, so there is nothing to compare; more rows settle that")
    return own


def print_skipped(skipped):
    for name, why in skipped.items():
        print(f"{name}: skipped, {why}")


def facts(arguments):
    import psutil
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    name = re.search(r"model name\s*: (.*)", info)
    flags = set(re.search(r"flags\s*: (.*)", info).group(1).split()) if "flags" in info else set()
    java = subprocess.run([arguments.java, "-version"], capture_output=True, text=True).stderr.splitlines()
    versions = {}
    for package in ("torch", "transformers", "sentence-transformers", "onnxruntime", "ray", "apache-beam", "tokenizers", "pyarrow", "numpy"):
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            pass
    return dict(cpu=name.group(1) if name else platform.processor(), flags=sorted(flags & {"avx2", "avx_vnni", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_tile"}),
                processors=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(), cores=psutil.cpu_count(logical=False),
                threads=arguments.threads, memory_gib=round(psutil.virtual_memory().total / 2**30, 1), load=[round(x, 1) for x in os.getloadavg()],
                system=platform.platform(), python=platform.python_version(), java=java[-1] if java else "", versions=versions,
                time=time.strftime("%Y-%m-%d %H:%M:%S %z"))


def pin(threads):
    """Everybody gets as many processors as threads: some start more threads than they are told."""
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        if threads < len(allowed):
            os.sched_setaffinity(0, allowed[:threads])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few rows, one round: shows that everything runs, and no more")
    parser.add_argument("--shapes", default=",".join(SHAPES))
    parser.add_argument("--parts", default="a,b")
    parser.add_argument("--only", default="", help=f"of {', '.join([*OURS, *PEERS])}; in (b) of {', '.join([*OURS, *WARM])}")
    parser.add_argument("--threads", type=int, default=0, help="processors for everybody; all that this process may use")
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3, help="of part (a)")
    parser.add_argument("--passes", type=int, default=5, help="rounds of part (b) that count")
    parser.add_argument("--warm", type=int, default=1, help="rounds of part (b) before these")
    parser.add_argument("--budgets", default="512,1024,2048", help="tokens of a batch in part (b)")
    parser.add_argument("--work", default=str(APP / "target" / "compare"), help="models and answers; what is there is used again")
    parser.add_argument("--json", type=Path, help="where all figures go, each round's too")
    parser.add_argument("--java", default="java")
    parser.add_argument("--jar", default=str(APP / "target" / "batch.jar"))
    parser.add_argument("--beam-python", help="a Python that has apache-beam, which wants an older pyarrow")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        job = json.loads(arguments.child)
        if job["do"] == "make":
            make(Path(job["folder"]), job["shape"], job["count"])
        else:
            {"forward": forward, **PEERS}[job["do"]](job)
        return
    if arguments.quick:
        arguments.rows, arguments.rounds, arguments.passes, arguments.budgets = arguments.rows or 40, 1, 1, "512"
    arguments.only = [name for name in arguments.only.split(",") if name]
    unknown = {*arguments.only} - {*OURS, *PEERS, *WARM}
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}")
    if not Path(arguments.jar).exists():
        parser.error(f"{arguments.jar} is missing: ./mvnw -q -DskipTests package")
    budgets = [int(budget) for budget in arguments.budgets.split(",")]
    if arguments.threads:
        pin(arguments.threads)
    else:
        arguments.threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    report = dict(machine=facts(arguments), quick=arguments.quick, shapes={})
    for name, fact in report["machine"].items():
        print(f"{name:12s}{fact if not isinstance(fact, dict) else ', '.join(' '.join(x) for x in fact.items())}")
    if arguments.quick:
        print("\nA QUICK RUN: the figures mean nothing.")
    for shape in arguments.shapes.split(","):
        place = Place(arguments, shape)
        found = report["shapes"][shape] = dict(rows=place.rows, tokens=place.tokens)
        budgets_of_a = {}
        if "a" in arguments.parts.split(","):
            found["a"] = part_a(place, arguments)
            budgets_of_a = {name: rounds[-1]["token_budget"] for name, rounds in found["a"]["rounds"].items() if name in OURS}
            report_a(place, found["a"])
        if "b" in arguments.parts.split(","):
            found["b"] = part_b(place, arguments, budgets, budgets_of_a)
            report_b(place, found["b"])
        if "a" in found and "b" in found:
            found["own"] = report_own(place, found["a"], found["b"])
        sys.stdout.flush()
    report["machine"]["load_at_the_end"] = [round(x, 1) for x in os.getloadavg()]
    print(f"\nload at the end {report['machine']['load_at_the_end']}")
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
