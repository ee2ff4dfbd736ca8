"""What harmonisation took out: of the three features that differ most between the sites (pooled/site_effects.csv), the share of
the variance that lies between sites (eta squared) and the widest deviation of a site over the narrowest, before and after.

usage: site_effect.py POOLED TABLE SITE...      rows are SITE/TABLE and SITE/harmonised.csv
Fails unless eta squared of the rows is that of the pool, and both numbers went down.
"""
import csv
import sys
from statistics import fmean, stdev


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def effect(tables, name):
    sites = [[float(row[name]) for row in rows if row[name]] for rows in tables]
    everyone = [x for site in sites for x in site]
    mean = fmean(everyone)
    between = sum(len(site) * (fmean(site) - mean) ** 2 for site in sites)
    deviations = [stdev(site) for site in sites]
    return between / sum((x - mean) ** 2 for x in everyone), max(deviations) / min(deviations)


pooled, table, sites = sys.argv[1], sys.argv[2], sys.argv[3:]
before = [read("%s/%s" % (site, table)) for site in sites]
after = [read("%s/harmonised.csv" % site) for site in sites]
logs = {row["variable"] for row in read(pooled + "/moments.csv") if row["scale"] == "log"}
effects = [row for row in read(pooled + "/site_effects.csv")
           if row["sites"] == str(len(sites)) and row["variable"] in after[0][0] and row["variable"] not in logs]
effects.sort(key=lambda row: -float(row["eta_squared"] or 0))
print("%-28s %16s   %16s" % ("", "eta squared", "widest/narrowest"))
print("%-28s %8s %8s   %8s %8s" % (("feature",) + ("before", "after") * 2))
for row in effects[:3]:
    name = row["variable"]
    (eta, ratio), (eta_after, ratio_after) = effect(before, name), effect(after, name)
    print("%-28s %8.3f %8.3f   %8.2f %8.2f" % (name, eta, eta_after, ratio, ratio_after))
    assert abs(eta - float(row["eta_squared"])) < 1e-5, "the pool says %s" % row["eta_squared"]
    assert eta_after < eta / 2 and ratio_after < ratio, name
