"""What a graphics card makes of the archives that `infer` loads, beside transformers.

    ./mvnw -pl batch-app test -Dtest=GpuArchives          # where there is Java: writes target/gpu-archives.zip
    python batch-app/src/bench/gpu.py gpu-archives.zip [--shapes minilm,bert-base] [--embeddings minilm] [--dtypes float32,float16,bfloat16] [--graphs minilm] [--json FILE]
                                                          # where there is a card, PyTorch and transformers

The models have random weights, the rows lognormal lengths (median 50 tokens, sigma 0.8, cut at 512). Everybody gets the same token ids
and leaves the same logits on the host. Times are of warm passes over all rows, the best of three, in one process on one card; padding is
tokens computed for one that was read; busy is the share of the time in which the card ran kernels, from PyTorch's profiler over a part of the batches.
--graphs replays each batch as a CUDA graph, for which widths are rounded up to a multiple of 32. The fixtures are compared first: all architectures
in mixed batches, with the answers of transformers in float64.
"""
import argparse
import json
import random
import tempfile
import time
import zipfile
from pathlib import Path

import torch
import transformers

ROWS = 8_192
BUDGETS = [4_096, 16_384, 65_536, 262_144]
DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}


def rows(vocabulary):
    rng = random.Random(7)
    return [[2] + [rng.randrange(5, vocabulary) for _ in range(n - 2)] + [3]
            for n in (max(3, min(512, int(rng.lognormvariate(3.912, 0.8)))) for _ in range(ROWS))]


def by_budget(ids, budget):
    """As TokenBatcher packs a block: by length, the longest first, each batch as many rows as the budget of padded tokens holds."""
    order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
    batches, start = [], 0
    while start < len(order):
        count = max(1, budget // len(ids[order[start]]))
        batches.append(order[start:start + count])
        start += count
    return batches


def by_rows(ids, size, in_order):
    order = list(range(len(ids))) if in_order else sorted(range(len(ids)), key=lambda i: -len(ids[i]))
    return [order[i:i + size] for i in range(0, len(order), size)]


def tensors(ids, batch):
    width = max(len(ids[i]) for i in batch)
    matrix = torch.zeros(len(batch), width, dtype=torch.int64)
    mask = torch.zeros(len(batch), width, dtype=torch.int64)
    for row, i in enumerate(batch):
        matrix[row, :len(ids[i])] = torch.tensor(ids[i])
        mask[row, :len(ids[i])] = 1
    return matrix, mask, torch.zeros_like(matrix)


def archive(path, state):
    """Loads an archive and gives it a model's weights."""
    module = torch.jit.load(str(path), map_location="cuda").eval()
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(torch.cat([state[part] for part in name.split("+")]))
    return module


def measure(forward, ids, batches, rounds=3):
    """Seconds of the best of a few rounds, the logits of all rows, and the share of busy time."""
    host = [tensors(ids, batch) for batch in batches]
    logits = [None] * len(ids)

    def all_batches(some):
        for batch, arguments in some:
            answer = forward(*(argument.cuda() for argument in arguments)).float().cpu()
            for row, i in enumerate(batch):
                logits[i] = answer[row]

    pairs = list(zip(batches, host))
    with torch.inference_mode():
        all_batches(pairs)
        best = None
        for _ in range(rounds):
            torch.cuda.synchronize()
            start = time.perf_counter()
            all_batches(pairs)
            torch.cuda.synchronize()
            seconds = time.perf_counter() - start
            best = seconds if best is None else min(best, seconds)
        part = pairs[:: max(1, len(pairs) // 24)]
        with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profile:
            start = time.perf_counter()
            all_batches(part)
            torch.cuda.synchronize()
            wall = time.perf_counter() - start
    kernels = sorted((e.time_range.start, e.time_range.end) for e in profile.events() if e.device_type == torch.autograd.DeviceType.CUDA)
    busy, reached = 0, 0
    for begin, end in kernels:
        busy += max(0, end - max(begin, reached))
        reached = max(reached, end)
    return best, torch.stack(logits), busy / 1e6 / wall


def line(name, ids, batches, seconds, logits, busy, truth):
    tokens = sum(map(len, ids))
    padded = sum(len(batch) * max(len(ids[i]) for i in batch) for batch in batches)
    difference = (logits - truth).abs().max().item()
    same = (logits.argmax(-1) == truth.argmax(-1)).float().mean().item()
    print(f"{name:44s} {tokens / seconds:12,.0f} tokens/s {len(ids) / seconds:10,.0f} rows/s  padding {padded / tokens:.2f}"
          f"  busy {busy:4.0%}  |logit - float64| {difference:.1e}  same label {same:.2%}", flush=True)
    return dict(name=name, tokens_s=tokens / seconds, rows_s=len(ids) / seconds, padding=padded / tokens, busy=busy, difference=difference, same=same)


def shape(name, folder, dtypes):
    config = transformers.AutoConfig.from_pretrained(folder / f"{name}.json", local_files_only=True)
    torch.manual_seed(0)
    model = transformers.BertForSequenceClassification(config).eval()
    state = {key: value.clone() for key, value in model.state_dict().items()}
    ids = rows(config.vocab_size)
    print(f"\n{name}: {config.num_hidden_layers} x {config.hidden_size}, {len(ids):,} rows, {sum(map(len, ids)):,} tokens", flush=True)
    exact = model.double().cuda()
    double = lambda i, m, t: exact(input_ids=i, attention_mask=m, token_type_ids=t).logits
    with torch.inference_mode():
        truth = [None] * len(ids)
        for batch in by_budget(ids, 16_384):
            answer = double(*(argument.cuda() for argument in tensors(ids, batch))).float().cpu()
            for row, i in enumerate(batch):
                truth[i] = answer[row]
    truth = torch.stack(truth)
    del exact
    results = []
    for word in dtypes:
        dtype = DTYPES[word]
        ours = archive(folder / f"{name}-{word}.pt", state)
        for budget in BUDGETS:
            batches = by_budget(ids, budget)
            results.append(line(f"{word} archive, {budget:,} tokens", ids, batches, *measure(ours, ids, batches), truth))
        del ours
        model = transformers.BertForSequenceClassification._from_config(config, attn_implementation="sdpa").eval()
        model.load_state_dict(state)
        model = model.to(dtype).cuda()
        theirs = lambda i, m, t: model(input_ids=i, attention_mask=m, token_type_ids=t).logits
        for label, batches in ((f"{BUDGETS[-2]:,} tokens, sorted", by_budget(ids, BUDGETS[-2])), ("32 rows, sorted", by_rows(ids, 32, False)),
                               ("128 rows, sorted", by_rows(ids, 128, False)), ("32 rows, in order", by_rows(ids, 32, True))):
            results.append(line(f"{word} transformers sdpa, {label}", ids, batches, *measure(theirs, ids, batches), truth))
        del model
    return results


def same_points(name, ids, batches, seconds, points, busy, truth):
    """The line of an embedding: how near it is to float64's, as the largest difference and the smallest cosine."""
    tokens = sum(map(len, ids))
    padded = sum(len(batch) * max(len(ids[i]) for i in batch) for batch in batches)
    difference = (points - truth).abs().max().item()
    cosine = torch.nn.functional.cosine_similarity(points.double(), truth.double()).min().item()
    print(f"{name:44s} {tokens / seconds:12,.0f} tokens/s {len(ids) / seconds:10,.0f} rows/s  padding {padded / tokens:.2f}"
          f"  busy {busy:4.0%}  |x - float64| {difference:.1e}  cosine {cosine:.6f}", flush=True)
    return dict(name=name, tokens_s=tokens / seconds, rows_s=len(ids) / seconds, padding=padded / tokens, busy=busy, difference=difference, cosine=cosine)


def sentence_transformer(encoder, vocabulary, folder):
    """The encoder as a directory of sentence-transformers with mean pooling and normalisation, and its words, one a token."""
    import sentence_transformers
    from sentence_transformers.sentence_transformer import modules
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    words = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, **{f"w{i}": i for i in range(4, vocabulary)}}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
                                         sep_token="[SEP]", model_max_length=512).save_pretrained(folder)
    encoder.save_pretrained(folder)
    module = modules.Transformer(str(folder))
    pooling = modules.Pooling(encoder.config.hidden_size, pooling_mode="mean")
    return sentence_transformers.SentenceTransformer(modules=[module, pooling, modules.Normalize()], device="cuda")


def embeddings(name, folder, dtypes):
    """The same for embeddings, beside sentence-transformers: its forward pass on the same ids, and its encode with all around it."""
    import sentence_transformers
    config = transformers.AutoConfig.from_pretrained(folder / f"{name}.json", local_files_only=True)
    torch.manual_seed(0)
    encoder = transformers.BertModel(config).eval()
    state = {f"bert.{key}": value.clone() for key, value in encoder.state_dict().items()}
    ids = rows(config.vocab_size)
    texts = [" ".join(f"w{i}" for i in row[1:-1]) for row in ids]
    print(f"\n{name} embeddings, sentence-transformers {sentence_transformers.__version__}", flush=True)
    peer = sentence_transformer(encoder, config.vocab_size, folder / f"{name}-st").eval()
    forward = lambda i, m, t: peer({"input_ids": i, "attention_mask": m, "token_type_ids": t})["sentence_embedding"]
    exact = {key: value.clone() for key, value in peer.state_dict().items()}
    peer.double()
    truth = measure(forward, ids, by_budget(ids, 16_384), rounds=1)[1]
    results = []
    for word in dtypes:
        ours = archive(folder / f"{name}-embedding-{word}.pt", state)
        for budget in (16_384, 65_536):
            batches = by_budget(ids, budget)
            results.append(same_points(f"{word} archive, {budget:,} tokens", ids, batches, *measure(ours, ids, batches), truth))
        del ours
        peer.to(torch.float32).load_state_dict(exact)   # what was rounded for another type
        peer.to(DTYPES[word])
        for label, batches in (("65,536 tokens, sorted", by_budget(ids, 65_536)), ("32 rows, sorted", by_rows(ids, 32, False)),
                               ("128 rows, sorted", by_rows(ids, 128, False))):
            results.append(same_points(f"{word} sentence-transformers, {label}", ids, batches, *measure(forward, ids, batches), truth))
        for size in (32, 128):
            peer.encode(texts[:1024], batch_size=size)
            start = time.perf_counter()
            points = torch.tensor(peer.encode(texts, batch_size=size)).float()
            seconds = time.perf_counter() - start
            results.append(same_points(f"{word} encode(batch_size={size}), tokenizing too", ids, by_rows(ids, size, False), seconds, points, 0, truth))
    return results


def fixture(folder):
    """The largest difference from the expected numbers, and their root mean square, for each type."""
    expected = json.loads((folder / "expected.json").read_text())
    pad = int((folder / "pad").read_text())
    cases = sorted(expected["cases"], key=lambda case: -len(case["input_ids"]))
    differences = {}
    for word in DTYPES:
        module = torch.jit.load(str(folder / f"{word}.pt"), map_location="cuda").eval()
        all_differences = []
        for start in range(0, len(cases), 8):
            batch = cases[start:start + 8]
            width = len(batch[0]["input_ids"])
            padded = lambda values, filler: torch.tensor([value + [filler] * (width - len(value)) for value in values]).cuda()
            ids = [case["input_ids"] for case in batch]
            types = [case.get("token_type_ids") or [0] * len(case["input_ids"]) for case in batch]
            with torch.inference_mode():
                answer = module(padded(ids, pad), padded([[1] * len(i) for i in ids], 0), padded(types, 0)).double().cpu()
            for row, case in enumerate(batch):
                truth = torch.tensor(case.get("logits", case.get("embedding")), dtype=torch.float64)
                all_differences.append((answer[row, :len(ids[row])] if truth.dim() == 2 else answer[row]).reshape(-1) - truth.reshape(-1))
        together = torch.cat(all_differences)
        differences[word] = (together.abs().max().item(), together.square().mean().sqrt().item())
    print(f"{folder.name:28s}" + "".join(f"  {word} {most:.1e} (rms {rms:.1e})" for word, (most, rms) in differences.items()), flush=True)
    return differences


def graphs(name, folder, dtypes):
    """One graph a width, captured once. A last batch of fewer rows is filled up."""
    config = transformers.AutoConfig.from_pretrained(folder / f"{name}.json", local_files_only=True)
    torch.manual_seed(0)
    state = transformers.BertForSequenceClassification(config).state_dict()
    ids = rows(config.vocab_size)
    results = []
    for word in dtypes:
        module = archive(folder / f"{name}-{word}.pt", state)
        for budget in BUDGETS[:3]:
            eager = by_budget(ids, budget)
            seconds, truth, busy = measure(module, ids, eager)
            results.append(line(f"{name} {word} archive, {budget:,} tokens", ids, eager, seconds, truth, busy, truth))
            up = [[0] * (-(-len(row) // 32) * 32) for row in ids]
            batches = by_budget(up, budget)
            captured = {}
            start = time.perf_counter()
            for width in sorted({len(up[batch[0]]) for batch in batches}):
                arguments = tuple(torch.ones(max(1, budget // width), width, dtype=torch.int64, device="cuda") for _ in range(3))
                with torch.inference_mode():
                    stream = torch.cuda.Stream()
                    with torch.cuda.stream(stream):
                        for _ in range(3):
                            module(*arguments)
                    torch.cuda.synchronize()
                    graph = torch.cuda.CUDAGraph()
                    with torch.cuda.graph(graph):
                        answer = module(*arguments)
                captured[width] = (graph, arguments, answer)
            capturing = time.perf_counter() - start

            def replay(*arguments):
                count, width = arguments[0].shape
                graph, static, answer = captured[-(-width // 32) * 32]
                for to, values in zip(static, arguments):
                    to[:count].zero_()
                    to[:count, :width].copy_(values)
                graph.replay()
                return answer[:count]
            label = f"{name} {word} as CUDA graphs, {budget:,} tokens"
            results.append(line(label, ids, batches, *measure(replay, ids, batches), truth))
            filled = sum(len(batch) * len(up[batch[0]]) for batch in batches) / sum(map(len, ids))
            print(f"    {len(captured)} graphs captured in {capturing:.1f} s; padding with rounded widths {filled:.2f}", flush=True)
        del module, captured
    return results


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("archives")
    parser.add_argument("--shapes", default="minilm,bert-base")
    parser.add_argument("--dtypes", default=",".join(DTYPES))
    parser.add_argument("--embeddings", default="minilm", help="shapes to compare with sentence-transformers; none to skip it")
    parser.add_argument("--graphs", default="minilm", help="shapes to compare with CUDA graphs; none to skip it")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = False
    print(torch.cuda.get_device_name(), "torch", torch.__version__, "transformers", transformers.__version__, flush=True)
    results = {}
    with tempfile.TemporaryDirectory() as temporary, zipfile.ZipFile(arguments.archives) as packed:
        packed.extractall(temporary)
        results["fixtures"] = {one.name: fixture(one) for one in sorted(Path(temporary, "fixtures").iterdir())}
        for name in arguments.graphs.split(","):
            if name != "none":
                results[f"{name} graphs"] = graphs(name, Path(temporary), arguments.dtypes.split(","))
        for name in arguments.shapes.split(","):
            if name != "none":
                results[name] = shape(name, Path(temporary), arguments.dtypes.split(","))
        for name in arguments.embeddings.split(","):
            if name != "none":
                results[f"{name} embeddings"] = embeddings(name, Path(temporary), arguments.dtypes.split(","))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1))


main()
