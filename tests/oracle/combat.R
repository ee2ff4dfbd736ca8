# Harmonisation against sva::ComBat on the pooled rows, and with its own steps iterated to the end.
# usage: Rscript combat.R TABLE FOLDER HARMONISED COVARIATES (as age,sex) BATCHES (how many) [REFERENCE]
suppressPackageStartupMessages(library(sva))
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
effects <- read.csv(file.path(args[2], "harmonisation.csv"), check.names = FALSE, stringsAsFactors = FALSE)
adjusted <- read.csv(args[3], check.names = FALSE, stringsAsFactors = FALSE)
covariates <- strsplit(args[4], ",")[[1]]
reference <- if (length(args) > 5) args[6] else NULL
site <- sub("-.*", "", rows$patient)
names <- unique(effects$variable)
check(length(names) > 10, "variables")
dat <- t(sapply(names, function(name) rounded(as.numeric(rows[[name]]), name)))
complete <- rowSums(is.na(dat)) == 0 # ComBat weighs sites by all patients, also where some miss a value
dat <- dat[complete, ]
names <- names[complete]
unit <- apply(dat, 1, sd)
dat <- dat / unit # scales from 1e-5 to 1e12 are hard on solve()
rows$stage <- factor(rows$stage, c("I", "II", "III"))
mod <- model.matrix(reformulate(covariates), rows)
of_site <- unique(effects[, c("site", "batch")])
check(identical(sort(of_site$site), sort(unique(site))), "sites")
batch <- factor(of_site$batch[match(site, of_site$site)])
check(nlevels(batch) == as.numeric(args[5]), "batches", levels(batch))

# As ComBat standardises.
design <- cbind(model.matrix(~ -1 + batch), mod[, -1])
index <- split(seq_along(site), batch)
n <- lengths(index)
b <- solve(crossprod(design), t(dat %*% design))
k <- nlevels(batch)
ref <- if (is.null(reference)) NULL else match(reference, levels(batch))
grand <- if (is.null(ref)) colSums(b[1:k, ] * n / sum(n)) else b[ref, ]
residual <- dat - t(design %*% b)
pooled <- if (is.null(ref)) rowMeans(residual^2) else rowMeans(residual[, index[[ref]]]^2)
expected <- grand + t(design[, -(1:k)] %*% b[-(1:k), ])
s <- (dat - expected) / sqrt(pooled)
mine <- matrix(NA, nrow(dat), ncol(dat))
for (i in seq_len(k)) {
  of <- effects[effects$site == levels(batch)[i], ]
  for (other in of_site$site[of_site$batch == levels(batch)[i]])
    check(all(effects[effects$site == other, -(1:3)] == of[, -(1:3)]), "sites of one batch share its effects", other)
  all_gamma <- of$gamma_hat # priors are over all variables, those that some patients miss too
  all_delta <- of$delta_hat
  of <- of[match(names, of$variable), ]
  gamma <- rowMeans(s[, index[[i]]])
  delta <- apply(s[, index[[i]]], 1, var)
  star <- if (!is.null(ref) && i == ref) rbind(rep(0, nrow(dat)), rep(1, nrow(dat)))
          else sva:::it.sol(s[, index[[i]]], gamma, delta, mean(all_gamma), var(all_gamma), sva:::aprior(all_delta),
                            sva:::bprior(all_delta), conv = 1e-13)
  for (v in seq_along(names)) {
    what <- paste(names[v], levels(batch)[i])
    near(of$gamma_hat[v], gamma[v], 1e-10, what, "gamma hat")
    near(of$delta_hat[v], delta[v], 1e-10 * delta[v], what, "delta hat")
    near(of$gamma[v], star[1, v], 1e-10, what, "gamma")
    near(of$delta[v], star[2, v], 1e-10 * star[2, v], what, "delta")
  }
  mine[, index[[i]]] <- (s[, index[[i]]] - star[1, ]) / sqrt(star[2, ]) * sqrt(pooled) + expected[, index[[i]]]
}
check(identical(adjusted$patient, rows$patient), "patients")
theirs <- if (all(complete)) suppressMessages(ComBat(dat, batch, mod, ref.batch = reference)) else NULL
for (v in seq_along(names)) {
  x <- adjusted[[names[v]]] / unit[v]
  check(max(abs(x - mine[v, ])) < 1e-10, names[v], "adjusted rows", max(abs(x - mine[v, ])))
  if (!is.null(theirs))
    check(max(abs(x - theirs[v, ])) < 2e-3, names[v], "rows of ComBat, which stops at 1e-4:", max(abs(x - theirs[v, ])))
}
report(paste("combat", args[4], args[5], reference))
