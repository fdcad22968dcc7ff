"""The small trial of the benchmark sweep, for every peer: a network of one hidden layer on 6400 random samples, 200 steps."""
import torch
import torch.nn as nn

rates, seeds = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [1, 2, 3, 4, 5]
batch, steps = 32, 200


def network():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))


def data():
    return torch.randn(steps * batch, 1, 28, 28), torch.randint(10, (steps * batch,))
