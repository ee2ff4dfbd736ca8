# Pooled tables against R on the pooled rows: rounded as summaries round them to 1e-12, and as they are within the effect of
# rounding (docs/numerics.md).
# usage: Rscript pool.R TABLE FOLDER
args <- commandArgs(TRUE)
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
read <- function(name) read.csv(file.path(args[2], name), check.names = FALSE, stringsAsFactors = FALSE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
relative <- function(got, expected, ...) near(got, expected, 1e-12 * abs(expected), ...)

moment <- function(x, k) mean((x - mean(x))^k)
skewness <- function(x) if (length(x) > 1 && var(x) > 0) moment(x, 3) / moment(x, 2)^1.5 else NA
kurtosis <- function(x) if (length(x) > 1 && var(x) > 0) moment(x, 4) / moment(x, 2)^2 - 3 else NA
norm <- function(x) sqrt(sum(x^2))
some <- function(x) x[!is.na(x)]

describe <- function(table, x, name) {
  half <- steps[[table$variable]] / 2
  raw <- some(x)
  x <- rounded(raw, table$variable)
  check(table$n == length(x), name, "n", table$n, length(x))
  if (!length(x)) return(check(is.na(table$mean), name, "mean of nothing"))
  near(table$mean, mean(x), 1e-12 * mean(abs(x)), name, "mean")
  near(table$mean, mean(raw), half + 1e-15 * mean(abs(raw)), name, "mean, unrounded")
  if (length(x) < 2) return(invisible())
  relative(table$variance, var(x), name, "variance")
  relative(table$sd, sd(x), name, "sd")
  near(table$sd, sd(raw), half * sqrt(length(raw) / (length(raw) - 1)) + 1e-15 * norm(raw), name, "sd, unrounded")
  if (is.null(table$skewness)) return(invisible()) # never by group
  if (var(x) == 0) return(check(is.na(table$skewness), name, "skewness of a constant"))
  near(table$skewness, skewness(x), 1e-12 * (1 + abs(skewness(x))), name, "skewness")
  near(table$kurtosis, kurtosis(x), 1e-12 * (1 + abs(kurtosis(x))), name, "kurtosis")
  z <- (raw - mean(raw)) / sqrt(moment(raw, 2))
  r <- half * sqrt(length(raw)) / norm(raw - mean(raw))
  near(table$skewness, skewness(raw), 2 * r * (3 * sqrt(mean(z^4)) + 3 * abs(mean(z^3)) + 3), name, "skewness, unrounded")
  near(table$kurtosis, kurtosis(raw), 2 * r * (4 * sqrt(mean(z^6)) + 4 * mean(z^4) + 4), name, "kurtosis, unrounded")
}

moments <- read("moments.csv")
value <- function(name) {
  x <- rows[[name]]
  if (identical(moments$scale[moments$variable == name], "log")) log(x) else as.numeric(x)
}
for (i in seq_len(nrow(moments))) describe(moments[i, ], value(moments$variable[i]), moments$variable[i])

groups <- read("moments_by_group.csv")
for (i in seq_len(nrow(groups))) {
  x <- value(groups$variable[i])[which(rows[[groups$group[i]]] == groups$level[i])]
  describe(groups[i, ], x, paste(groups$variable[i], groups$group[i], groups$level[i]))
}

by_site <- read("moments_by_site.csv")
site <- paste0("site", floor((seq_len(nrow(rows)) - 1) * length(unique(by_site$site)) / nrow(rows)) + 1)
for (i in seq_len(nrow(by_site)))
  describe(by_site[i, ], value(by_site$variable[i])[site == by_site$site[i]], paste(by_site$variable[i], by_site$site[i]))
without <- read("leave_one_out.csv")
for (i in seq_len(nrow(without)))
  describe(without[i, ], value(without$variable[i])[site != without$without[i]], paste(without$variable[i], "without", without$without[i]))

pairs <- read("covariance.csv")
names <- unique(pairs$a)
raw <- sapply(names, value)
x <- sapply(names, function(name) rounded(raw[, name], name))
covariance <- cov(x, use = "pairwise.complete.obs")
correlation <- suppressWarnings(cor(x, use = "pairwise.complete.obs"))
unrounded <- suppressWarnings(cor(raw, use = "pairwise.complete.obs"))
for (i in seq_len(nrow(pairs))) {
  a <- pairs$a[i]
  b <- pairs$b[i]
  both <- !is.na(x[, a]) & !is.na(x[, b])
  check(pairs$n[i] == sum(both), a, b, "n")
  p <- x[both, a]
  q <- x[both, b]
  near(pairs$covariance[i], covariance[a, b], 1e-12 * norm(p - mean(p)) * norm(q - mean(q)) / (length(p) - 1), a, b, "covariance")
  near(pairs$correlation[i], correlation[a, b], 1e-12, a, b, "correlation")
  effect <- 1.5 * sqrt(length(p)) * (steps[[a]] / norm(p - mean(p)) + steps[[b]] / norm(q - mean(q)))
  if (is.finite(effect)) near(pairs$correlation[i], unrounded[a, b], effect, a, b, "correlation, unrounded")
}

quantiles <- read("quantiles.csv")
for (i in seq_len(nrow(quantiles))) {
  q <- quantile(some(value(quantiles$variable[i])), quantiles$quantile[i], type = 7, names = FALSE)
  slack <- steps[[quantiles$variable[i]]] / 2 + 1e-15 * abs(q)
  check(quantiles$low[i] - slack <= q && q <= quantiles$high[i] + slack, quantiles$variable[i], "quantile", q, "not in",
        quantiles$low[i], "to", quantiles$high[i])
  near(quantiles$estimate[i], q, quantiles$error[i] + slack, quantiles$variable[i], "quantile within its error")
}
histograms <- read("histograms.csv")
for (name in unique(histograms$variable))
  check(sum(histograms$count[histograms$variable == name]) == length(some(value(name))), name, "histogram total")
counts <- read("counts.csv")
for (i in seq_len(nrow(counts))) {
  of <- rows[[counts$variable[i]]]
  check(counts$count[i] == sum(of == counts$level[i], na.rm = TRUE), counts$variable[i], counts$level[i], "count")
}
tables <- read("tables.csv")
for (i in seq_len(nrow(tables))) {
  both <- rows[[tables$row_variable[i]]] == tables$row[i] & rows[[tables$column_variable[i]]] == tables$column[i]
  check(tables$count[i] == sum(both, na.rm = TRUE), tables$row_variable[i], tables$row[i], "table")
}
report(basename(args[2]))
