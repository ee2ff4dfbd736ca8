# CovBat (Chen et al. 2022) on the pooled rows: ComBat iterated to its end, then prcomp of what is left, and scores by site.
# usage: Rscript covbat.R TABLE FOLDER HARMONISED COVARIATES (as age,sex) BATCHES (how many)
suppressPackageStartupMessages(library(sva))
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
adjusted <- read.csv(args[3], check.names = FALSE, stringsAsFactors = FALSE)
names <- setdiff(names(adjusted), "patient")
panel <- jsonlite::fromJSON(file.path(args[2], "harmonisation.json"))$covariance$variables
check(length(names) > 10 && length(panel) > 5, "variables")
dat <- t(sapply(names, function(name) rounded(as.numeric(rows[[name]]), name)))
unit <- apply(dat, 1, sd)
dat <- dat / unit
mod <- model.matrix(reformulate(strsplit(args[4], ",")[[1]]), rows)
batch <- factor(sub("-.*", "", rows$patient))
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
pc <- prcomp(t(s[panel, ]), scale. = TRUE)
parts <- which(cumsum(pc$sdev^2) / sum(pc$sdev^2) > 0.8)[1]
check(parts > 1 && parts < length(panel), "some components", parts)
scores <- pc$x
for (p in seq_len(parts)) { # ComBat without priors and covariates
  x <- pc$x[, p]
  within <- sqrt(mean((x - ave(x, batch))^2))
  scores[, p] <- (x - ave(x, batch)) / ave(x, batch, FUN = sd) * within
}
s[panel, ] <- t(scores %*% t(pc$rotation)) * pc$scale + pc$center
mine <- s * sqrt(pooled) + expected
for (v in seq_along(names)) {
  x <- adjusted[[names[v]]] / unit[v]
  check(max(abs(x - mine[v, ])) < 1e-8, names[v], "adjusted rows", max(abs(x - mine[v, ])))
}
report(paste("covbat", args[4], args[5]))
