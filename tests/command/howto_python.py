# What the page has read is what the rows give.
import itertools
import json
import numpy as np
table = pd.concat([pd.read_csv(site + "/patients.csv") for site in "ABCD"], ignore_index=True)
panel = list(r.columns)
assert len(panel) == 5 and np.allclose(r.loc[panel, panel], table[panel].corr(), rtol=0, atol=1e-5)
assert both.d.notna().sum() > 25
rounded_to = {v["name"]: v["step"] for v in json.load(open("pooled/pooled.json"))["variables"]}
for row in both.itertuples():
    if row.sites_test < 3:  # by group of too few sites: empty
        assert np.isnan(row.d) and np.isnan(row.p)
        continue
    some = [table[table.patient.str[1].isin(sites)] for sites in itertools.combinations("1234", row.sites_test)]
    differences = [t[row.variable][t.response == "no"].mean() - t[row.variable][t.response == "yes"].mean() for t in some]
    own = [table[table.patient.str[1].isin(sites)][row.variable].std() for sites in itertools.combinations("1234", row.sites)]
    assert any(np.isclose(row.d, d / sd, rtol=1e-4, atol=1e-6 + rounded_to[row.variable] / sd) for d in differences for sd in own), row
assert len(both) == len(moments) == 41 and len(found) > 5 and found.p.is_monotonic_increasing
assert len(reml) == 41
assert steps.loc[0].eq(1).all() and list(steps.columns) == ["F", "M", "survival"] and steps.notna().all(axis=None)


def kaplan_meier(sites):
    own, s, points = table[table.patient.str[1].isin(sites)], 1, []
    end = pd.Series(everyone.index[np.searchsorted(everyone.index, own.months.clip(upper=everyone.index[-1]))], own.index)
    seen = (own.relapse == 1) & (own.months <= everyone.index[-1])
    for time in everyone.index:
        s *= 1 - (seen & (end == time)).sum() / (end >= time).sum()
        points.append(s)
    return len(own) == everyone.at_risk.iloc[0] and np.allclose(points, everyone.survival)


assert any(map(kaplan_meier, itertools.combinations("1234", everyone.sites.iloc[0]))) and len(everyone) > 2
assert len(shift) >= 36 and shift.notna().all()
assert len(rows) == len(features) == 4 and set(rows.status) == {"done"}
total = exact(f["sums"][0])
assert abs(float(total) - table.f0000.sum()) < 1e-6 * table.f0000.abs().sum()
