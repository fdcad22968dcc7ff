"""Writes the reference values of tests-torch, computed by PyTorch, next to this file."""

import json
import math
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

FORMATS = {"float64": torch.float64, "float32": torch.float32}


def scatter(shape, stream, dtype=torch.float64):
    """Numbers in [-1, 1) that any machine and language computes alike (see reference.hpp)."""
    k = torch.arange(math.prod(shape))
    residue = torch.remainder(k * k * 31 + k * 7919 + stream * 104729, 10007)
    return (residue.double() / 10007 * 2 - 1).reshape(shape).to(dtype)


def digest(tensor):
    """What stands for a tensor that is too big to keep: its norm, a dot product and some values."""
    flat = tensor.detach().double().flatten()
    return {
        "norm": flat.norm().item(),
        "dot": flat.dot(scatter(flat.shape, 99)).item(),
        "sample": flat[:: flat.numel() // 16 | 1].tolist(),
    }


def write(name, value):
    text = json.dumps(value, separators=(",", ":")).replace('},{"', '},\n{"') + "\n"
    (pathlib.Path(__file__).parent / f"{name}.json").write_text(text)


# Optimizers: two parameters, ten steps; the second has no gradient at every third step.

OPTIMIZERS = {"adadelta": torch.optim.Adadelta, "sgd": torch.optim.SGD, "adamw": torch.optim.AdamW}

OPTIMIZER_CASES = [
    ({"name": "adadelta"}, 1.0),
    ({"name": "adadelta"}, 0.7),
    ({"name": "adadelta", "lr": 0.5}, 1.0),
    ({"name": "adadelta", "rho": 0.5}, 1.0),
    ({"name": "adadelta", "eps": 1e-2}, 1.0),
    ({"name": "adadelta", "weight_decay": 0.1}, 1.0),
    ({"name": "adadelta", "weight_decay": 0.1, "maximize": True}, 1.0),
    ({"name": "sgd"}, 1.0),
    ({"name": "sgd", "lr": 0.1, "weight_decay": 0.1}, 1.0),
    ({"name": "sgd", "lr": 0.1, "momentum": 0.9}, 0.7),
    ({"name": "sgd", "lr": 0.1, "momentum": 0.9, "dampening": 0.3}, 1.0),
    ({"name": "sgd", "lr": 0.1, "momentum": 0.9, "nesterov": True}, 1.0),
    ({"name": "sgd", "lr": 0.1, "momentum": 0.9, "weight_decay": 0.1, "maximize": True}, 1.0),
    ({"name": "adamw"}, 1.0),
    ({"name": "adamw", "lr": 0.1}, 0.7),
    ({"name": "adamw", "lr": 0.1, "betas": [0.8, 0.95]}, 1.0),
    ({"name": "adamw", "lr": 0.1, "eps": 1e-2}, 1.0),
    ({"name": "adamw", "lr": 0.1, "weight_decay": 0.5}, 1.0),
    ({"name": "adamw", "lr": 0.1, "betas": [0.9, 0.7], "amsgrad": True}, 1.0),
    ({"name": "adamw", "lr": 0.1, "weight_decay": 0.5, "maximize": True}, 1.0),
]


def optimizer_steps(component, gamma, dtype):
    options = {key: value for key, value in component.items() if key != "name"}
    parameters = [nn.Parameter(scatter([2, 3], 0, dtype)), nn.Parameter(scatter([4], 1, dtype))]
    optimizer = OPTIMIZERS[component["name"]](parameters, **options)
    base_lr = optimizer.param_groups[0]["lr"]
    steps = []
    for step in range(10):
        optimizer.param_groups[0]["lr"] = base_lr * gamma**step
        for i, parameter in enumerate(parameters):
            parameter.grad = scatter(parameter.shape, 10 + 2 * step + i, dtype)
        if step % 3 == 0:
            parameters[1].grad = None
        optimizer.step()
        steps.append([parameter.flatten().tolist() for parameter in parameters])
    return steps


def optimizers():
    return [
        {"optimizer": component, "gamma": gamma}
        | {name: optimizer_steps(component, gamma, dtype) for name, dtype in FORMATS.items()}
        for component, gamma in OPTIMIZER_CASES
    ]


# Networks: formula weights and inputs; outputs and gradients without dropout.


class MnistCnn(nn.Module):
    """pytorch/examples, mnist/main.py."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(x, 2)
        x = self.dropout1(x)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = self.dropout2(x)
        return F.log_softmax(self.fc2(x), dim=1)

    def kink_distance(self, x):
        """How far the nearest relu or max-pool is from choosing another branch."""
        first = self.conv1(x)
        second = self.conv2(F.relu(first))
        windows = F.relu(second).unfold(2, 2, 2).unfold(3, 2, 2).flatten(4)
        best = windows.topk(2, dim=4).values
        gaps = (best[..., 0] - best[..., 1])[best[..., 0] > 0]
        third = self.fc1(best[..., 0].flatten(1))
        return min(t.abs().min().item() for t in (first, second, gaps, third))


class Mlp(nn.Module):
    def __init__(self, hidden=(128,), dropout=0.0):
        super().__init__()
        layers, width = [], 784
        for each in hidden:
            layers += [nn.Linear(width, each), nn.ReLU()]
            layers += [nn.Dropout(dropout)] if dropout > 0 else []
            width = each
        self.layers = nn.Sequential(*layers, nn.Linear(width, 10))

    def forward(self, x):
        return self.layers(x.flatten(1))


def set_weights(network):
    with torch.no_grad():
        for i, parameter in enumerate(network.parameters()):
            fan_in = parameter.numel() // parameter.shape[0]
            scale = math.sqrt(6 / fan_in) if parameter.dim() > 1 else 0.1
            parameter.copy_(scatter(parameter.shape, i) * scale)


def smooth_input_stream(network):
    """A batch that rounding pushes over no kink, so that gradients compare on any machine."""
    for stream in range(100, 200):
        if network.kink_distance(scatter([4, 1, 28, 28], stream)) > 5e-6:
            return stream
    raise SystemExit("every input lies near a kink")


def forward_and_backward(network, stream, loss, dtype):
    network.to(dtype).eval().zero_grad()
    output = network(scatter([4, 1, 28, 28], stream, dtype))
    value = loss(output, torch.arange(4) * 3, reduction="sum")
    value.backward()
    return {
        "output": output.flatten().tolist(),
        "loss": value.item(),
        "gradients": {name: digest(p.grad) for name, p in network.named_parameters()},
    }


def bf16_mixed(network, stream):
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        output = network.float().eval()(scatter([4, 1, 28, 28], stream, torch.float32))
    assert output.dtype == torch.bfloat16
    return output.flatten().tolist()


def network_case(component, build, loss):
    torch.manual_seed(1)
    network = build()
    case = {
        "model": component,
        "loss": loss,
        "parameters": sum(p.numel() for p in network.parameters()),
        "shapes": {name: list(tensor.shape) for name, tensor in network.state_dict().items()},
        "initial": {name: digest(p) for name, p in network.named_parameters()},
    }
    network.double()
    set_weights(network)
    case["stream"] = smooth_input_stream(network) if isinstance(network, MnistCnn) else 100
    function = {"nll": F.nll_loss, "cross_entropy": F.cross_entropy}[loss]
    for name, dtype in FORMATS.items():
        case[name] = forward_and_backward(network, case["stream"], function, dtype)
    case["bf16-mixed"] = bf16_mixed(network, case["stream"])
    return case


def networks():
    deep = {"hidden": [32, 16], "dropout": 0.1}
    return [
        network_case({"name": "mnist_cnn"}, MnistCnn, "nll"),
        network_case({"name": "mlp"}, Mlp, "cross_entropy"),
        network_case({"name": "mlp"} | deep, lambda: Mlp(**deep), "cross_entropy"),
    ]


# Losses: summed over six samples of ten classes.

LOSS_CASES = [
    {"name": "nll"},
    {"name": "cross_entropy"},
    {"name": "cross_entropy", "label_smoothing": 0.1},
    {"name": "cross_entropy", "label_smoothing": 1.0},
]


def loss_value(component, dtype):
    options = {key: value for key, value in component.items() if key != "name"}
    function = {"nll": F.nll_loss, "cross_entropy": F.cross_entropy}[component["name"]]
    output = (scatter([6, 10], 0, dtype) * 3).requires_grad_()
    value = function(output, torch.arange(6) * 7 % 10, reduction="sum", **options)
    value.backward()
    return {"sum": value.item(), "gradient": output.grad.flatten().tolist()}


def losses():
    return [
        {"loss": component} | {name: loss_value(component, dtype) for name, dtype in FORMATS.items()}
        for component in LOSS_CASES
    ]


# Schedules: the learning rate of fifty intervals, from 1.


def step_lr(step_size, gamma):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=step_size, gamma=gamma)
    factors = []
    for _ in range(50):
        factors.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return factors


def schedules():
    return [
        {"step_size": step_size, "gamma": gamma, "factors": step_lr(step_size, gamma)}
        for step_size, gamma in [(1, 0.7), (3, 0.1), (10, 0.5), (7, 1.1)]
    ]


if __name__ == "__main__":
    assert torch.__version__.startswith("2.11.0"), "the reference is PyTorch 2.11.0"
    write("optimizers", optimizers())
    write("networks", networks())
    write("losses", losses())
    write("schedules", schedules())
