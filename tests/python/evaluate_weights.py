"""Loads weights into PyTorch's MNIST network, strictly, and prints its loss and right answers as JSON.

usage: evaluate_weights.py WEIGHTS IMAGES LABELS MEAN STD COUNT     images and labels: IDX files, gzipped or not
"""
import gzip
import json
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 32, 3)
        self.conv2 = torch.nn.Conv2d(32, 64, 3)
        self.fc1 = torch.nn.Linear(9216, 128)
        self.fc2 = torch.nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv2(F.relu(self.conv1(x)))), 2)
        return F.log_softmax(self.fc2(F.relu(self.fc1(x.flatten(1)))), dim=1)


def elements(path, header):
    content = open(path, "rb").read()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    return torch.frombuffer(bytearray(content[header:]), dtype=torch.uint8)


weights, images, labels, mean, std, count = sys.argv[1:]
network = Net()
network.load_state_dict(load_file(weights), strict=True)
network.eval()
inputs = elements(images, 16).view(-1, 1, 28, 28)[:int(count)].float().div(255).sub(float(mean)).div(float(std))
targets = elements(labels, 8)[:int(count)].long()
with torch.no_grad():
    output = network(inputs)
print(json.dumps({"loss": F.nll_loss(output, targets).item(),
                  "correct": (output.argmax(1) == targets).sum().item()}))
