# CovBat (Chen et al. 2022) on the pooled rows: ComBat iterated to its end, then prcomp of what is left, and scores by site.
# usage: Rscript covbat.R TABLE FOLDER HARMONISED COVARIATES (as age,sex) BATCHES (how many)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
batch_of <- function(rows) sub("-.*", "", rows$patient)
source(file.path(here, "combat_rows.R"))
panel <- jsonlite::fromJSON(file.path(args[2], "harmonisation.json"))$covariance$variables
check(length(panel) > 5, "variables of the panel")
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
check_rows(s * sqrt(pooled) + expected, 1e-10, "adjusted rows")
report(paste("covbat", args[4], args[5]))
