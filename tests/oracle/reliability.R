# Agreement of repeats against psych::ICC and closed forms on the pooled rows.
# usage: Rscript reliability.R TABLE FOLDER
suppressPackageStartupMessages(library(psych))
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
table <- read.csv(file.path(args[2], "reliability.csv"), check.names = FALSE, stringsAsFactors = FALSE)
check(nrow(table) > 5, "variables")
for (i in seq_len(nrow(table))) {
  t <- table[i, ]
  wide <- reshape(data.frame(p = rows$patient, o = rows$session, x = rounded(as.numeric(rows[[t$variable]]), t$variable)), idvar = "p",
                  timevar = "o", direction = "wide")
  m <- as.matrix(wide[, -1])
  m <- m[rowSums(is.na(m)) == 0, ]
  check(t$n == nrow(m), t$variable, "n")
  unit <- sd(m)
  m <- m / unit # psych compares with absolute tolerances
  r <- suppressWarnings(suppressMessages(ICC(m, lmer = FALSE)$results))
  for (k in 1:3) {
    name <- c("icc1", "icc_a1", "icc_c1")[k]
    near(t[[name]], r$ICC[k], 1e-10, t$variable, name)
    near(t[[paste0(name, "_low")]], r$`lower bound`[k], 1e-10, t$variable, name, "low")
    near(t[[paste0(name, "_high")]], r$`upper bound`[k], 1e-10, t$variable, name, "high")
  }
  n <- nrow(m)
  s <- cov(m) * (n - 1) / n
  mu <- colMeans(m)
  k <- ncol(m)
  pairs <- combn(k, 2)
  ccc <- 2 * sum(s[t(pairs)]) / ((k - 1) * sum(diag(s)) + sum((mu[pairs[1, ]] - mu[pairs[2, ]])^2))
  near(t$ccc, ccc, 1e-10, t$variable, "CCC")
  check(is.na(t$ccc_low) == (k != 2), t$variable, "CCC, an interval")
  if (k == 2) { # by the delta method for z, of normal moments, with n - 2 for n (Lin 1989)
    apart <- mu[1] - mu[2]
    slope <- c(-2 * apart * ccc, 2 * apart * ccc, -ccc, -ccc, 2) / (sum(diag(s)) + apart^2) / (1 - ccc^2)
    of <- list(c(1, 1), c(2, 2), c(1, 2))
    moments <- outer(1:3, 1:3, Vectorize(function(a, b) {
      i <- of[[a]]; j <- of[[b]]
      s[i[1], j[1]] * s[i[2], j[2]] + s[i[1], j[2]] * s[i[2], j[1]]
    }))
    variance <- (slope[1:2] %*% s %*% slope[1:2] + slope[3:5] %*% moments %*% slope[3:5]) / (n - 2)
    half <- qnorm(0.975) * sqrt(c(variance))
    near(t$ccc_low, tanh(atanh(ccc) - half), 1e-10, t$variable, "CCC, low")
    near(t$ccc_high, tanh(atanh(ccc) + half), 1e-10, t$variable, "CCC, high")
  }
  within <- sum(apply(m, 1, var)) * (k - 1) / (n * (k - 1))
  rc <- qnorm(0.975) * sqrt(2 * within)
  near(t$repeatability / unit, rc, 1e-10 * rc, t$variable, "repeatability")
  df <- n * (k - 1)
  near(t$repeatability_low / unit, rc * sqrt(df / qchisq(0.975, df)), 1e-10 * rc, t$variable, "repeatability, low")
  near(t$repeatability_high / unit, rc * sqrt(df / qchisq(0.025, df)), 1e-10 * rc, t$variable, "repeatability, high")
}
report("reliability")
