"""All processes that are started: whatever is killed, nothing hangs, nothing is lost and nothing stays behind.

Each worker is a fresh interpreter with two pipes of its own, and a thread of the driver waits for it. A worker that
dies, even amid a result, ends its pipe: its thread starts another and asks again. Tasks that lost a worker are tried
again one at a time, in case the memory was too small for several. A worker reads its pipe all the time, so that it sees
the end of its driver however that came; on Linux the kernel ends it even where the interpreter lock is not free.

The standard library's pool shares one queue among all workers, and waits for ever for the rest of half a result. No
module `__main__` is imported by a worker, so that scripts need no guard; what is sent has to be importable.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import IO, Any

from negotiation.errors import MachineError

STRIKES = 3  # deaths over one task until it is given up
_HEAD = 8  # bytes that give the length of a message
_PR_SET_PDEATHSIG = 1  # of the kernel, see prctl(2)


class DeadWorkerError(MachineError):
    """A task was given up because worker processes died over it again and again."""


def run_to_end(words: Sequence[str], seconds: float | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command and return what it printed; on Linux it ends with this process, however that ends.

    Raises `subprocess.TimeoutExpired` after `seconds`.
    """
    tied = _end_with_driver if sys.platform == "linux" else None
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=seconds, preexec_fn=tied)


class Processes(Executor):
    """An executor of at most `width` worker processes, started when needed; leaving the block ends them at once.

    A task fails with `DeadWorkerError` after `STRIKES` deaths, and with `MachineError` when no process can be started.
    """

    def __init__(self, width: int) -> None:
        self._threads = ThreadPoolExecutor(width, initializer=_block_interruptions)
        self._of_thread = threading.local()
        self._lock, self._again = threading.Lock(), threading.Lock()
        self._workers: list[_Worker] = []
        self._closed = False

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Start `function(*args, **kwargs)` in a worker; all three are pickled."""
        try:
            return self._threads.submit(self._run, function, args, kwargs)
        except RuntimeError as error:
            raise MachineError(f"A worker process cannot be started: {error}.") from error

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        """End all workers; what is not finished is dropped."""
        with self._lock:
            self._closed = True
            for worker in self._workers:
                worker.process.kill()
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for worker in self._workers:
            worker.end()

    def _run(self, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Have a task done by this thread's worker, or by the next one when it dies."""
        task, how = pickle.dumps((function, args, kwargs)), ""
        for strike in range(STRIKES):
            with self._again if strike else contextlib.nullcontext():
                worker = self._worker()
                try:
                    good, answer = worker.ask(task)
                except (EOFError, OSError):
                    how = worker.end()
                    continue
            if good:
                return answer
            raise answer
        raise DeadWorkerError(
            f"Worker processes died {STRIKES} times over the same task ({how}); is the memory too small?"
        )

    def _worker(self) -> _Worker:
        """Return the living worker of this thread."""
        with self._lock:
            if self._closed:
                raise CancelledError
            worker: _Worker | None = getattr(self._of_thread, "worker", None)
            if worker is None or worker.process.poll() is not None:
                try:
                    worker = self._of_thread.worker = _Worker()
                except OSError as error:
                    raise MachineError(f"A worker process cannot be started: {error.strerror or error}.") from error
                self._workers.append(worker)
            return worker


class _Worker:
    """One worker process, as its driver sees it."""

    def __init__(self) -> None:
        places = [str(place) for place in sys.path]
        code = f"import sys; sys.path[:] = {places}; from negotiation._processes import serve; serve()"
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if sys.stderr else subprocess.DEVNULL,
            # Windows: a group of its own, out of reach of Ctrl-C (elsewhere its thread blocks that signal)
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def ask(self, task: bytes) -> Any:
        """Return (whether it went well, result or exception); `EOFError` or `OSError` when the worker dies."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        _send(self.process.stdin, task)
        return pickle.loads(_receive(self.process.stdout))

    def end(self) -> str:
        """End the process where it still runs, and return how it ended."""
        self.process.kill()
        code = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):  # what a dead worker did not read cannot be flushed
                pipe.close()  # type: ignore[union-attr]
        return f"signal {-code}" if code < 0 else f"exit code {code}"


def serve() -> None:
    """Be a worker: do one task after the other until the driver is gone. What a task prints goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(50_000, 20, 20)  # as in the driver's command line
    if sys.platform == "linux":
        _end_with_driver()
    tasks, results = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    waiting: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(tasks, waiting), daemon=True).start()
    with contextlib.suppress(OSError):  # a dead driver reads no result
        while True:
            _send(results, _answer(waiting.get()))
    os._exit(0)


def _end_with_driver() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _listen(tasks: IO[bytes], waiting: SimpleQueue[bytes]) -> None:
    """Hand on what comes from the driver; end this process when nothing can come any more."""
    try:
        while True:
            waiting.put(_receive(tasks))
    finally:
        os._exit(0)


def _answer(task: bytes) -> bytes:
    """Return the pickled outcome of a task; an exception that cannot be pickled is told by its name and message."""
    try:
        function, args, kwargs = pickle.loads(task)
        return pickle.dumps((True, function(*args, **kwargs)))
    except Exception as error:
        error.add_note(f"In a worker process:\n{traceback.format_exc()}")
        try:
            told = pickle.dumps((False, error))
            pickle.loads(told)
        except Exception:
            told = pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
        return told


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(len(message).to_bytes(_HEAD, "little"))
    pipe.write(message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
    """Return the next whole message; `EOFError` when there is none, or only half of one."""
    size = int.from_bytes(pipe.read(_HEAD), "little")
    message = pipe.read(size)
    if not size or len(message) < size:
        raise EOFError
    return message


def _block_interruptions() -> None:
    """Let no process that this thread starts get a Ctrl-C, not even before it can ignore it."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
