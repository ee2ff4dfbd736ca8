"""Sites for models in rounds: DIR/A.csv ... with values that are multiples of the steps, and all.csv with the site.
Usage: rounds.py DIR PATIENTS [SITES [SEED]]. Site k has 10 k patients more."""

import math
import os
import random
import sys

HEADER = "case,f1,f2,f3,f4,age,sex,count,logt,response,months,relapsed,stage"


def row(rng, site, i):
    z = [rng.gauss(0.1 * site, 1) for _ in range(4)]
    z[1] += 0.5 * z[0]
    age, sex = round(rng.gauss(62, 9) * 4) / 4, rng.choice("FM")
    eta = -0.3 + 0.7 * z[0] - 0.4 * z[2] + 0.03 * (age - 62) + (0.5 if sex == "M" else 0)
    yes = rng.random() < 1 / (1 + math.exp(-eta))
    logt = round(math.log(rng.uniform(20, 60)) * 4096) / 4096
    mean, count = math.exp(-1 + 0.2 * z[1] + logt), 0
    chance, left = math.exp(-mean), rng.random() - math.exp(-mean)
    while left > 0:
        count += 1
        chance *= mean / count
        left -= chance
    hazard = 0.05 * math.exp(0.5 * z[0] - 0.3 * z[3] + (0.4 if sex == "M" else 0)) * (1 + 0.5 * site)
    time, censored = rng.expovariate(hazard), rng.uniform(5, 60)
    months = max(0.5, round(min(time, censored) * 2) / 2)
    f = [repr(round(x * 4096) / 4096) for x in z]
    stage = "I" if z[2] < -0.5 else "II" if z[2] < 0.4 else "III"
    return f + [age, sex, count, logt, "no yes".split()[yes], months, int(time < censored), stage]


def main(folder, patients, sites=4, seed=1):
    rng = random.Random(int(seed))
    with open(os.path.join(folder, "all.csv"), "w") as every:
        every.write(HEADER + ",site\n")
        for s in range(int(sites)):
            name = chr(ord("A") + s)
            with open(os.path.join(folder, name + ".csv"), "w") as out:
                out.write(HEADER + "\n")
                for i in range(int(patients) + 10 * s):
                    text = ",".join(map(str, ["%s%04d" % (name, i), *row(rng, s, i)]))
                    out.write(text + "\n")
                    every.write(text + "," + name + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
