"""Commands in a row, and where inputs are."""
import os

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
