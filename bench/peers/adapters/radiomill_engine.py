"""Our side: the Python package, and arrays as they are. RADIOMILL_LIBRARY names the library."""
import warnings

import settings as words

warnings.simplefilter("ignore")
engine, count, has_spatial = None, 1, False


def start(threads):
    global engine, count, has_spatial
    import radiomill
    engine, count = radiomill, threads
    try:
        engine.settings("spatial: no\n")
        has_spatial = True
    except radiomill.ConfigError:
        has_spatial = False
    return radiomill.version()


def forget():
    """What the rows before left idle is no memory of this row; 1 GiB is what the library keeps by default."""
    from radiomill import _native
    for most in (0, 1 << 30):
        _native.engine().rad_memory_keep(most)


def prepare(task):
    forget()
    chosen = engine.settings(words.ours_yaml(task, has_spatial))
    roi = None if task["kind"] == "organs" else task["labels"][0]

    def call(image, mask):
        return engine.extract(image, mask, chosen, spacing=task["spacing"], roi=roi, threads=count)
    return call


def values(result):
    row = result.rows[0]
    return {column.name: float(value) for column, value in zip(row.columns, row.values_array)}


def describe(result):
    row = result.rows[0]
    return [{"name": c.name, "tag": c.tag, "code": c.code, "aggregation": c.aggregation, "value": float(v)}
            for c, v in zip(row.columns, row.values_array)]


def columns(result):
    return sum(len(row) for row in result.rows)
