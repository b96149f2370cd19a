"""Recomputes nn.json, the golden numbers of the tests of package mlp, with PyTorch in float64.

    python3 nn.py            prints the JSON
    python3 nn.py --check    says where nn.json differs by more than 1e-12 (relative), and exits with 1 if it does

Inputs and parameters are sines and cosines of indices, so that no random generator is
shared with the program. Needs torch and numpy (Debian: python3-torch).
"""

import json
import math
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

ACTIVATIONS = {
    "identity": lambda z, alpha: z,
    "sigmoid": lambda z, alpha: torch.sigmoid(z),
    "tanh": lambda z, alpha: torch.tanh(z),
    "hardtanh": lambda z, alpha: F.hardtanh(z),
    "relu": lambda z, alpha: F.relu(z),
    "leaky_relu": lambda z, alpha: F.leaky_relu(z),
    "elu": lambda z, alpha: F.elu(z),
    "prelu": lambda z, alpha: F.prelu(z, alpha),
    "softplus": lambda z, alpha: F.softplus(z),
    "silu": lambda z, alpha: F.silu(z),
    "gelu": lambda z, alpha: F.gelu(z),
    "selu": lambda z, alpha: F.selu(z),
    "softsign": lambda z, alpha: F.softsign(z),
}

# Each takes logits z [batch, classes], labels y and one-hot targets t.
LOSSES = {
    "softmax_ce": lambda z, y, t: F.cross_entropy(z, y),
    "softmax_ce_ls0.1": lambda z, y, t: F.cross_entropy(z, y, label_smoothing=0.1),
    "sigmoid_mse_mean": lambda z, y, t: F.mse_loss(torch.sigmoid(z), t),
    "sigmoid_mse_sum": lambda z, y, t: F.mse_loss(torch.sigmoid(z), t, reduction="sum") / len(z),
    "sigmoid_bce_mean": lambda z, y, t: F.binary_cross_entropy_with_logits(z, t),
    "identity_mse_mean": lambda z, y, t: F.mse_loss(z, t),
    "softmax_mse_mean": lambda z, y, t: F.mse_loss(torch.softmax(z, 1), t),
    # PyTorch divides by the number of classes, Crammer and Singer do not.
    "multiclass_hinge": lambda z, y, t: F.multi_margin_loss(z, y) * z.shape[1],
}


def prelu_alpha():
    return torch.tensor([0.25], requires_grad=True)


def activations():
    z = torch.tensor([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0])
    result = {"z": z.tolist()}
    for name, f in ACTIVATIONS.items():
        x = z.clone().requires_grad_()
        a = f(x, prelu_alpha())
        a.sum().backward()
        result[name] = {"f": a.tolist(), "df": x.grad.tolist()}
    return result


SPEC = (
    "B,I,H,C=4,3,4,3; X[b][i]=sin(1+3b+i); W1[i][j]=.5cos(1+3i+j); b1[i]=.1 sin(i+1); "
    "W2[i][j]=.5 sin(2+4i+j); b2[i]=.1 cos(i+1); y=[0,2,1,2]"
)


def mlp():
    B, I, H, C = 4, 3, 4, 3

    def table(rows, columns, f):
        return torch.tensor([[f(i, j) for j in range(columns)] for i in range(rows)])

    def vector(n, f):
        return torch.tensor([f(i) for i in range(n)])

    x = table(B, I, lambda b, i: math.sin(1 + 3 * b + i))
    y = torch.tensor([0, 2, 1, 2])
    t = F.one_hot(y, C).to(x.dtype)
    cases = {}
    for act, f in ACTIVATIONS.items():
        for loss, objective in LOSSES.items():
            parameters = [
                table(H, I, lambda i, j: 0.5 * math.cos(1 + 3 * i + j)),
                vector(H, lambda i: 0.1 * math.sin(i + 1)),
                table(C, H, lambda i, j: 0.5 * math.sin(2 + 4 * i + j)),
                vector(C, lambda i: 0.1 * math.cos(i + 1)),
            ]
            for p in parameters:
                p.requires_grad_()
            w1, b1, w2, b2 = parameters
            alpha = prelu_alpha()
            value = objective(f(x @ w1.T + b1, alpha) @ w2.T + b2, y, t)
            value.backward()
            grads = [p.grad for p in parameters]
            case = {
                "loss": value.item(),
                "norms": [g.norm().item() for g in grads],
                "dW1_00": grads[0][0, 0].item(),
                "dW2_23": grads[2][2, 3].item(),
                "grads": [g.tolist() for g in grads],
            }
            if act == "prelu":
                case["dalpha"] = alpha.grad.item()
            cases[act + "/" + loss] = case
    return {"spec": SPEC, "cases": cases}


def optimizers():
    """Five steps on f = (a^2 + 10 b^2)/2 from (1, 1)."""
    optim = torch.optim
    made = {
        "sgd": lambda p: optim.SGD(p, lr=0.05),
        "sgd_wd.1": lambda p: optim.SGD(p, lr=0.05, weight_decay=0.1),
        "momentum": lambda p: optim.SGD(p, lr=0.05, momentum=0.9),
        "nesterov": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
        "rmsprop": lambda p: optim.RMSprop(p, lr=0.01),
        "adagrad": lambda p: optim.Adagrad(p, lr=0.1),
        "adam": lambda p: optim.Adam(p, lr=0.1),
        "adam_wd.1": lambda p: optim.Adam(p, lr=0.1, weight_decay=0.1),
        "adamw_wd.1": lambda p: optim.AdamW(p, lr=0.1, weight_decay=0.1),
    }
    result = {}
    for name, make in made.items():
        theta = torch.tensor([1.0, 1.0], requires_grad=True)
        o = make([theta])
        for _ in range(5):
            o.zero_grad()
            (0.5 * (theta[0] ** 2 + 10 * theta[1] ** 2)).backward()
            o.step()
        result[name] = theta.tolist()
    return result


def batch_norm():
    bn = torch.nn.BatchNorm1d(1)
    y = bn(torch.tensor([[1.0], [2.0], [3.0], [4.0]]))
    return {"y": y.flatten().tolist(), "run_mean": bn.running_mean.item(), "run_var": bn.running_var.item()}


def cross_entropy_bias_variance():
    """Yang et al. 2020: three predictions of one example of class 0."""
    p, y = np.array([[0.7, 0.2, 0.1], [0.5, 0.3, 0.2], [0.2, 0.5, 0.3]]), 0
    pbar = np.exp(np.log(p).mean(0))
    pbar /= pbar.sum()
    risk, bias = -np.log(p[:, y]).mean(), -np.log(pbar[y])
    target, mean = np.eye(3)[y], p.mean(0)
    return {
        "p": p.tolist(),
        "y": y,
        "pbar": pbar.tolist(),
        "risk": risk,
        "bias": bias,
        "var": risk - bias,
        "kl_mean": (pbar * np.log(pbar / p)).sum(1).mean(),
        "mse_risk": ((p - target) ** 2).sum(1).mean(),
        "mse_bias2": ((mean - target) ** 2).sum(),
        "mse_var": ((p - mean) ** 2).sum(1).mean(),
    }


def nested_variance():
    """Rows are training sets, columns initialisations."""
    f = np.array([[1, 3], [4, 4], [6, 8]])
    init = f.var(1, ddof=1).mean()
    data = f.mean(1).var(ddof=1) - init / f.shape[1]
    return {"f": f.tolist(), "init": init, "data": data, "total": init + data}


def schedules():
    factors = {
        "step": lambda t: 0.1 ** (t // 30),
        "exp": lambda t: 0.95**t,
        "cos": lambda t: 0.5 * (1 + math.cos(math.pi * t / 100)),
        "inv": lambda t: 1 / (1 + 0.01 * t),
        "warm10": lambda t: min(1, (t + 1) / 10),
    }
    return {str(t): {name: 0.1 * f(t) for name, f in factors.items()} for t in (0, 1, 5, 30, 50, 100)}


def compute():
    return {
        "activations": activations(),
        "mlp": mlp(),
        "optim_5steps": optimizers(),
        "bn": batch_norm(),
        "ce_bv": cross_entropy_bias_variance(),
        "nested_var": nested_variance(),
        "sched": schedules(),
    }


def differences(got, want, path=""):
    """Where got and want differ: numbers by more than 1e-12 of their size, and 1e-15 for those that are 0."""
    if isinstance(want, dict) and isinstance(got, dict):
        for key in sorted(got.keys() | want.keys()):
            at = path + "/" + key
            if key not in got or key not in want:
                yield at + (": is not computed" if key in want else ": is not in the file")
            else:
                yield from differences(got[key], want[key], at)
    elif isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        for i, (g, w) in enumerate(zip(got, want)):
            yield from differences(g, w, f"{path}[{i}]")
    elif isinstance(want, (int, float)) and isinstance(got, (int, float)):
        if not abs(got - want) <= 1e-12 * abs(want) + 1e-15:
            yield f"{path}: {got!r}, in the file {want!r}"
    elif got != want:
        yield f"{path}: {got!r}, in the file {want!r}"


def main():
    if "--check" not in sys.argv:
        json.dump(compute(), sys.stdout)
        return
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "nn.json")) as f:
        wrong = list(differences(compute(), json.load(f)))
    print("\n".join(wrong) or "nn.json is reproduced")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
