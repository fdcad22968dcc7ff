"""The MNIST example as a PyTorch loop over one tensor in memory: the fastest plain way to write it in Python."""
import json
import sys
import time

start = time.time()

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(torch.flatten(self.dropout1(x), 1)))
        return F.log_softmax(self.fc2(self.dropout2(x)), dim=1)


def main(folder, steps):
    torch.manual_seed(1)
    images = np.fromfile(f"{folder}/train-images-idx3-ubyte", np.uint8, offset=16).reshape(-1, 1, 28, 28)
    labels = np.fromfile(f"{folder}/train-labels-idx1-ubyte", np.uint8, offset=8)
    images = torch.from_numpy(images).float().div_(255).sub_(0.1307).div_(0.3081)
    labels = torch.from_numpy(labels).long()
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
