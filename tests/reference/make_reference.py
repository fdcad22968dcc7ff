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

class Lion(torch.optim.Optimizer):
    """Algorithm 2 of arXiv:2302.06675; PyTorch has none."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0, maximize=False):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay, maximize=maximize))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta1, beta2) = group["lr"], group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                gradient = -p.grad if group["maximize"] else p.grad
                m = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                update = torch.sign(beta1 * m + (1 - beta1) * gradient)
                p.mul_(1 - lr * group["weight_decay"]).sub_(lr * update)
                m.mul_(beta2).add_(gradient, alpha=1 - beta2)


OPTIMIZERS = {
    "adadelta": torch.optim.Adadelta,
    "sgd": torch.optim.SGD,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "adamax": torch.optim.Adamax,
    "nadam": torch.optim.NAdam,
    "radam": torch.optim.RAdam,
    "adagrad": torch.optim.Adagrad,
    "rmsprop": torch.optim.RMSprop,
    "lion": Lion,
    "muon": torch.optim.Muon,
}

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
    ({"name": "lion"}, 1.0),
    ({"name": "lion", "lr": 0.1}, 0.7),
    ({"name": "lion", "lr": 0.1, "betas": [0.5, 0.7]}, 1.0),
    ({"name": "lion", "lr": 0.1, "weight_decay": 0.5, "maximize": True}, 1.0),
    ({"name": "muon"}, 1.0),
    ({"name": "muon", "lr": 0.1, "momentum": 0.5, "nesterov": False}, 0.7),
    ({"name": "muon", "lr": 0.1, "adjust_lr_fn": "match_rms_adamw", "weight_decay": 0.0}, 1.0),
    ({"name": "muon", "lr": 0.1, "ns_steps": 2, "ns_coefficients": [2.0, -1.5, 0.5]}, 1.0),
]
for name in ("adam", "adamax", "nadam", "radam"):
    OPTIMIZER_CASES += [
        ({"name": name}, 1.0),
        ({"name": name, "lr": 0.1}, 0.7),
        ({"name": name, "lr": 0.1, "betas": [0.8, 0.95]}, 1.0),
        ({"name": name, "lr": 0.1, "eps": 1e-2}, 1.0),
        ({"name": name, "lr": 0.1, "weight_decay": 0.5}, 1.0),
        ({"name": name, "lr": 0.1, "weight_decay": 0.5, "maximize": True}, 1.0),
    ]
OPTIMIZER_CASES += [
    ({"name": "adam", "lr": 0.1, "betas": [0.9, 0.7], "amsgrad": True}, 1.0),
    ({"name": "adam", "lr": 0.1, "weight_decay": 0.5, "decoupled_weight_decay": True}, 1.0),
    ({"name": "adam", "lr": 0.1, "weight_decay": 0.5, "decoupled_weight_decay": True, "amsgrad": True}, 1.0),
    ({"name": "nadam", "lr": 0.1, "momentum_decay": 0.1}, 1.0),
    ({"name": "nadam", "lr": 0.1, "weight_decay": 0.5, "decoupled_weight_decay": True}, 1.0),
    ({"name": "radam", "lr": 0.1, "weight_decay": 0.5, "decoupled_weight_decay": True}, 1.0),
    ({"name": "adagrad"}, 1.0),
    ({"name": "adagrad", "lr": 0.1}, 0.7),
    ({"name": "adagrad", "lr": 0.1, "lr_decay": 0.3}, 1.0),
    ({"name": "adagrad", "lr": 0.1, "initial_accumulator_value": 0.5}, 1.0),
    ({"name": "adagrad", "lr": 0.1, "eps": 1e-2}, 1.0),
    ({"name": "adagrad", "lr": 0.1, "weight_decay": 0.5, "maximize": True}, 1.0),
    ({"name": "rmsprop"}, 1.0),
    ({"name": "rmsprop", "lr": 0.1, "alpha": 0.5}, 0.7),
    ({"name": "rmsprop", "lr": 0.1, "eps": 1e-2}, 1.0),
    ({"name": "rmsprop", "lr": 0.1, "momentum": 0.9}, 1.0),
    ({"name": "rmsprop", "lr": 0.1, "centered": True}, 1.0),
    ({"name": "rmsprop", "lr": 0.1, "centered": True, "momentum": 0.9, "weight_decay": 0.1}, 1.0),
    ({"name": "rmsprop", "lr": 0.1, "weight_decay": 0.5, "maximize": True}, 1.0),
]


def optimizer_steps(component, gamma, dtype):
    options = {key: value for key, value in component.items() if key != "name"}
    second = [5, 2] if component["name"] == "muon" else [4]
    parameters = [nn.Parameter(scatter([2, 3], 0, dtype)), nn.Parameter(scatter(second, 1, dtype))]
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


# L-BFGS evaluates its function within a step: here, a valley as bent as Rosenbrock's, in five
# dimensions, which changes a little from step to step as batches do.

LBFGS_CASES = [
    {"name": "lbfgs", "max_iter": 3},
    {"name": "lbfgs", "lr": 0.1},
    {"name": "lbfgs", "lr": 0.1, "max_iter": 4},
    {"name": "lbfgs", "lr": 0.1, "history_size": 3},
    {"name": "lbfgs", "lr": 0.1, "max_eval": 7},
    {"name": "lbfgs", "line_search_fn": "strong_wolfe"},
    {"name": "lbfgs", "line_search_fn": "strong_wolfe", "max_iter": 4, "history_size": 3},
    {"name": "lbfgs", "line_search_fn": "strong_wolfe", "lr": 0.2, "max_eval": 7},
    {"name": "lbfgs", "line_search_fn": "strong_wolfe", "tolerance_grad": 1e-2},
    {"name": "lbfgs", "line_search_fn": "strong_wolfe", "tolerance_change": 1e-3},
]


def valley(parameters, step):
    x = torch.cat([parameter.flatten() for parameter in parameters])
    bends = 3 * (x[1:] - x[:-1] ** 2) ** 2
    return (bends + (1 + 0.1 * step - x[:-1]) ** 2).sum()


def lbfgs_steps(component, dtype):
    options = {key: value for key, value in component.items() if key != "name"}
    parameters = [nn.Parameter(scatter([2, 3], 0, dtype)), nn.Parameter(scatter([4], 1, dtype))]
    optimizer = torch.optim.LBFGS(parameters, **options)
    steps = []
    for step in range(6):
        evaluations = 0

        def closure():
            nonlocal evaluations
            evaluations += 1
            optimizer.zero_grad()
            loss = valley(parameters, step)
            loss.backward()
            return loss

        first = optimizer.step(closure)
        steps.append({
            "loss": first.item(),
            "evaluations": evaluations,
            "weights": [parameter.flatten().tolist() for parameter in parameters],
        })
    return steps


def lbfgs():
    return [
        {"optimizer": component}
        | {name: lbfgs_steps(component, dtype) for name, dtype in FORMATS.items()}
        for component in LBFGS_CASES
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


# Losses: summed over six samples of ten classes, and their mean, by the classes' weights.

CLASS_WEIGHTS = [0.5, 1.0, 2.0, 0.0, 0.3, 1.7, 1.0, 3.0, 0.1, 0.9]

LOSS_CASES = [
    {"name": "nll"},
    {"name": "cross_entropy"},
    {"name": "cross_entropy", "label_smoothing": 0.1},
    {"name": "cross_entropy", "label_smoothing": 1.0},
    {"name": "nll", "weight": CLASS_WEIGHTS},
    {"name": "cross_entropy", "weight": CLASS_WEIGHTS},
    {"name": "cross_entropy", "label_smoothing": 0.1, "weight": CLASS_WEIGHTS},
]


def loss_value(component, dtype):
    options = {key: value for key, value in component.items() if key != "name"}
    function = {"nll": F.nll_loss, "cross_entropy": F.cross_entropy}[component["name"]]
    if "weight" in options:
        options["weight"] = torch.tensor(options["weight"], dtype=dtype)
    output = (scatter([6, 10], 0, dtype) * 3).requires_grad_()
    target = torch.arange(6) * 7 % 10
    value = function(output, target, reduction="sum", **options)
    value.backward()
    mean = function(output, target, **options)
    return {"sum": value.item(), "mean": mean.item(), "gradient": output.grad.flatten().tolist()}


# The same of ten numbers for each of six samples: a sample's loss is the mean over its numbers.

REGRESSION_CASES = [
    {"name": "mse"},
    {"name": "l1"},
    {"name": "smooth_l1"},
    {"name": "smooth_l1", "beta": 0.5},
    {"name": "smooth_l1", "beta": 0.0},
    {"name": "huber"},
    {"name": "huber", "delta": 2.0},
]


def regression_value(component, dtype):
    options = {key: value for key, value in component.items() if key != "name"}
    function = getattr(F, component["name"] + "_loss")
    output = (scatter([6, 10], 0, dtype) * 3).requires_grad_()
    target = scatter([6, 10], 5, dtype) * 3
    value = function(output, target, reduction="none", **options).mean(1).sum()
    value.backward()
    mean = function(output, target, **options)
    return {"sum": value.item(), "mean": mean.item(), "gradient": output.grad.flatten().tolist()}


def losses():
    return [
        {"loss": component} | {name: value(component, dtype) for name, dtype in FORMATS.items()}
        for cases, value in ((LOSS_CASES, loss_value), (REGRESSION_CASES, regression_value))
        for component in cases
    ]


# Schedules: the learning rate of sixty intervals, from 0.5. What a recipe says, and how PyTorch
# says it.

BASE_LR = 0.5
INTERVALS = 60
lrs = torch.optim.lr_scheduler


def wsd(optimizer, stable, decay, decay_type="cosine", min_lr_ratio=0.0, warmup=0):
    """Hugging Face's get_wsd_schedule, whose warm-up starts at min_lr_ratio."""
    left = {
        "linear": lambda share: 1 - share,
        "cosine": lambda share: (1 + math.cos(math.pi * share)) / 2,
        "1-sqrt": lambda share: 1 - math.sqrt(share),
    }[decay_type]

    def factor(n):
        if warmup <= n < warmup + stable:
            return 1.0
        if n >= warmup + stable + decay:
            return min_lr_ratio
        share = n / warmup if n < warmup else left((n - warmup - stable) / decay)
        return share * (1 - min_lr_ratio) + min_lr_ratio

    return lrs.LambdaLR(optimizer, factor)


def inverse_sqrt(optimizer, timescale, warmup=0):
    """Hugging Face's get_inverse_sqrt_schedule."""

    def factor(n):
        if n < warmup:
            return n / warmup
        return 1 / math.sqrt((n + timescale - warmup) / timescale)

    return lrs.LambdaLR(optimizer, factor)


def in_turn(*schedulers_and_milestones):
    *builders, milestones = schedulers_and_milestones
    return lambda o: lrs.SequentialLR(o, [build(o) for build in builders], milestones=milestones)


def warmed_up(build, warmup, start):
    linear = lambda o: lrs.LinearLR(o, start_factor=start, end_factor=1.0, total_iters=warmup)
    return in_turn(linear, build, [warmup])


def simple(name, torch_class, **options):
    return {"name": name, **options}, lambda o: torch_class(o, **options)


def with_warm_up(case, warmup, start):
    component, build = case
    fields = {"warmup": f"{warmup} steps", "warmup_start": start, "interval": "step"}
    return component | fields, warmed_up(build, warmup, start)


STEP = simple("step", lrs.StepLR, step_size=7, gamma=0.5)
MULTISTEP = simple("multistep", lrs.MultiStepLR, milestones=[5, 12, 40], gamma=0.3)
EXPONENTIAL = simple("exponential", lrs.ExponentialLR, gamma=0.9)
POLYNOMIAL = simple("polynomial", lrs.PolynomialLR, total_iters=40, power=2.0)
COSINE = simple("cosine", lrs.CosineAnnealingLR, T_max=30, eta_min=0.01)
RESTARTS = simple("cosine_restarts", lrs.CosineAnnealingWarmRestarts, T_0=4, T_mult=2, eta_min=0.01)
CONSTANT = {"name": "constant"}, lambda o: lrs.ConstantLR(o, factor=1.0)


def one_cycle(**options):
    component = {"name": "one_cycle", "max_lr": BASE_LR, "total_steps": INTERVALS} | options
    fields = {key: value for key, value in component.items() if key != "name"}
    return component, lambda o: lrs.OneCycleLR(o, cycle_momentum=False, **fields)


def chained(*cases):
    component = {"name": "chained", "schedulers": [component for component, _ in cases]}
    return component, lambda o: lrs.ChainedScheduler([build(o) for _, build in cases], optimizer=o)


def sequential(cases, milestones):
    component = {"name": "chained", "schedulers": [component for component, _ in cases]}
    return component | {"milestones": milestones}, in_turn(*(b for _, b in cases), milestones)


SCHEDULE_CASES = [
    simple("step", lrs.StepLR, step_size=1, gamma=0.7),
    simple("step", lrs.StepLR, step_size=3, gamma=0.1),
    simple("step", lrs.StepLR, step_size=7, gamma=1.1),
    MULTISTEP,
    simple("multistep", lrs.MultiStepLR, milestones=[10, 10, 20]),
    EXPONENTIAL,
    simple("polynomial", lrs.PolynomialLR, total_iters=INTERVALS),
    simple("polynomial", lrs.PolynomialLR, total_iters=25, power=0.5),
    POLYNOMIAL,
    simple("cosine", lrs.CosineAnnealingLR, T_max=INTERVALS),
    simple("cosine", lrs.CosineAnnealingLR, T_max=17),
    COSINE,
    simple("cosine_restarts", lrs.CosineAnnealingWarmRestarts, T_0=7),
    simple("cosine_restarts", lrs.CosineAnnealingWarmRestarts, T_0=1, T_mult=3),
    RESTARTS,
    one_cycle(),
    one_cycle(max_lr=0.2, pct_start=0.1, div_factor=10.0, final_div_factor=50.0),
    one_cycle(anneal_strategy="linear"),
    one_cycle(three_phase=True),
    one_cycle(three_phase=True, anneal_strategy="linear", pct_start=0.4),
    ({"name": "wsd", "stable": 30, "decay": 20}, lambda o: wsd(o, 30, 20)),
    ({"name": "wsd", "stable": 0, "decay": 60}, lambda o: wsd(o, 0, 60)),
    (
        {"name": "wsd", "stable": 20, "decay": 30, "decay_type": "1-sqrt", "min_lr_ratio": 0.1},
        lambda o: wsd(o, 20, 30, "1-sqrt", 0.1),
    ),
    (
        {"name": "wsd", "stable": 20, "decay": 20, "decay_type": "linear", "min_lr_ratio": 0.2}
        | {"interval": "step", "warmup": "10 steps", "warmup_start": 0.2},
        lambda o: wsd(o, 20, 20, "linear", 0.2, warmup=10),
    ),
    ({"name": "inverse_sqrt", "timescale": 8}, lambda o: inverse_sqrt(o, 8)),
    (
        {"name": "inverse_sqrt", "interval": "step", "warmup": "10 steps"},
        lambda o: inverse_sqrt(o, 10, warmup=10),
    ),
    (
        {"name": "inverse_sqrt", "interval": "step", "warmup": "5 steps", "timescale": 20},
        lambda o: inverse_sqrt(o, 20, warmup=5),
    ),
    *(
        with_warm_up(case, 10, 0.25)
        for case in (STEP, MULTISTEP, EXPONENTIAL, POLYNOMIAL, COSINE, RESTARTS)
    ),
    with_warm_up(EXPONENTIAL, 1, 1 / 3),
    (
        CONSTANT[0] | {"warmup": "20 steps", "warmup_start": 0.1, "interval": "step"},
        warmed_up(CONSTANT[1], 20, 0.1),
    ),
    chained(STEP, EXPONENTIAL),
    chained(MULTISTEP, POLYNOMIAL, STEP),
    chained(EXPONENTIAL, simple("cosine", lrs.CosineAnnealingLR, T_max=70)),
    sequential([EXPONENTIAL, STEP], [15]),
    sequential([STEP, COSINE, MULTISTEP], [8, 40]),
]


def learning_rates(build):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1, dtype=torch.float64))], lr=BASE_LR)
    scheduler = build(optimizer)
    rates = []
    for _ in range(INTERVALS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if len(rates) < INTERVALS:  # a one-cycle schedule refuses to go beyond its end
            scheduler.step()
    return rates


def schedules():
    return [{"scheduler": c, "base": BASE_LR, "lr": learning_rates(b)} for c, b in SCHEDULE_CASES]


# Plateaus: the learning rate after each of sixty measurements.

PLATEAU_CASES = [
    {},
    {"patience": 2},
    {"patience": 1, "cooldown": 3, "factor": 0.5},
    {"patience": 0, "threshold": 0.05, "min_lr": 1e-3},
    {"patience": 1, "threshold": 0.02, "threshold_mode": "abs", "factor": 0.3},
    {"mode": "max", "patience": 2, "factor": 0.7},
    {"mode": "max", "patience": 1, "threshold": 0.05, "threshold_mode": "abs", "eps": 1e-2},
]


def metric(i):
    """Gets better, stays, gets worse, again and again."""
    return 1 / (1 + i / 10) + ((i * i * 31 + i * 7) % 101) / 400


def plateau(options):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=BASE_LR)
    scheduler = lrs.ReduceLROnPlateau(optimizer, **options)
    sign = -1 if options.get("mode") == "max" else 1
    values, rates = [2 + sign * metric(i) for i in range(INTERVALS)], []
    for value in values:
        scheduler.step(value)
        rates.append(optimizer.param_groups[0]["lr"])
    return {"options": options, "base": BASE_LR, "values": values, "lr": rates}


def plateaus():
    return [plateau(options) for options in PLATEAU_CASES]


if __name__ == "__main__":
    assert torch.__version__.startswith("2.11.0"), "the reference is PyTorch 2.11.0"
    write("optimizers", optimizers())
    write("lbfgs", lbfgs())
    write("networks", networks())
    write("losses", losses())
    write("schedules", schedules())
    write("plateaus", plateaus())
