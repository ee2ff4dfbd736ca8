# Survival tables of a pool against R on the pooled rows: the same on times rounded up to the grid, and bounds that
# hold for exact times.
# usage: Rscript survival.R TABLE FOLDER OUTCOME TIME EVENT GRID (as 0,6,12)
suppressPackageStartupMessages(library(survival))
suppressPackageStartupMessages(library(metafor))
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
read <- function(name) read.csv(file.path(args[2], name))
of <- function(table) table[table$outcome == args[3], ]
grid <- as.numeric(strsplit(args[6], ",")[[1]])
sites <- nrow(read("sites.csv"))
rows$site <- paste0("site", floor((seq_len(nrow(rows)) - 1) * sites / nrow(rows)) + 1)
rows$exact <- as.numeric(rows[[args[4]]])
rows$event <- as.numeric(rows[[args[5]]])
rows <- rows[!is.na(rows$exact) & !is.na(rows$event), ]
last <- max(grid)
beyond <- rows$exact > last
rows$time <- ifelse(beyond, last + 1, grid[pmin(length(grid), pmax(2, findInterval(rows$exact, grid, left.open = TRUE) + 1))])
rows$status <- ifelse(beyond, 0, rows$event)
pick <- function(group, level) if (is.na(group) || group == "") rows else rows[!is.na(rows[[group]]) & rows[[group]] == level, ]
blank <- function(x) is.na(x) | x == ""

compare <- function(x, use, what) {
  s <- summary(survfit(Surv(time, status) ~ 1, use, conf.type = "log-log"), times = grid, extend = TRUE)
  e <- summary(survfit(Surv(exact, event) ~ 1, use), times = grid, extend = TRUE)
  there <- seq_along(x$time)
  check(all(x$time == grid[there]) && all(s$n.risk[-there] == 0), what, "times")
  check(all(x$at_risk[-1] == s$n.risk[there][-1]) && x$at_risk[1] == nrow(use), what, "at risk")
  check(all(x$events == s$n.event[there]), what, "events")
  check(sum(x$censored) == sum(use$exact <= last & use$event == 0), what, "censored")
  for (i in there) {
    near(x$survival[i], s$surv[i], 1e-12, what, grid[i])
    if (s$surv[i] > 0) near(x$se[i], s$std.err[i], 1e-12, what, grid[i], "se")
    inside <- s$surv[i] > 0 && s$surv[i] < 1
    near(x$low[i], if (inside) s$lower[i] else NA, 1e-10, what, grid[i], "low")
    near(x$high[i], if (inside) s$upper[i] else NA, 1e-10, what, grid[i], "high")
    if (i > 1) check(x$grid_low[i] <= e$surv[i] + 1e-12 && e$surv[i] <= x$survival[i] + 1e-12, what, grid[i], "bound of exact times",
          x$grid_low[i], e$surv[i], x$survival[i])
  }
}
curves <- of(read("survival.csv"))
strata <- unique(curves[, c("group", "level")])
check(nrow(strata) > 2, "curves are there")
moved <- 0
for (i in seq_len(nrow(strata))) {
  group <- strata$group[i]
  x <- if (blank(group)) curves[blank(curves$group), ] else curves[!blank(curves$group) & curves$group == group & curves$level == strata$level[i], ]
  compare(x, pick(group, strata$level[i]), paste(group, strata$level[i]))
  moved <- moved + sum(x$grid_low < x$survival)
}
check(moved > 0, "bounds that say nothing")
by_site <- of(read("survival_by_site.csv"))
for (site in unique(by_site$site))
  compare(by_site[by_site$site == site & blank(by_site$group), ], rows[rows$site == site, ], site)

# Restricted means: R's own on the rounded times, and bounds that hold for exact ones.
rmst <- function(use, time, tau) summary(survfit(Surv(time, status) ~ 1, data.frame(time = time, status = use)), rmean = tau)$table[c("rmean", "se(rmean)")]
means <- of(read("survival_rmst.csv"))
for (i in seq_len(nrow(means))) {
  use <- pick(means$group[i], means$level[i])
  what <- paste("restricted mean", means$group[i], means$level[i], means$time[i])
  expected <- rmst(use$status, use$time, means$time[i])
  check(means$n[i] == nrow(use), what, "n")
  near(means$rmst[i], expected[1], 1e-12 * expected[1], what)
  near(means$se[i], expected[2], 1e-12 + 1e-11 * expected[2], what, "se")
  exact <- rmst(use$event, use$exact, means$time[i])[1]
  check(means$rmst_least[i] <= exact + 1e-12 && exact <= means$rmst[i] + 1e-12, what, "bound of exact times")
}
check(nrow(means) > 4, "restricted means are there")
differences <- of(read("rmst_tests.csv"))
for (i in seq_len(nrow(differences))) {
  x <- differences[i, ]
  what <- paste("restricted means", x$group, x$level)
  if (is.na(x$difference)) next
  a <- with(pick(x$group, x$against), rmst(status, time, x$time))
  b <- with(pick(x$group, x$level), rmst(status, time, x$time))
  se <- sqrt(a[2]^2 + b[2]^2)
  near(x$difference, b[1] - a[1], 1e-11, what, "difference")
  near(x$se, se, 1e-11, what, "se")
  near(x$p, 2 * pnorm(-abs(b[1] - a[1]) / se), 1e-10, what, "p")
}
check(any(!is.na(differences$difference)), "differences are there")

medians <- of(read("survival_medians.csv"))
for (i in seq_len(nrow(medians))) {
  use <- pick(medians$group[i], medians$level[i])
  if (nrow(use) == 0) {
    check(is.na(medians$n[i]) && is.na(medians$median_low[i]), "a median of nobody")
    next
  }
  e <- survfit(Surv(exact, event) ~ 1, use)
  half <- c(e$time[e$surv <= 0.5 + 1e-12], Inf)[1]
  check(medians$n[i] == nrow(use) && medians$events[i] == sum(use$status), "n and events of a median")
  check(medians$median_low[i] < half && (half <= medians$median_high[i] || half > last && medians$median_high[i] == Inf), "median", half)
}

tests <- of(read("logrank.csv"))
levels <- of(read("logrank_levels.csv"))
check(nrow(tests) > 1, "tests are there")
for (i in seq_len(nrow(tests))) {
  t <- tests[i, ]
  what <- paste(t$group, t$adjusted_for)
  mine <- levels[levels$group == t$group & levels$adjusted_for == t$adjusted_for, ]
  use <- rows[rows[[t$group]] %in% mine$level, ]
  use$g <- factor(use[[t$group]], mine$level)
  use$cut <- ifelse(use$exact > last, last + 1, use$exact)
  rhs <- if (t$adjusted_for == "site") ~ g + strata(site) else ~ g
  s <- survdiff(update(rhs, Surv(time, status) ~ .), use)
  e <- survdiff(update(rhs, Surv(cut, status) ~ .), use)
  total <- function(x) if (is.matrix(x)) rowSums(x) else x
  there <- which(mine$n > 0)
  near(t$statistic, s$chisq, 1e-10 * (1 + s$chisq), what, "chi-square")
  near(t$p, pchisq(s$chisq, length(s$n) - 1, lower.tail = FALSE), 1e-10, what, "p")
  check(t$n == nrow(use) && t$events == sum(use$status), what, "n and events")
  for (k in seq_along(there)) {
    m <- mine[there[k], ]
    check(m$observed == total(s$obs)[k] && m$n == sum(use$g == m$level), what, m$level, "observed")
    near(m$expected, total(s$exp)[k], 1e-10 * (1 + m$expected), what, m$level, "expected")
    check(m$expected_low <= total(e$exp)[k] + 1e-10 && total(e$exp)[k] <= m$expected_high + 1e-10, what, m$level, "bound of the expected")
  }
  if (length(mine$level) == 2) {
    z <- (total(s$obs) - total(s$exp))[1]
    v <- s$var[1, 1]
    near(t$hazard_ratio, exp(z / v), 1e-10 * exp(z / v), what, "hazard ratio")
    near(t$low, exp(z / v - qnorm(0.975) / sqrt(v)), 1e-10, what, "low")
    near(t$high, exp(z / v + qnorm(0.975) / sqrt(v)), 1e-10 * t$high, what, "high")
    check(t$statistic_low <= e$chisq + 1e-10 && e$chisq <= t$statistic_high + 1e-10, what, "bound of the test", t$statistic_low, e$chisq, t$statistic_high)
    check(t$p_low <= t$p_high, what, "bounds of p")
  }
}
# Hazard ratios of the sites, and their meta-analysis.
meta <- read("meta.csv")
meta <- meta[meta$variable == args[3] & meta$method == "REML", ]
check(sites < 2 || nrow(meta) > 0, "meta-analyses are there")
for (i in seq_len(nrow(meta))) {
  group <- sub(" .*", "", sub("log hazard ratio ", "", meta$estimate_of[i]))
  level <- strsplit(sub("log hazard ratio [^ ]* ", "", meta$estimate_of[i]), " - ")[[1]]
  each <- sapply(unique(rows$site), function(of) {
    use <- rows[rows$site == of & rows[[group]] %in% level, ]
    use$g <- factor(use[[group]], level)
    s <- survdiff(Surv(time, status) ~ g, use)
    c((s$obs[1] - s$exp[1]) / s$var[1, 1], 1 / s$var[1, 1])
  })
  if (sites < 2) next
  r <- rma(each[1, ], each[2, ], method = "REML", test = "adhoc", control = list(threshold = 1e-14, maxiter = 10000))
  near(meta$estimate[i], unname(c(r$beta)), 1e-10, meta$estimate_of[i])
  near(meta$tau2[i], r$tau2, 1e-10, meta$estimate_of[i], "tau2")
  near(meta$q[i], r$QE, 1e-10 * (1 + r$QE), meta$estimate_of[i], "Q")
}
report(paste("survival", args[3]))
