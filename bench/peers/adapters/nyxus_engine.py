"""Nyxus3D reads files; all of its features, or those of a family by their names."""
reads_files = True
count = 1


def start(threads):
    global count
    import importlib.metadata

    import nyxus  # noqa: F401
    count = threads
    return importlib.metadata.version("nyxus")


def open_files(task):
    from nyxus import Nyxus3D
    engine = Nyxus3D(["*3D_ALL*"], n_feature_calc_threads=count, coarse_gray_depth=32)
    return lambda image, mask: engine.featurize_files([image], [mask], False)


def prepare(task):
    call = open_files(task)
    return lambda: call(*task["files"])


def values(result):
    found = {}
    for name in result.columns:
        try:
            found[name] = float(result[name].iloc[0])
        except (TypeError, ValueError):
            pass
    return found


def columns(result):
    return int(result.size)
