"""What a peer in one process is to do: which network, how large a batch, in which precision."""
import argparse
import contextlib
import itertools

import torch
import torch.nn.functional as F

from mnist import Mlp, Net
from report import Report


def endless(loader):
    """Its batches, epoch after epoch."""
    return itertools.chain.from_iterable(itertools.repeat(loader))


class Work:
    def __init__(self):
        parser = argparse.ArgumentParser()
        parser.add_argument("folder", help="that holds MNIST unpacked")
        parser.add_argument("steps", type=int)
        parser.add_argument("--network", choices=["cnn", "mlp"], default="cnn")
        parser.add_argument("--batch", type=int, default=64)
        parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
        parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
        for name, value in vars(parser.parse_args()).items():
            setattr(self, name, value)

    def net(self):
        return Net() if self.network == "cnn" else Mlp()

    def optimizer(self, parameters):
        if self.network == "cnn":
            return torch.optim.Adadelta(parameters, lr=1.0)
        return torch.optim.SGD(parameters, lr=0.1)

    def autocast(self):
        return torch.autocast(self.device, torch.bfloat16) if self.precision == "bf16" else contextlib.nullcontext()

    def train(self, batches):
        """The loop as one writes it by hand."""
        net = self.net().to(self.device)
        optimizer = self.optimizer(net.parameters())
        report = Report(0, 1)
        for images, labels in itertools.islice(batches, self.steps):
            images, labels = images.to(self.device, non_blocking=True), labels.to(self.device, non_blocking=True)
            optimizer.zero_grad()
            with self.autocast():
                loss = F.nll_loss(net(images), labels)
            loss.backward()
            optimizer.step()
            report.step(loss, len(images))
        report.end()
