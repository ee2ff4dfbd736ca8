# Paired tests of repeats, of all patients and by group, against t.test, and changes between groups against t.test and aov.
# usage: Rscript change.R TABLE FOLDER OCCASION GROUP...
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
read <- function(name) read.csv(file.path(args[2], name), stringsAsFactors = FALSE)
blank <- function(x) is.na(x) | x == ""
occasion <- args[3]
first <- rows[!duplicated(rows$patient), ]
wide <- function(name) sapply(unique(rows[[occasion]]), function(o) {
  x <- rows[rows[[occasion]] == o, ]
  rounded(as.numeric(x[[name]]), name)[match(first$patient, x$patient)]
})
paired <- read("paired.csv")
check(nrow(paired) > 0 && all(args[-(1:3)] %in% paired$group), "groups are there")
for (name in unique(paired$variable)) {
  x <- wide(name)
  complete <- rowSums(is.na(x)) == 0
  mine <- paired[paired$variable == name, ]
  for (i in seq_len(nrow(mine))) {
    y <- mine[i, ]
    use <- complete & (if (blank(y$group)) TRUE else first[[y$group]] %in% y$level)
    what <- paste(name, y$group, y$level, y$from, y$to)
    test <- t.test(x[use, y$to], x[use, y$from], paired = TRUE)
    d <- x[use, y$to] - x[use, y$from]
    size <- sd(d)
    check(y$n == sum(use), what, "n", y$n, sum(use))
    near(y$difference, unname(test$estimate), 1e-11 * size, what, "difference")
    near(y$sd, size, 1e-10 * size, what, "sd")
    near(y$t, unname(test$statistic), 1e-10 * (1 + abs(test$statistic)), what, "t")
    near(y$p, test$p.value, 1e-10, what, "p")
    near(y$low, test$conf.int[1], 1e-10 * size, what, "low")
    near(y$high, test$conf.int[2], 1e-10 * size, what, "high")
    near(y$effect, mean(d) / size, 1e-10, what, "effect")
  }
}
for (key in unique(paste(paired$group, paired$level, paired$from, paired$to))) {
  at <- paste(paired$group, paired$level, paired$from, paired$to) == key
  expected <- p.adjust(paired$p[at], "BH")
  check(max(abs(expected - paired$p_adjusted[at])) < 1e-12, key, "adjusted")
}
tests <- read("change_tests.csv")
check(nrow(tests) > 0, "tests between groups are there")
for (i in seq_len(nrow(tests))) {
  y <- tests[i, ]
  x <- wide(y$variable)
  use <- rowSums(is.na(x)) == 0 & !blank(first[[y$group]])
  d <- (x[, y$to] - x[, y$from])[use]
  g <- factor(first[[y$group]][use])
  what <- paste(y$variable, y$group, y$test)
  check(y$n == sum(use), what, "n")
  if (y$test == "anova") {
    a <- anova(lm(d ~ g))
    near(y$statistic, a$`F value`[1], 1e-10 * (1 + a$`F value`[1]), what, "F")
    near(y$p, a$`Pr(>F)`[1], 1e-10, what, "p")
  } else {
    r <- t.test(d ~ g, var.equal = y$test == "t")
    near(y$statistic, unname(r$statistic), 1e-10 * (1 + abs(r$statistic)), what, "t")
    near(y$p, r$p.value, 1e-10, what, "p")
  }
}
report("change")
