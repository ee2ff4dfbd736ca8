# Batches within sites (each stage of each site) against sva::ComBat on the pooled rows, and its steps iterated to the end.
# usage: Rscript combat_within.R TABLE FOLDER HARMONISED COVARIATES (as age,sex; or a formula) BATCHES (how many)
suppressPackageStartupMessages(library(sva))
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
adjusted <- read.csv(args[3], check.names = FALSE, stringsAsFactors = FALSE)
names <- setdiff(names(adjusted), "patient")
check(length(names) > 10, "variables")
check(identical(adjusted$patient, rows$patient), "patients")
dat <- t(sapply(names, function(name) rounded(as.numeric(rows[[name]]), name)))
unit <- apply(dat, 1, sd)
dat <- dat / unit
mod <- model.matrix(reformulate(strsplit(args[4], ",")[[1]]), rows)
batch <- factor(paste(sub("-.*", "", rows$patient), rows$stage))
check(nlevels(batch) == as.numeric(args[5]), "batches", levels(batch))
design <- cbind(model.matrix(~ -1 + batch), mod[, -1, drop = FALSE])
index <- split(seq_along(batch), batch)
k <- nlevels(batch)
b <- solve(crossprod(design), t(dat %*% design))
pooled <- rowMeans((dat - t(design %*% b))^2)
expected <- colSums(b[1:k, ] * lengths(index) / ncol(dat)) + t(design[, -(1:k), drop = FALSE] %*% b[-(1:k), , drop = FALSE])
s <- (dat - expected) / sqrt(pooled)
mine <- matrix(NA, nrow(dat), ncol(dat))
for (i in index) {
  gamma <- rowMeans(s[, i])
  delta <- apply(s[, i], 1, var)
  star <- sva:::it.sol(s[, i], gamma, delta, mean(gamma), var(gamma), sva:::aprior(delta), sva:::bprior(delta), conv = 1e-13)
  mine[, i] <- (s[, i] - star[1, ]) / sqrt(star[2, ]) * sqrt(pooled) + expected[, i]
}
theirs <- suppressMessages(ComBat(dat, batch, mod))
for (v in seq_along(names)) {
  x <- adjusted[[names[v]]] / unit[v]
  check(max(abs(x - mine[v, ])) < 1e-8, names[v], "adjusted rows", max(abs(x - mine[v, ])))
  check(max(abs(x - theirs[v, ])) < 2e-3, names[v], "rows of ComBat, which stops at 1e-4:", max(abs(x - theirs[v, ])))
}
report(paste("combat within sites", args[4], args[5]))
