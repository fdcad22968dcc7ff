"""One step of a PyTorch optimizer: optimizer.py NAME SIZE THREADS foreach|fused|forloop. Milliseconds, median."""
import json
import statistics
import sys
import time

import torch

name, size, threads, form = sys.argv[1:]
torch.set_num_threads(int(threads))
shapes = [[32, 1, 3, 3], [32], [64, 32, 3, 3], [64], [128, 9216], [128], [10, 128], [10]]
if size == "large":
    shapes = [[2048, 4096], [2048]] * 12
parameters = [torch.nn.Parameter(torch.randn(shape)) for shape in shapes]
for parameter in parameters:
    parameter.grad = torch.randn(parameter.shape)
classes = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam, "sgd": torch.optim.SGD, "nadam": torch.optim.NAdam,
           "adadelta": torch.optim.Adadelta, "rmsprop": torch.optim.RMSprop}
options = {"foreach": {"foreach": True}, "fused": {"fused": True}, "forloop": {"foreach": False}}[form]
optimizer = classes[name](parameters, **options)
times = []
for _ in range(12 if size == "large" else 200):
    start = time.perf_counter()
    optimizer.step()
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps({"step_ms": statistics.median(times)}))
