"""Times a softmax in C++ in turns with ours, on one thread: medians of its time divided by ours. Usage: native.py LIBRARY NAME"""
import ctypes
import sys

import numpy

from turns import CLASSES, IN_CACHE, OUT_OF_CACHE, ratio

library = ctypes.CDLL(sys.argv[1])
library.create.restype = ctypes.c_void_p
library.create.argtypes = [ctypes.c_bool, ctypes.c_long, ctypes.c_long]
library.input.restype = library.output.restype = ctypes.POINTER(ctypes.c_float)
for function in (library.input, library.output, library.run, library.destroy):
    function.argtypes = [ctypes.c_void_p]
random = numpy.random.default_rng(1)


def cell(operation, classes, total, rounds, repetitions):
    rows = max(1, total // classes)
    peer = library.create(operation == "logsoftmax", rows, classes)
    scores = numpy.ctypeslib.as_array(library.input(peer), (rows, classes))
    scores[:] = random.standard_normal((rows, classes), dtype=numpy.float32) * 3
    result = ratio(lambda: library.run(peer), operation, classes, total, rounds, repetitions)
    sums = numpy.ctypeslib.as_array(library.output(peer), (rows, classes))[:100].astype(float)
    sums = (numpy.exp(sums) if operation == "logsoftmax" else sums).sum(axis=1)
    assert abs(sums - 1).max() < 1e-4, f"{sys.argv[2]} did not compute a softmax."
    library.destroy(peer)
    return result


print(f"## {sys.argv[2]}, one thread, divided by ours\n")
print("| classes | softmax | log-softmax | one row of softmax a call | softmax, out of cache | log-softmax, out of cache |")
print("|---|---|---|---|---|---|")
for classes in CLASSES:
    print("| " + " | ".join([
        str(classes),
        cell("softmax", classes, IN_CACHE, 15, 4),
        cell("logsoftmax", classes, IN_CACHE, 15, 4),
        cell("row", classes, IN_CACHE, 15, 4),
        cell("softmax", classes, OUT_OF_CACHE, 3, 1),
        cell("logsoftmax", classes, OUT_OF_CACHE, 3, 1),
    ]) + " |", flush=True)
