"""The classic PyTorch example: a Dataset that transforms each image, and a DataLoader."""
import itertools

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

from report import Report
from work import Work


class Mnist(Dataset):
    """As torchvision's with ToTensor and Normalize, which are not among what the peers need."""

    def __init__(self, folder):
        self._images = np.fromfile(f"{folder}/train-images-idx3-ubyte", np.uint8, offset=16).reshape(-1, 28, 28)
        self._labels = np.fromfile(f"{folder}/train-labels-idx1-ubyte", np.uint8, offset=8)

    def __len__(self):
        return len(self._images)

    def __getitem__(self, index):
        image = torch.from_numpy(self._images[index]).unsqueeze(0).float().div_(255)
        return image.sub_(0.1307).div_(0.3081), int(self._labels[index])


def main(work):
    torch.manual_seed(1)
    net = work.net()
    optimizer = work.optimizer(net.parameters())
    loader = DataLoader(Mnist(work.folder), batch_size=work.batch, shuffle=True)
    report = Report(0, 1)
    for images, labels in itertools.islice(itertools.chain.from_iterable(itertools.repeat(loader)), work.steps):
        optimizer.zero_grad()
        with work.autocast():
            loss = F.nll_loss(net(images), labels)
        loss.backward()
        optimizer.step()
        report.step(loss, len(images))
    report.end()


main(Work())
