"""tensor_loop.py on every rank that torchrun starts, with DistributedDataParallel: 64 samples a step over all ranks."""
import sys

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel

from mnist import Net, load
from report import Report


def main(folder, steps):
    dist.init_process_group("gloo")
    rank, ranks = dist.get_rank(), dist.get_world_size()
    torch.manual_seed(1)  # the same order on every rank, of which each takes its share
    images, labels = load(folder)
    order = torch.randperm(len(images))[rank::ranks]
    net = DistributedDataParallel(Net())
    optimizer = torch.optim.Adadelta(net.parameters(), lr=1.0)
    report = Report(rank, ranks)
    torch.manual_seed(1 + rank)  # dropout
    for batch in order.split(64 // ranks)[:steps]:
        optimizer.zero_grad(set_to_none=True)
        loss = F.nll_loss(net(images[batch]), labels[batch])
        loss.backward()
        optimizer.step()
        report.step(loss, len(batch))
    report.end()
    dist.destroy_process_group()


main(sys.argv[1], int(sys.argv[2]))
