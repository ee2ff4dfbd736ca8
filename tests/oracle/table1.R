# Table 1 and the flow of patients of a pool against R on the pooled rows.
# usage: Rscript table1.R TABLE FOLDER NUMBERS FACTORS GROUPS (names with commas)
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE, na.strings = c("", "NA"))
pick <- function(k) strsplit(args[k], ",")[[1]]
numbers <- pick(3); factors <- pick(4); groups <- pick(5)
table1 <- read.csv(file.path(args[2], "table1.csv"), na.strings = "", colClasses = c(group_level = "character", level = "character"))
by_site <- read.csv(file.path(args[2], "table1_by_site.csv"), na.strings = "", colClasses = c(level = "character"))
flow <- read.csv(file.path(args[2], "flow.csv"), na.strings = "")
sites <- nrow(flow) - 1
rows$site <- paste0("site", floor((seq_len(nrow(rows)) - 1) * sites / nrow(rows)) + 1)
same <- function(a, b) if (is.na(a)) is.na(b) else !is.na(b) & b == a
compare <- function(x, use, what) {
  if (x$variable %in% numbers) {
    v <- as.numeric(use[[x$variable]])
    check(x$n == sum(!is.na(v)) && x$missing == sum(is.na(v)), what, "n")
    near(x$mean, mean(v, na.rm = TRUE), 1e-12, what, "mean")
    near(x$sd, sd(v, na.rm = TRUE), 1e-12, what, "sd")
  } else {
    v <- use[[x$variable]]
    check(x$n == sum(!is.na(v)), what, "n")
    if (is.na(x$level)) check(x$missing == sum(is.na(v)), what, "missing")
    else {
      check(x$count == sum(v == x$level, na.rm = TRUE), what, "count")
      near(x$percent, 100 * mean(v == x$level, na.rm = TRUE), 1e-12, what, "percent")
    }
  }
}
smd_numbers <- function(a, b) abs(mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2)
smd_levels <- function(a, b) { # Yang and Dalton (2012), macro of the paper
  levels <- sort(unique(c(a, b)))
  p <- sapply(levels[-1], function(l) mean(a == l)); q <- sapply(levels[-1], function(l) mean(b == l))
  s <- -(outer(p, p) + outer(q, q)) / 2
  diag(s) <- (p * (1 - p) + q * (1 - q)) / 2
  sqrt(sum((p - q) * solve(s, p - q)))
}
apart <- function(variable, group, one) {
  split <- lapply(split(rows[[variable]], rows[[group]]), function(x) x[!is.na(x)])
  pairs <- combn(length(split), 2)
  mean(apply(pairs, 2, function(k) one(split[[k[1]]], split[[k[2]]])))
}
for (i in seq_len(nrow(table1))) {
  x <- table1[i, ]
  what <- paste(x$group, x$group_level, x$variable, x$level)
  compare(x, if (is.na(x$group)) rows else rows[same(x$group_level, rows[[x$group]]), ], what)
  if (is.na(x$group) && x$variable %in% numbers) {
    q <- quantile(as.numeric(rows[[x$variable]]), c(0.5, 0.25, 0.75), na.rm = TRUE)
    bounds <- read.csv(file.path(args[2], "quantiles.csv"))
    half <- max(bounds$error[bounds$variable == x$variable])
    got <- c(x$median, x$q1, x$q3)
    check(!is.na(x$median) && all(abs(got - q) <= half + 1e-9, na.rm = TRUE), what, "quartiles", q, half)
  }
}
smd <- read.csv(file.path(args[2], "table1_smd.csv"))
for (i in seq_len(nrow(smd))) {
  one <- if (smd$variable[i] %in% numbers) smd_numbers else smd_levels
  near(smd$smd[i], apart(smd$variable[i], smd$group[i], one), 1e-12, smd$group[i], smd$variable[i], "smd")
}
check(all(numbers %in% smd$variable) && all(groups %in% smd$group), "all differences")
for (i in seq_len(nrow(by_site))) compare(by_site[i, ], rows[rows$site == by_site$site[i], ], paste(by_site$site[i], by_site$variable[i]))
check(all(paste(numbers) %in% table1$variable) && all(factors %in% table1$variable) && all(groups %in% table1$group), "all variables")
check(all(flow$rows == flow$patients) && flow$rows[is.na(flow$site)] == nrow(rows), "flow")
report("table 1")
