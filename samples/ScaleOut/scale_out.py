#!/usr/bin/env python3
"""Evaluates a classifier over shards on Dask: one task for each shard, then one merge.

A task scores its shard with an ONNX model, unless the shard has scores already, and saves the state of its evaluation. A task that is
run again, because its worker was lost, replaces its own state: every row counts once.

    dotnet run --project samples/ScaleOut -- prepare artifacts/digits
    python3 samples/ScaleOut/scale_out.py artifacts/digits/shards/*.csv --model artifacts/digits/model.onnx

Workers need the same paths as this script: one machine, or a file system that they share. With --scheduler, Dask's own, on any cluster.
"""
import argparse
import json
import math
import os
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

try:
    from distributed import Client, LocalCluster, as_completed
except ImportError:
    sys.exit(f"Dask is not installed for {sys.executable}. On Debian: apt-get install python3-dask python3-distributed, "
             "and run /usr/bin/python3. Elsewhere: pip install 'dask[distributed]'.")

REPOSITORY = Path(__file__).resolve().parents[2]
SCORER = shlex.join(["dotnet", str(REPOSITORY / "samples/ScaleOut/Scorer/bin/Debug/net10.0/Scorer.dll")])
SOFTMAX = shlex.join(["dotnet", str(REPOSITORY / "src/MLNet.Softmax.Tool/bin/Debug/net10.0/MLNet.Softmax.Tool.dll")])


def run(command):
    """Runs a program; what it writes to standard error is the message of the exception."""
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(str(part) for part in command)}: {result.stderr.strip() or result.returncode}")
    return result.stdout


def processor_time():
    """The seconds that programs which this process ran have taken, on all cores: a busy machine changes them less than the clock."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def evaluate(shard, options):
    """The task. It works in a folder of its own, and its last step, a rename, is the only one that others see.

    Returns the state and the processor time that it took."""
    shard, work, start = Path(shard), Path(options.work), processor_time()
    with open(work / "runs.txt", "a") as runs:
        runs.write(shard.name + "\n")
    with tempfile.TemporaryDirectory(prefix=f"{shard.stem}-", dir=work / "unfinished") as own:
        scores, state = shard, Path(own) / f"{shard.stem}.state"
        if options.model:
            scores = Path(own) / shard.name
            run([*shlex.split(options.scorer), options.model, shard, scores])
        run([*shlex.split(options.softmax), "evaluate", scores, "--metrics", options.metrics, "--state", state])
        if options.check and options.model:
            os.replace(scores, work / "scores" / shard.name)
        os.replace(state, work / state.name)
    return str(work / state.name), processor_time() - start


def kill_a_worker(client):
    """Ends a worker in the middle of a shard, as the loss of its machine would."""
    worker, keys = next((worker, keys) for worker, keys in client.processing().items() if keys)
    os.kill(client.run(os.getpid, workers=[worker])[worker], signal.SIGKILL)
    print(f"Killed the worker {worker} in the middle of {keys[0]}.", flush=True)


def evaluate_all(client, options):
    """Runs all tasks, and returns the states of their shards and the processor time of all."""
    tasks = [client.submit(evaluate, shard, options, key=Path(shard).stem, retries=2) for shard in options.shards]
    for count, task in enumerate(as_completed(tasks), start=1):
        task.result()
        print(f"{task.key} is done, {count} of {len(tasks)}.", flush=True)
        if options.kill_one and count == 1:
            kill_a_worker(client)
    states, seconds = zip(*client.gather(tasks))
    return states, sum(seconds)


def measured(command):
    """The output of a program, its processor time and its peak memory in MB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}.")
    return output, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def difference(first, second, path=""):
    """The first figure that differs by more than rounding; None if there is none."""
    if isinstance(first, dict) and isinstance(second, dict) and first.keys() == second.keys():
        return next(filter(None, (difference(first[name], second[name], f"{path}/{name}") for name in first)), None)
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        return next(filter(None, (difference(*pair, path) for pair in zip(first, second))), None)
    same = first == second
    if isinstance(first, float) and isinstance(second, float):
        same = math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-12)
    return None if same else f"{path} is {first} merged and {second} in one pass"


def check(states, task_seconds, options):
    """Evaluates all scores in one process too: the same figures, or an error."""
    softmax = shlex.split(options.softmax)
    merged, merging, merge_memory = measured([*softmax, "merge", *states, "--json"])
    scores = [str(options.work / "scores" / Path(shard).name) for shard in options.shards] if options.model else options.shards
    whole, one_pass, memory = measured([*softmax, "evaluate", *scores, "--metrics", options.metrics, "--json"])
    merged, whole = json.loads(merged), json.loads(whole)
    if (found := difference(merged, whole)) is not None:
        sys.exit(f"{found}.")
    rows, size = whole["rows"], sum(os.path.getsize(state) for state in states)
    print(f"Checked: {rows:,} rows in one pass give the same figures.")
    print(f"Processor time: the tasks {task_seconds:.0f} s; the merge of {len(states)} states of {size / len(states) / 1000:.0f} KB "
          f"{merging:.1f} s, {merge_memory:.0f} MB; one pass over the scores {one_pass:.0f} s, {memory:.0f} MB.")
    # Small shards mostly start programs.
    if rows / len(states) >= 100_000:
        scale = 1e9 / rows
        print(f"1,000,000,000 rows in such shards would take {task_seconds * scale / 3600:.1f} hours of all workers together, and "
              f"{len(states) * scale:,.0f} states.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shards", nargs="+", metavar="SHARD", help="CSV files of features and a column Label, or of scores")
    parser.add_argument("--model", help="the ONNX model that scores the shards; without it, they hold scores")
    parser.add_argument("--work", type=Path, default=Path("artifacts/scale-out"), help="a folder for the states (default: %(default)s)")
    parser.add_argument("--softmax", default=SOFTMAX, metavar="COMMAND", help="the dotnet tool, if not the one built here: softmax")
    parser.add_argument("--scorer", default=SCORER, metavar="COMMAND", help="the scorer, if not the one built here")
    parser.add_argument("--metrics", default="streaming", choices=["streaming", "all"], help="(default: %(default)s)")
    parser.add_argument("--report", metavar="FILE", help="where to write the HTML report of all rows")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler; without it, a cluster on this machine")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="workers on this machine (default: its cores)")
    parser.add_argument("--kill-one", action="store_true", help="kill a worker after the first shard, to see that nothing is lost")
    parser.add_argument("--check", action="store_true", help="evaluate all scores in one process too, and compare the figures")
    options = parser.parse_args()
    if options.kill_one and options.scheduler:
        parser.error("--kill-one kills a process of this machine, so it cannot be given with --scheduler.")
    names = [Path(shard).stem for shard in options.shards]
    if len(set(names)) < len(names):
        sys.exit("Two shards have the same name, and so would their states.")
    options.shards = [str(Path(shard).resolve()) for shard in options.shards]
    options.model = options.model and str(Path(options.model).resolve())
    options.work = options.work.resolve()
    for folder in ("unfinished", "scores"):
        shutil.rmtree(options.work / folder, ignore_errors=True)
        (options.work / folder).mkdir(parents=True)
    (options.work / "runs.txt").write_text("")

    start = time.monotonic()
    cluster = options.scheduler or LocalCluster(
        n_workers=options.workers, threads_per_worker=1, dashboard_address=None, local_directory=str(options.work / "unfinished"))
    with Client(cluster) as client:
        states, task_seconds = evaluate_all(client, options)
    if not options.scheduler:
        cluster.close()
    runs = len((options.work / "runs.txt").read_text().splitlines())
    print(f"{len(states)} shards in {time.monotonic() - start:.1f} s; tasks were started {runs} times.", flush=True)
    shutil.rmtree(options.work / "unfinished", ignore_errors=True)

    report = ["--report", options.report] if options.report else []
    subprocess.run([*shlex.split(options.softmax), "merge", *states, *report], check=True)
    if options.check:
        check(states, task_seconds, options)


if __name__ == "__main__":
    main()
