# Cumulative incidence of a pool against survfit of several states, of the pooled rows with times rounded up to the grid.
# usage: Rscript incidence.R TABLE FOLDER OUTCOME TIME EVENT CAUSES GRID (as 0,6,12)
suppressPackageStartupMessages(library(survival))
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
table <- read.csv(file.path(args[2], "incidence.csv"))
table <- table[table$outcome == args[3], ]
causes <- strsplit(args[6], ",")[[1]]
grid <- as.numeric(strsplit(args[7], ",")[[1]])
sites <- nrow(read.csv(file.path(args[2], "sites.csv")))
rows$site <- floor((seq_len(nrow(rows)) - 1) * sites / nrow(rows)) # as they are split
rows$exact <- as.numeric(rows[[args[4]]])
rows$event <- as.numeric(rows[[args[5]]])
rows <- rows[!is.na(rows$exact) & !is.na(rows$event), ]
beyond <- rows$exact > max(grid)
rows$time <- ifelse(beyond, max(grid) + 1, grid[pmin(length(grid), pmax(2, findInterval(rows$exact, grid, left.open = TRUE) + 1))])
rows$status <- factor(ifelse(beyond, 0, rows$event), 0:length(causes))
blank <- function(x) is.na(x) | x == ""
strata <- unique(table[, c("group", "level")])
check(nrow(strata) > 2, "strata are there")
for (i in seq_len(nrow(strata))) {
  group <- strata$group[i]
  all <- blank(group)
  use <- if (all) rows else rows[!is.na(rows[[group]]) & rows[[group]] == strata$level[i], ]
  fit <- summary(survfit(Surv(time, status) ~ 1, use), times = grid, extend = TRUE)
  for (cause in causes) {
    x <- table[(if (all) blank(table$group) else !blank(table$group) & table$group == group & table$level == strata$level[i]) & table$cause == cause, ]
    k <- match(cause, causes)
    what <- paste(cause, group, strata$level[i])
    check(nrow(x) > 1 && all(x$time %in% grid), what, "times")
    at <- match(x$time, grid)
    for (j in seq_along(at)) {
      near(x$incidence[j], fit$pstate[at[j], 1 + k], 1e-12, what, x$time[j])
      near(x$se[j], fit$std.err[at[j], 1 + k], 1e-12, what, x$time[j], "se")
    }
  }
}

# Gray's tests: of times rounded up to the grid, all together and with sites as strata.
suppressPackageStartupMessages(library(cmprsk))
tests <- read.csv(file.path(args[2], "incidence_tests.csv"))
tests <- tests[tests$outcome == args[3], ]
check(nrow(tests) == 2 * length(causes) * length(unique(tests$group)), "tests are there")
for (i in seq_len(nrow(tests))) {
  x <- tests[i, ]
  use <- rows[!blank(rows[[x$group]]), ]
  what <- paste(x$cause, x$group, x$adjusted_for)
  status <- as.numeric(as.character(use$status))
  gray <- if (x$adjusted_for == "site") cuminc(use$time, status, use[[x$group]], strata = use$site)
          else cuminc(use$time, status, use[[x$group]])
  of <- gray$Tests[as.character(match(x$cause, causes)), ]
  near(x$statistic, of[["stat"]], 1e-10 * max(1, of[["stat"]]), what, "statistic")
  near(x$p, of[["pv"]], 1e-10, what, "p")
  check(x$df == of[["df"]] && x$n == nrow(use), what, "df and n")
}
report("incidence")
