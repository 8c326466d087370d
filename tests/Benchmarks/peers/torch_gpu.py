"""PyTorch on a GPU, on the shapes of the benchmarks out of cache: the operation alone, and with the copies of scores and results.

Needs PyTorch with CUDA. Prints Markdown, in nanoseconds per float: compare with what --threads prints on the same machine.
"""
import statistics
import time

import torch

TOTAL, ROUNDS = 1 << 26, 15
OPERATIONS = {"softmax": torch.softmax, "log-softmax": torch.log_softmax}


def median_time(call):
    """The median of some calls, in nanoseconds per float, each waited for."""
    times = []
    for turn in range(-3, ROUNDS):
        torch.cuda.synchronize()
        start = time.perf_counter_ns()
        call()
        torch.cuda.synchronize()
        if turn >= 0:
            times.append((time.perf_counter_ns() - start) / TOTAL)
    return statistics.median(times)


def with_copies(operation, scores, on_device, results):
    """From pageable or pinned memory of the host to the device, and back."""
    on_device.copy_(scores, non_blocking=True)
    results.copy_(operation(on_device, 1), non_blocking=True)


def main():
    if not torch.cuda.is_available():
        raise SystemExit("There is no GPU that PyTorch can use.")
    torch.set_grad_enabled(False)
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}, CUDA {torch.version.cuda}; {TOTAL} floats\n")
    print("| operation | classes | alone | with copies | with copies of pinned memory |\n|---|---|---|---|---|")
    for name, operation in OPERATIONS.items():
        for classes in (10, 1000, 32000):
            scores = 3 * torch.randn(TOTAL // classes, classes)
            on_device, results = scores.cuda(), torch.empty_like(scores)
            pinned, pinned_results = scores.pin_memory(), torch.empty_like(scores).pin_memory()
            print(f"| {name} | {classes} | {median_time(lambda: operation(on_device, 1)):.4f} "
                  f"| {median_time(lambda: with_copies(operation, scores, on_device, results)):.3f} "
                  f"| {median_time(lambda: with_copies(operation, pinned, on_device, pinned_results)):.3f} |", flush=True)


if __name__ == "__main__":
    main()
