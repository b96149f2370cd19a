#!/usr/bin/env python3
"""The same training work done by the libraries that a user would pick instead.

    apt-get install -y python3-torch python3-sklearn
    export NIGHTSHIFT_DATA=~/data                           # holds mnist/ and tabular/digits.csv.gz; or --data
    python3 peers/peer.py mnist --peer torch                # 784-100-10, softmax+CE
    python3 peers/peer.py steps --peer torch                # the workloads W1..W5, per step
    python3 peers/peer.py logged                            # W7: 10 epochs of 784-100-10, everything measured after each
    python3 peers/peer.py grid  --peer torch --workers 2    # W6: a grid of small runs
    python3 peers/peer.py grid  --peer torch-stacked        # W6, all runs of a width in one batch
    python3 peers/peer.py gemm                              # OpenBLAS on the shapes of W1, W3 and W4

Every line printed is one JSON object. Times are wall seconds of the training
loop alone (no import, no data loading); the minimum over --repeat is given, so
that a noisy machine hurts least. Run nightshift bench in the same minute and
quote the ratio, never the absolute figure.
"""
import argparse, functools, gzip, json, os, struct, time

WORKLOADS = {  # name: (layer sizes, batch, hidden activation, examples)
    "W1-lecture": ((784, 100, 10), 100, "sigmoid", 60000),
    "W2-scratch": ((784, 50, 10), 100, "sigmoid", 60000),
    "W3-deep":    ((784, 512, 512, 10), 128, "relu", 60000),
    "W4-wide":    ((784, 1024, 1024, 10), 256, "relu", 60000),
    "W5-xor":     ((2, 50, 2), 750, "relu", 750),
    "W5-digits":  ((64, 32, 10), 32, "relu", 1797),
}


def idx(path):
    with gzip.open(path) as f:
        magic, n = struct.unpack(">II", f.read(8))
        shape = struct.unpack(">" + "I" * (magic % 256 - 1), f.read(4 * (magic % 256 - 1)))
        import numpy as np
        return np.frombuffer(f.read(), np.uint8).reshape(n, *shape)


def torch_net(sizes, act, std=None):
    import torch
    acts = {"sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "identity": torch.nn.Identity}
    layers = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        lin = torch.nn.Linear(a, b)
        if std is not None:
            torch.nn.init.normal_(lin.weight, 0.0, std)
            torch.nn.init.zeros_(lin.bias)
        layers.append(lin)
        if i < len(sizes) - 2:
            layers.append(acts[act]())
    return torch.nn.Sequential(*layers)


def torch_epoch(net, opt, X, y, batch):
    import torch
    import torch.nn.functional as F
    perm = torch.randperm(len(X))
    for i in range(0, len(X) - batch + 1, batch):
        j = perm[i:i + batch]
        loss = F.cross_entropy(net(X[j]), y[j])
        opt.zero_grad()
        loss.backward()
        opt.step()


def mnist(a):
    dir = os.path.join(a.data, "mnist")
    Xtr, ytr = idx(dir + "/train-images-idx3-ubyte.gz"), idx(dir + "/train-labels-idx1-ubyte.gz")
    Xte, yte = idx(dir + "/t10k-images-idx3-ubyte.gz"), idx(dir + "/t10k-labels-idx1-ubyte.gz")
    Xtr, Xte = Xtr.reshape(-1, 784).astype("f4") / 255, Xte.reshape(-1, 784).astype("f4") / 255
    if a.peer == "torch":
        import torch
        torch.set_num_threads(a.threads)
        torch.manual_seed(a.seed)
        X, y = torch.from_numpy(Xtr), torch.from_numpy(ytr.astype("i8"))
        net = torch_net((784, a.hidden, 10), a.act, 0.1)
        opt = torch.optim.SGD(net.parameters(), lr=a.lr)
        t = time.perf_counter()
        for _ in range(a.epochs):
            torch_epoch(net, opt, X, y, a.batch)
        dt = time.perf_counter() - t
        with torch.no_grad():
            acc = float((net(torch.from_numpy(Xte)).argmax(1).numpy() == yte).mean())
    else:
        from sklearn.neural_network import MLPClassifier
        import warnings
        warnings.simplefilter("ignore")
        net = MLPClassifier((a.hidden,), activation={"sigmoid": "logistic"}.get(a.act, a.act), solver="sgd", alpha=0,
                            batch_size=a.batch, learning_rate_init=a.lr, momentum=0, max_iter=a.epochs, tol=0,
                            n_iter_no_change=10**9, random_state=a.seed)
        t = time.perf_counter()
        net.fit(Xtr, ytr)
        dt = time.perf_counter() - t
        acc = float((net.predict(Xte) == yte).mean())
    print(json.dumps(dict(work="mnist", peer=a.peer, hidden=a.hidden, epochs=a.epochs, threads=a.threads, seconds=dt,
                          examples_per_s=len(Xtr) * a.epochs / dt, test_accuracy=acc)))


def measured(net, X, y, layers):
    """Metrics of a split in batches of 1,000; with layers, what the activations do, too."""
    import torch
    import torch.nn.functional as F
    total = torch.zeros(5, dtype=torch.float64)  # loss, wrong, squared error of the outputs, NLL, Brier
    bins = torch.zeros(2, 15, dtype=torch.float64)  # confidence, right
    units = [[0.0, 0.0, 0, torch.zeros(m.out_features, dtype=torch.bool)] for m in net if isinstance(m, torch.nn.Linear)]

    def see(u, a):
        slope = a * (1 - a)  # of sigmoid and, with respect to their own logit, of softmax outputs
        u[0] += float(a.sum())
        u[1] += float((a * a).sum())
        u[2] += int((slope < 0.05 / 4).sum())
        u[3] |= (slope != 0).any(0)

    with torch.inference_mode():
        for i in range(0, len(X), 1000):
            t = y[i:i + 1000]
            h = X[i:i + 1000]
            seen = 0
            for m in net:
                h = m(h)
                if layers and isinstance(m, torch.nn.Sigmoid):
                    see(units[seen], h)
                    seen += 1
            log = F.log_softmax(h, 1)
            p = log.exp()
            if layers:
                see(units[seen], p)
            nll = F.nll_loss(log, t, reduction="sum")
            brier = ((p - F.one_hot(t, p.shape[1])) ** 2).sum()
            confidence, best = p.max(1)
            right = best == t
            total += torch.stack([nll, (~right).sum(), brier / p.shape[1], nll, brier])
            k = (torch.ceil(confidence * 15) - 1).clamp(0, 14).long()
            bins[0].index_add_(0, k, confidence.double())
            bins[1].index_add_(0, k, right.double())
    m = (total / len(X)).tolist() + [float((bins[0] - bins[1]).abs().sum() / len(X))]
    moments = [(u[0], u[1], u[2], int((~u[3]).sum())) for u in units] if layers else []
    return dict(zip(("loss", "error", "mse", "nll", "brier", "ece"), m)), moments


def logged(a):
    """W7: trains and evaluates as nightshift does by default; the clock leaves out reading and importing only."""
    import torch
    torch.set_num_threads(a.threads)
    split = lambda part: (torch.from_numpy(idx(f"{a.data}/mnist/{part}-images-idx3-ubyte.gz").reshape(-1, 784).astype("f4") / 255),
                          torch.from_numpy(idx(f"{a.data}/mnist/{part}-labels-idx1-ubyte.gz").astype("i8")))
    (X, y), (Xte, yte) = split("train"), split("t10k")
    best, share = 1e9, 0
    for _ in range(a.repeat):
        torch.manual_seed(a.seed)
        start = time.perf_counter()
        net = torch_net((784, 100, 10), "sigmoid")
        opt = torch.optim.SGD(net.parameters(), lr=0.1)
        weights = [m.weight for m in net if isinstance(m, torch.nn.Linear)]
        initial = [p.detach().clone() for p in net.parameters()]
        evaluation = 0.0
        for epoch in range(11):
            if epoch > 0:
                torch_epoch(net, opt, X, y, 100)
            t = time.perf_counter()
            train, moments = measured(net, X, y, True)
            test, _ = measured(net, Xte, yte, False)
            with torch.no_grad():  # norms of weights, of the last gradient and update, distances from the initial weights
                norms = [(float(w.norm()), float(w.grad.norm()) if epoch else 0, float(0.1 * w.grad.norm()) if epoch else 0,
                          float((w - initial[2 * l]).norm())) for l, w in enumerate(weights)]
                sum(float((p - q).pow(2).sum()) for p, q in zip(net.parameters(), initial)) ** 0.5
            evaluation += time.perf_counter() - t
        seconds = time.perf_counter() - start
        if seconds < best:
            best, share = seconds, evaluation / seconds
    print(json.dumps(dict(work="W7-logged", peer="torch", threads=a.threads, seconds=best, examples_per_s=10 * len(X) / best,
                          evaluation_share=share, test_error=test["error"], test_nll=test["nll"])))


def steps(a):
    import torch
    torch.set_num_threads(a.threads)
    for name, (sizes, batch, act, n) in WORKLOADS.items():
        torch.manual_seed(0)
        X, y = torch.rand(n, sizes[0]), torch.randint(0, sizes[-1], (n,))
        net = torch_net(sizes, act)
        opt = torch.optim.SGD(net.parameters(), lr=0.1)
        flop = 6 * batch * sum(p * q for p, q in zip(sizes, sizes[1:])) - 2 * batch * sizes[0] * sizes[1]
        m = min(n, batch * max(1, int(1e10 / flop)))  # about 10 GFLOP a pass
        reps = max(1, 200 * batch // m)
        best = 1e9
        for _ in range(a.repeat):
            t = time.perf_counter()
            for _ in range(reps):
                torch_epoch(net, opt, X[:m], y[:m], batch)
            best = min(best, (time.perf_counter() - t) / (reps * (m // batch)))
        print(json.dumps(dict(work=name, peer="torch", threads=a.threads, us_per_step=best * 1e6,
                              examples_per_s=batch / best, gflops=flop / best / 1e9)), flush=True)


@functools.cache
def digits(data):
    import numpy as np
    d = np.loadtxt(os.path.join(data, "tabular/digits.csv.gz"), delimiter=",")
    return d[:, :64].astype("f4") / 16, d[:, 64].astype("i8")


def one_small_run(job):
    seed, width, lr, epochs, peer, data = job
    X, y = digits(data)
    if peer == "torch":
        import torch
        torch.set_num_threads(1)
        torch.manual_seed(seed)
        X, y = torch.from_numpy(X), torch.from_numpy(y)
        net = torch_net((64, width, 10), "relu")
        opt = torch.optim.SGD(net.parameters(), lr=lr)
        for _ in range(epochs):
            torch_epoch(net, opt, X, y, 32)
    else:
        import warnings
        warnings.simplefilter("ignore")
        from sklearn.neural_network import MLPClassifier
        MLPClassifier((width,), solver="sgd", alpha=0, batch_size=32, learning_rate_init=lr, momentum=0, max_iter=epochs,
                      tol=0, n_iter_no_change=10**9, random_state=seed).fit(X, y)
    return 1


def stacked_runs(width, jobs, epochs, data):
    """All runs of one width at once, as batched products (what vmap over models compiles to): the strongest peer."""
    import torch
    import torch.nn.functional as F
    X, y = (torch.from_numpy(v) for v in digits(data))
    R = len(jobs)
    P = []
    for a, b in ((64, width), (width, 10)):
        P += [torch.empty(R, a, b).uniform_(-a ** -0.5, a ** -0.5).requires_grad_(), torch.zeros(R, 1, b).uniform_(-a ** -0.5, a ** -0.5).requires_grad_()]
    lr = torch.tensor([j[2] for j in jobs]).view(R, 1, 1)
    gens = [torch.Generator().manual_seed(j[0]) for j in jobs]
    for _ in range(epochs):
        perm = torch.stack([torch.randperm(len(X), generator=g) for g in gens])
        for i in range(0, len(X) - 31, 32):
            j = perm[:, i:i + 32]
            h = torch.relu(torch.baddbmm(P[1], X[j], P[0]))
            z = torch.baddbmm(P[3], h, P[2])
            loss = F.cross_entropy(z.reshape(-1, 10), y[j].reshape(-1), reduction="sum") / 32
            g = torch.autograd.grad(loss, P)
            with torch.no_grad():
                for p, d in zip(P, g):
                    p -= lr * d


def grid(a):
    """W6: 4 widths x 4 learning rates x 8 seeds = 128 runs of 64-W-10, 20 epochs, batch 32."""
    jobs = [(s, w, lr, 20, a.peer, a.data) for w in (8, 16, 32, 64) for lr in (0.01, 0.03, 0.1, 0.3) for s in range(8)]
    import multiprocessing as mp
    if a.peer != "sklearn":
        import torch  # noqa: F401  (import before the clock starts)
    else:
        import sklearn.neural_network  # noqa: F401
    t = time.perf_counter()
    if a.peer == "torch-stacked":
        import torch
        torch.set_num_threads(a.workers)
        for w in (8, 16, 32, 64):
            stacked_runs(w, [j for j in jobs if j[1] == w], 20, a.data)
        n = len(jobs)
    else:
        with mp.get_context("spawn").Pool(a.workers) as p:
            n = sum(p.imap_unordered(one_small_run, jobs))
    dt = time.perf_counter() - t
    print(json.dumps(dict(work="W6-grid", peer=a.peer, workers=a.workers, runs=n, seconds=dt, runs_per_s=n / dt)))


def gemm(a):
    import numpy as np
    for m, n, k in ((100, 100, 784), (100, 784, 100), (128, 512, 512), (256, 1024, 1024)):
        x, w = np.random.rand(m, k).astype("f4"), np.random.rand(n, k).astype("f4")
        best = 1e9
        for _ in range(a.repeat):
            t = time.perf_counter()
            for _ in range(20):
                x @ w.T
            best = min(best, (time.perf_counter() - t) / 20)
        print(json.dumps(dict(work="gemm", m=m, n=n, k=k, peer="openblas", gflops=2 * m * n * k / best / 1e9)))


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("work", choices=["mnist", "steps", "logged", "grid", "gemm"])
    p.add_argument("--peer", choices=["torch", "torch-stacked", "sklearn"], default="torch")
    p.add_argument("--data", default=os.environ.get("NIGHTSHIFT_DATA", "."))
    p.add_argument("--hidden", type=int, default=100)
    p.add_argument("--act", default="sigmoid")
    p.add_argument("--lr", type=float, default=0.1)
    p.add_argument("--batch", type=int, default=100)
    p.add_argument("--epochs", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--workers", type=int, default=2)
    p.add_argument("--repeat", type=int, default=5)
    a = p.parse_args()
    # One thread means one: Debian's OpenBLAS has a pool of its own beside torch's.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(a.threads)
    globals()[a.work](a)
