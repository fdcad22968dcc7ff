"""The MNIST example as a PyTorch loop over one tensor in memory: the fastest plain way to write it in Python."""
import json
import sys
import time

start = time.time()

import torch
import torch.nn.functional as F

from mnist import Net, load


def main(folder, steps):
    torch.manual_seed(1)
    images, labels = load(folder)
    net = Net()
    optimizer = torch.optim.Adadelta(net.parameters(), lr=1.0)
    order = torch.randperm(len(images))
    for step, batch in enumerate(order.split(64)[:steps]):
        optimizer.zero_grad(set_to_none=True)
        F.nll_loss(net(images[batch]), labels[batch]).backward()
        optimizer.step()
        if step == 0:
            first_step = time.time()
        if step == 19:
            warm = time.time()
    print(json.dumps({"first_step_s": first_step - start, "it_per_s": (steps - 20) / (time.time() - warm)}))


main(sys.argv[1], int(sys.argv[2]))
