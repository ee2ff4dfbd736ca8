# Where sites hide levels and cells: tests of groups and of tables against R on the rows of the sites that show all of them.
# usage: Rscript subset.R FOLDER SITE... (SITE.csv and SITE.radsum)
suppressPackageStartupMessages(library(jsonlite))
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
read <- function(name) read.csv(file.path(args[1], name), check.names = FALSE, stringsAsFactors = FALSE)
sites <- args[-1]
rows <- lapply(sites, function(s) read.csv(paste0(s, ".csv"), check.names = FALSE, stringsAsFactors = FALSE))
told <- lapply(sites, function(s) fromJSON(paste0(s, ".radsum"), simplifyVector = FALSE))
levels <- list(sex = c("F", "M"), stage = c("I", "II", "III"), response = c("no", "yes"))
groups <- c("sex", "response")
tables <- read("table_tests.csv")
least <- 3
fewer <- 0
for (t in seq_len(nrow(tables))) {
  a <- levels[[tables$row_variable[t]]]
  b <- levels[[tables$column_variable[t]]]
  whole <- sapply(told, function(s) all(!sapply(unlist(lapply(s$tables[[t]][seq_along(a)], function(l) l[seq_along(b)]), FALSE), is.null)))
  what <- paste(tables$row_variable[t], "by", tables$column_variable[t])
  check(tables$sites[t] == sum(whole), what, "sites")
  if (sum(whole) < least) {
    check(all(is.na(tables[t, c("n", "chi_square", "p", "patients")])), what, "is of too few sites")
    next
  }
  fewer <- fewer + !all(whole)
  use <- do.call(rbind, rows[whole])
  counts <- table(factor(use[[tables$row_variable[t]]], a), factor(use[[tables$column_variable[t]]], b))
  r <- suppressWarnings(chisq.test(counts, correct = FALSE))
  check(tables$n[t] == sum(counts) && tables$patients[t] == sum(counts), what, "n")
  near(tables$chi_square[t], unname(r$statistic), 1e-10 * r$statistic, what, "chi-square")
  near(tables$p[t], r$p.value, 1e-10 * r$p.value, what, "p")
  if (all(dim(counts) == 2)) near(tables$p_fisher[t], fisher.test(counts)$p.value, 1e-10, what, "Fisher")
}
check(fewer > 0, "no table is hidden at a site")
names <- sapply(told[[1]]$variables, function(v) v$name)
first <- cumsum(c(1, lengths(levels[groups])))
fewer <- 0
tests <- read("tests.csv")
tests <- tests[tests$test != "t", ]
for (i in seq_len(nrow(tests))) {
  t <- tests[i, ]
  g <- match(t$group, groups)
  sets <- first[g] + seq_along(levels[[t$group]])
  v <- match(t$variable, names)
  whole <- sapply(told, function(s) all(!sapply(s$variables[[v]]$sets[sets], is.null)))
  what <- paste(t$variable, "by", t$group, t$test)
  if (sum(whole) < least) {
    check(is.na(t$p) && is.na(t$n) && is.na(t$patients), what, "is of too few sites")
    next
  }
  fewer <- fewer + !all(whole)
  use <- do.call(rbind, rows[whole])
  x <- as.numeric(use[[t$variable]])
  f <- factor(use[[t$group]], levels[[t$group]])
  there <- !is.na(x) & !is.na(f)
  check(t$sites == sum(whole) && t$patients == sum(there), what, "sites and patients")
  r <- if (t$test == "welch") t.test(x ~ f)$p.value else anova(lm(x ~ f))$`Pr(>F)`[1]
  near(t$p, r, 2e-3 * (1 - r) + 1e-12, what, "p") # of values as they are, which sums take on steps
}
check(fewer > 0, "no level is hidden at a site")
report("subset")
