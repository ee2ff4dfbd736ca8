"""Arrays as images of SimpleITK, which several engines take."""
import SimpleITK


def pair(image, mask, spacing):
    made = []
    for array in (image, mask):
        one = SimpleITK.GetImageFromArray(array)
        one.SetSpacing([float(s) for s in spacing])
        made.append(one)
    return made


def pick(result):
    """Numbers among what a dict holds."""
    found = {}
    for name, value in result.items():
        try:
            found[str(name)] = float(value)
        except (TypeError, ValueError):
            pass
    return found
