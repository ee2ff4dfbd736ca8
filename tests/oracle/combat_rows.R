# ComBat of the rows of all sites, iterated to its end: of a script that has said what is a batch (batch_of, of the rows).
# Leaves s, what there is beyond location, covariates and batch; rows are s * sqrt(pooled) + expected again.
suppressPackageStartupMessages(library(sva))
args <- commandArgs(TRUE)
source(file.path(here, "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
adjusted <- read.csv(args[3], check.names = FALSE, stringsAsFactors = FALSE)
names <- setdiff(names(adjusted), "patient")
check(length(names) > 10, "variables")
check(identical(adjusted$patient, rows$patient), "patients")
dat <- t(sapply(names, function(name) rounded(as.numeric(rows[[name]]), name)))
unit <- apply(dat, 1, sd)
dat <- dat / unit
mod <- model.matrix(reformulate(strsplit(args[4], ",")[[1]]), rows)
batch <- factor(batch_of(rows))
check(nlevels(batch) == as.numeric(args[5]), "batches", levels(batch))
design <- cbind(model.matrix(~ -1 + batch), mod[, -1, drop = FALSE])
index <- split(seq_along(batch), batch)
k <- nlevels(batch)
b <- solve(crossprod(design), t(dat %*% design))
pooled <- rowMeans((dat - t(design %*% b))^2)
expected <- colSums(b[1:k, ] * lengths(index) / ncol(dat)) + t(design[, -(1:k), drop = FALSE] %*% b[-(1:k), , drop = FALSE])
s <- (dat - expected) / sqrt(pooled)
for (i in index) {
  gamma <- rowMeans(s[, i])
  delta <- apply(s[, i], 1, var)
  star <- sva:::it.sol(s[, i], gamma, delta, mean(gamma), var(gamma), sva:::aprior(delta), sva:::bprior(delta), conv = 1e-13)
  s[, i] <- (s[, i] - star[1, ]) / sqrt(star[2, ])
}
check_rows <- function(expected, tolerance, ...) { # against those of harmonise
  for (v in seq_along(names)) {
    away <- max(abs(adjusted[[names[v]]] / unit[v] - expected[v, ]))
    check(away < tolerance, names[v], ..., away)
  }
}
