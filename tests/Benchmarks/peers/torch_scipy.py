"""PyTorch and SciPy on one thread, taking turns with this library: medians of their time divided by ours."""
import numpy
import scipy.special
import torch

from turns import CLASSES, IN_CACHE, OUT_OF_CACHE, ratio

torch.set_num_threads(1)
torch.set_grad_enabled(False)


def top_k_by_partition(values, k):
    best = numpy.argpartition(values, -k, axis=1)[:, -k:]
    kept = numpy.take_along_axis(values, best, axis=1)
    order = numpy.argsort(-kept, axis=1)
    return numpy.take_along_axis(best, order, axis=1)


def loss_and_gradient(scores, labels):
    with torch.enable_grad():
        scores = scores.detach().requires_grad_()
        torch.nn.functional.cross_entropy(scores, labels, reduction="sum").backward()
    return scores.grad


print(f"## PyTorch {torch.__version__}, SciPy {scipy.__version__}, one thread, divided by ours\n")
print("| classes | PyTorch softmax | SciPy softmax | PyTorch log-softmax | PyTorch softmax, out of cache |\n|---|---|---|---|---|")
for classes in CLASSES:
    rows = max(1, IN_CACHE // classes)
    near = torch.randn(rows, classes) * 3
    near_out = torch.empty_like(near)
    far = torch.randn(max(1, OUT_OF_CACHE // classes), classes) * 3
    far_out = torch.empty_like(far)
    print("| " + " | ".join([
        str(classes),
        ratio(lambda: torch.softmax(near, 1, out=near_out), "softmax", classes, IN_CACHE, 15, 4),
        ratio(lambda: scipy.special.softmax(near.numpy(), axis=1), "softmax", classes, IN_CACHE, 9, 2),
        ratio(lambda: torch.log_softmax(near, 1, out=near_out), "logsoftmax", classes, IN_CACHE, 15, 4),
        ratio(lambda: torch.softmax(far, 1, out=far_out), "softmax", classes, OUT_OF_CACHE, 3, 1),
    ]) + " |", flush=True)

print("\n| cross-entropy | PyTorch, loss alone | PyTorch, with gradient |\n|---|---|---|")
for classes in (2, 10, 16, 32, 100, 1000):
    scores = torch.randn(max(1, IN_CACHE // classes), classes) * 3
    labels = torch.randint(classes, (scores.shape[0],))
    print("| " + " | ".join([
        str(classes),
        ratio(lambda: torch.nn.functional.cross_entropy(scores, labels, reduction="sum"), "crossentropy", classes, IN_CACHE, 15, 4),
        ratio(lambda: loss_and_gradient(scores, labels), "gradient", classes, IN_CACHE, 15, 4),
    ]) + " |", flush=True)

print("\n| top-k | PyTorch, k = 1 | 5 | 10 | NumPy, k = 1 | 5 | 10 |\n|---|---|---|---|---|---|---|")
for classes in (10, 100, 1000, 32000):
    total = max(IN_CACHE, min(4096 * classes, 1 << 21))
    values = torch.randn(total // classes, classes)
    cells = [ratio(lambda: torch.topk(values, k, dim=1), f"topk{k}", classes, total, 5, 1) for k in (1, 5, 10)]
    cells += [ratio(lambda: top_k_by_partition(values.numpy(), k), f"topk{k}", classes, total, 5, 1) for k in (1, 5, 10)]
    print(f"| {classes} | {' | '.join(cells)} |", flush=True)
print()
