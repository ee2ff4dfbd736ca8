# Batches within sites (each stage of each site) against sva::ComBat on the pooled rows, and its steps iterated to the end.
# usage: Rscript combat_within.R TABLE FOLDER HARMONISED COVARIATES (as age,sex; or a formula) BATCHES (how many)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
batch_of <- function(rows) paste(sub("-.*", "", rows$patient), rows$stage)
source(file.path(here, "combat_rows.R"))
check_rows(s * sqrt(pooled) + expected, 1e-10, "adjusted rows")
check_rows(suppressMessages(ComBat(dat, batch, mod)), 2e-3, "rows of ComBat, which stops at 1e-4:")
report(paste("combat within sites", args[4], args[5]))
