"""A peer of Fits in Layers.cs: makes its data, writes "ready", and does its work once for each line that it reads.

fits.py temperature ROWS CLASSES    SciPy's Brent on the mean loss at a temperature
fits.py perceptron FILE             an epoch of scikit-learn's MLPClassifier on rows of features and a label
"""
import sys

import numpy as np


def temperature(rows, classes):
    from scipy.optimize import minimize_scalar

    random = np.random.default_rng(1)
    logits = random.normal(0, 3, (rows, classes)).astype(np.float32)
    labels = np.argmax(logits + random.gumbel(size=logits.shape).astype(np.float32), axis=1)
    logits *= np.float32(2.1)
    logits -= logits.max(axis=1, keepdims=True)
    of_label = logits[np.arange(rows), labels].astype(np.float64)

    def loss(log_temperature):
        scale = np.exp(-log_temperature)
        return np.mean(np.log(np.exp(logits * np.float32(scale)).sum(axis=1, dtype=np.float64)) - of_label * scale)

    return lambda: minimize_scalar(loss, bracket=(0, 1), method="brent")


def perceptron(path):
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler

    data = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.float32)
    features, labels = StandardScaler().fit_transform(data[:, :-1]), data[:, -1].astype(int)
    network = MLPClassifier([256, 128], batch_size=32, random_state=1)
    return lambda: network.partial_fit(features, labels, classes=np.unique(labels))


work = temperature(int(sys.argv[2]), int(sys.argv[3])) if sys.argv[1] == "temperature" else perceptron(sys.argv[2])
print("ready", flush=True)
for _ in sys.stdin:
    work()
    print("done", flush=True)
