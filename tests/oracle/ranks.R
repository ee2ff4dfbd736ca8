# Tests of ranks within sites, by the tables of a pool, against R on the pooled rows: kruskal.test and wilcox.test of one
# site, van Elteren's test in its closed form of several.
# usage: Rscript ranks.R TABLE FOLDER
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
tests <- read.csv(file.path(args[2], "rank_tests.csv"))
sites <- nrow(read.csv(file.path(args[2], "sites.csv")))
rows$site <- floor((seq_len(nrow(rows)) - 1) * sites / nrow(rows))
check(nrow(tests) > 10, "tests are there")

# Sums over strata of rank sums less their means, with weights 1 / (n + 1), and the hypergeometric covariance.
stratified <- function(d) {
  levels <- sort(unique(d$g))
  score <- rep(0, length(levels))
  variance <- matrix(0, length(levels), length(levels))
  for (s in split(d, d$site)) {
    n <- nrow(s)
    r <- rank(s$x)
    counts <- sapply(levels, function(l) sum(s$g == l))
    if (sum(counts > 0) < 2) next
    score <- score + (sapply(levels, function(l) sum(r[s$g == l])) - counts * mean(r)) / (n + 1)
    variance <- variance + var(r) * (diag(counts) - counts %o% counts / n) / (n + 1)^2
  }
  use <- seq_len(length(levels) - 1)
  drop(score[use] %*% solve(variance[use, use], score[use]))
}
for (i in seq_len(nrow(tests))) {
  t <- tests[i, ]
  d <- data.frame(x = rounded(rows[[t$variable]], t$variable), g = rows[[t$group]], site = rows$site)
  d <- d[!is.na(d$x) & d$g != "" & !is.na(d$g), ]
  what <- paste(t$variable, "by", t$group)
  q <- stratified(d)
  near(t$statistic, q, 1e-10 * max(1, q), what)
  near(t$p, pchisq(q, length(unique(d$g)) - 1, lower.tail = FALSE), 1e-10, what, "p")
  check(t$n == nrow(d) && t$df == length(unique(d$g)) - 1, what, "n and df")
  if (sites == 1) near(t$statistic, unname(kruskal.test(x ~ g, d)$statistic), 1e-10 * max(1, q), what, "kruskal.test")
  if (length(unique(d$g)) > 2) next
  first <- sort(unique(d$g))[1]
  u <- sapply(split(d, d$site), function(s) {
    w <- suppressWarnings(wilcox.test(s$x[s$g == first], s$x[s$g != first], exact = FALSE, correct = FALSE))
    if (sites == 1) near(t$p, w$p.value, 1e-10, what, "wilcox.test")
    c(unname(w$statistic), sum(s$g == first) * sum(s$g != first))
  })
  near(t$superiority, sum(u[1, ]) / sum(u[2, ]), 1e-12, what, "superiority")
}
for (g in unique(tests$group)) {
  own <- tests[tests$group == g, ]
  near(max(abs(own$p_adjusted - p.adjust(own$p, "BH"))), 0, 1e-12, g, "adjusted")
}
report("ranks")
