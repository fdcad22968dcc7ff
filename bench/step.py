"""How fast one process trains, from its start on, and in how much memory."""
from functools import partial

from measure import interleave, table
from setting import binaries, steps, warm
from training import Peer, Runner, check_losses, script, train

figures = ["it_per_s", "first_step_s", "memory_mib", "loss"]


def compare(contestants, steps):
    for contestant in contestants.values():
        train(contestant, 2 * warm)  # fills caches
    results = interleave({name: partial(train, it, steps) for name, it in contestants.items()})
    table(results, figures)
    check_losses(results)
    return results


def by_hand(*options, **work):
    return Peer([binaries / "bench-loop"], *options, **work)


def peers(*options, **work):
    return {
        "PyTorch tensor loop": Peer(script("tensor_loop.py"), *options, **work),
        "PyTorch DataLoader example": Peer(script("dataloader_loop.py"), *options, **work),
        "PyTorch Lightning": Peer(script("lightning_loop.py"), *options, **work),
        "Accelerate": Peer(script("accelerate_loop.py"), *options, **work),
    }


def step():
    """The MNIST network, batch 64, fp32, 2 threads."""
    compare({"runner": Runner("topology={name: single, device: cpu, threads: 2}"),
             "LibTorch by hand, same allocator settings": by_hand("cnn", "keep-pages"),
             "LibTorch by hand": by_hand("cnn", "stock-malloc"), **peers()}, steps)


def bf16():
    """The MNIST network, batch 64, bf16-mixed, 2 threads."""
    precision = ["--precision", "bf16"]
    compare({"runner, bf16-mixed": Runner("topology={name: single, device: cpu, threads: 2}", "precision=bf16-mixed"),
             "runner, fp32": Runner("topology={name: single, device: cpu, threads: 2}"),
             "PyTorch tensor loop, bf16": Peer(script("tensor_loop.py"), *precision),
             "PyTorch Lightning, bf16-mixed": Peer(script("lightning_loop.py"), *precision)}, steps)


def gpu():
    """The MNIST network on one GPU, batch 64, bf16-mixed."""
    on_gpu = ["topology={name: single, device: cuda}", "precision=bf16-mixed"]
    options = ["--precision", "bf16", "--device", "cuda"]
    compare({"runner, cuda_graph": Runner(*on_gpu, "train.cuda_graph=true"), "runner": Runner(*on_gpu),
             "PyTorch tensor loop": Peer(script("tensor_loop.py"), *options),
             "PyTorch DataLoader example": Peer(script("dataloader_loop.py"), *options),
             "PyTorch Lightning": Peer(script("lightning_loop.py"), *options)}, 20 * steps)


def small():
    """What a step costs besides its arithmetic: a perceptron of 51,000 weights, batch 32, 1 thread, 10,000 steps."""
    ours = ["topology={name: single, device: cpu, threads: 1}", "model={name: mlp, hidden: [64]}", "loss=cross_entropy",
            "optimizer={name: sgd, lr: 0.1}", "scheduler=constant"]
    work = {"batch": 32, "threads": 1}
    theirs = peers("--network", "mlp", "--batch", 32, **work)
    results = compare({"runner": Runner(*ours, batch=32), "LibTorch by hand": by_hand("mlp", "keep-pages", **work), **theirs},
                      10000)
    for rows in results.values():
        for row in rows:
            row["us_per_step"] = 1e6 / row["it_per_s"]
    table(results, ["us_per_step"])
