"""A PyTorch loop with Hugging Face's Accelerate, from tensors in memory."""
import itertools

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from torch.utils.data import DataLoader, TensorDataset

from mnist import load
from report import Report
from work import Work, endless


def main(work):
    torch.manual_seed(1)
    accelerator = Accelerator(cpu=True, mixed_precision="bf16" if work.precision == "bf16" else "no")
    net = work.net()
    loader = DataLoader(TensorDataset(*load(work.folder)), batch_size=work.batch, shuffle=True)
    net, optimizer, loader = accelerator.prepare(net, work.optimizer(net.parameters()), loader)
    report = Report(0, 1)
    for images, labels in itertools.islice(endless(loader), work.steps):
        optimizer.zero_grad()
        loss = F.nll_loss(net(images), labels)
        accelerator.backward(loss)
        optimizer.step()
        report.step(loss, len(images))
    report.end()


main(Work())
