"""Commands in a row, what changes files between them, and where inputs are."""
import os
import shutil

ANY, BAD = "any exit code", "any but 0"


class Step:
    def __init__(self, words=(), function=None, code=0, out=None, stdin=None, environment=None, label=None):
        self.words, self.function, self.code, self.out, self.stdin = list(words), function, code, out, stdin
        self.environment, self.label = environment or {}, label

    def fits(self, code):
        """Is it the exit code that the set expects? None may end by a signal, or not at all."""
        if not isinstance(code, int) or code < 0 or code == 127:
            return False
        return self.code == ANY or (code != 0 if self.code == BAD else code == self.code)


class Chain:
    def __init__(self, name):
        self.name, self.steps = name, []

    def run(self, *words, **how):
        self.steps.append(Step(words, **how))

    def do(self, function):
        """What changes files between two commands; called with the folder of the chain."""
        self.steps.append(Step(function=function))


class Inputs:
    """inputs("fed", "s1.csv"): a path below the inputs; data and cases: below the reference data."""
    def __init__(self, top, here):
        root = os.path.abspath(os.path.join(here, "..", "..", ".."))
        self.top = top
        self.data_top = os.path.abspath(os.environ.get("RADIOMILL_DATA", os.path.join(root, "shared", "data")))
        self.cases_top = os.path.abspath(os.environ.get("RADIOMILL_CASES", os.path.join(root, "shared", "cases")))

    def __call__(self, *names):
        return os.path.join(self.top, *names)

    def data(self, *names):
        return os.path.join(self.data_top, *names)

    def cases(self, *names):
        return os.path.join(self.cases_top, *names)


def write(name, text, mode=0o644):
    def step(here):
        path = os.path.join(here, name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
    return step


def remove(*names):
    def step(here):
        for name in names:
            path = os.path.join(here, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.path.lexists(path) and os.remove(path)
    return step


def copy(source, name, mode=0o644):
    def step(here):
        path = os.path.join(here, name)
        shutil.copyfile(source if os.path.isabs(source) else os.path.join(here, source), path)
        os.chmod(path, mode)
    return step


def edit(name, old, new, to=None):
    """Fails where the file has no such bytes: a change that changes nothing tests nothing."""
    def step(here):
        with open(os.path.join(here, name), "rb") as file:
            data = file.read()
        if old not in data:
            raise ValueError("%s: has no %r" % (name, old))
        with open(os.path.join(here, to or name), "wb") as file:
            file.write(data.replace(old, new, 1))
    return step


def cut(name, length):
    return lambda here: os.truncate(os.path.join(here, name), length if length >= 0
                                    else max(0, os.path.getsize(os.path.join(here, name)) + length))
