# Tests, meta-analyses, components and clusters of a pool against R on the pooled rows.
# usage: Rscript relations.R TABLE FOLDER VOLUME
suppressPackageStartupMessages(library(metafor))
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
read <- function(name) read.csv(file.path(args[2], name), check.names = FALSE, stringsAsFactors = FALSE)
moments <- read("moments.csv")
column <- function(name) rounded(as.numeric(rows[[name]]), name)
sites <- nrow(read("sites.csv"))
site <- paste0("site", floor((seq_len(nrow(rows)) - 1) * sites / nrow(rows)) + 1)
relative <- function(got, expected, ...) near(got, expected, 1e-10 * abs(expected), ...)

tests <- read("tests.csv")
for (i in seq_len(nrow(tests))) {
  t <- tests[i, ]
  x <- column(t$variable)
  g <- factor(rows[[t$group]])
  use <- !is.na(x) & !is.na(g) & rows[[t$group]] != ""
  x <- x[use]
  g <- g[use]
  if (t$test == "anova") {
    a <- anova(lm(x ~ g))
    relative(t$statistic, a$`F value`[1], t$variable, t$group, "F")
    relative(t$p, a$`Pr(>F)`[1], t$variable, t$group, "p of F")
    relative(t$eta_squared, a$`Sum Sq`[1] / sum(a$`Sum Sq`), t$variable, t$group, "eta squared")
    check(t$df2 == a$Df[2], t$variable, "df")
  } else {
    r <- t.test(x ~ g, var.equal = t$test == "t")
    scale <- 1e-10 * sum(abs(r$estimate)) # a difference of means cancels in R
    near(t$difference, unname(r$estimate[1] - r$estimate[2]), 1e-3 * scale, t$variable, t$group, "difference")
    near(t$statistic, unname(r$statistic), 1e-10 * (1 + abs(r$statistic)), t$variable, t$group, t$test)
    relative(t$df1, unname(r$parameter), t$variable, t$group, "df")
    relative(t$p, r$p.value, t$variable, t$group, "p")
    near(t$low, r$conf.int[1], 1e-10 * (abs(r$conf.int[1]) + abs(r$conf.int[2])), t$variable, "low")
    near(t$high, r$conf.int[2], 1e-10 * (abs(r$conf.int[1]) + abs(r$conf.int[2])), t$variable, "high")
  }
}
for (key in unique(paste(tests$group, tests$test))) {
  of <- tests[paste(tests$group, tests$test) == key, ]
  expected <- p.adjust(of$p, "BH")
  for (i in seq_len(nrow(of))) relative(of$p_adjusted[i], expected[i], of$variable[i], key, "adjusted p")
}

effects <- read("site_effects.csv")
for (i in seq_len(nrow(effects))) {
  x <- column(effects$variable[i])
  a <- anova(lm(x ~ factor(site)))
  relative(effects$statistic[i], a$`F value`[1], effects$variable[i], "site F")
  relative(effects$p[i], a$`Pr(>F)`[1], effects$variable[i], "site p")
  relative(effects$eta_squared[i], a$`Sum Sq`[1] / sum(a$`Sum Sq`), effects$variable[i], "site eta squared")
}
expected <- p.adjust(effects$p, "BH")
for (i in seq_along(expected)) relative(effects$p_adjusted[i], expected[i], effects$variable[i], "site adjusted p")

tables <- read("table_tests.csv")
for (i in seq_len(nrow(tables))) {
  counts <- table(rows[[tables$row_variable[i]]], rows[[tables$column_variable[i]]])
  r <- suppressWarnings(chisq.test(counts, correct = FALSE))
  relative(tables$chi_square[i], unname(r$statistic), "chi-square", i)
  relative(tables$p[i], r$p.value, "p of chi-square", i)
  if (all(dim(counts) == 2)) relative(tables$p_fisher[i], fisher.test(counts)$p.value, "Fisher", i)
  check(tables$n[i] == sum(counts), "n of a table")
}
check(any(!is.na(tables$p_fisher)), "no Fisher test")

# y and v of a site, of its rows alone.
frame <- data.frame(age = rows$age, sex = factor(rows$sex), stage = factor(rows$stage, c("I", "II", "III")), site = factor(site))
estimate <- function(m, of) {
  what <- m$estimate_of
  pair <- function(text) strsplit(sub("^[^ ]* ", "", text), " - ")[[1]]
  if (grepl("^log odds", what)) {
    by <- sub(".*, ", "", what)
    x <- rows[[m$variable]][of]
    g <- rows[[sub(" .*", "", by)]][of]
    counts <- table(factor(x, strsplit(sub(",.*", "", sub("log odds ratio ", "", what)), " - ")[[1]]), factor(g, pair(by)))
    e <- escalc(measure = "OR", ai = counts[1, 1], bi = counts[1, 2], ci = counts[2, 1], di = counts[2, 2])
    return(c(e$yi, e$vi))
  }
  x <- column(m$variable)[of]
  there <- !is.na(x)
  z <- x[there]
  if (what == "mean") return(c(mean(z), var(z) / length(z)))
  if (grepl("^slope ", what)) {
    scale <- sd(z)
    data <- frame[of, ]
    data$y <- x / scale
    r <- summary(lm(y ~ age + sex + stage, data))$coefficients[sub("=", "", sub("slope ", "", what)), ]
    return(c(r[1] * scale, (r[2] * scale)^2))
  }
  if (grepl("^atanh ", what)) {
    y <- column(sub("atanh correlation with ", "", what))[of]
    use <- there & !is.na(y)
    return(c(atanh(cor(x[use], y[use])), 1 / (sum(use) - 3)))
  }
  g <- rows[[sub(" .*", "", what)]][of][there]
  level <- pair(what)
  a <- z[g == level[1]]
  b <- z[g == level[2]]
  c(mean(a) - mean(b), var(a) / length(a) + var(b) / length(b))
}
meta <- read("meta.csv")
kinds <- sub(" .*", "", meta$estimate_of)
check(all(c("mean", "sex", "slope", "atanh", "log") %in% kinds), "kinds of meta-analyses", unique(kinds))
# Of the correlations some: there are hundreds of pairs.
meta <- meta[kinds != "atanh" | cumsum(kinds == "atanh") %% 25 < 3, ]
for (i in seq_len(nrow(meta))) {
  m <- meta[i, ]
  each <- sapply(unique(site), function(s) estimate(m, site == s))
  y <- each[1, ]
  v <- each[2, ]
  scale <- max(abs(y)) + sqrt(max(v)) # metafor works in the units that it gets
  r <- rma(y / scale, v / scale^2, method = m$method, test = "adhoc",
           control = list(threshold = 1e-14, maxiter = 10000, tol = 1e-14, tau2.max = 1e6))
  p <- predict(r)
  what <- paste(m$variable, m$estimate_of, m$method)
  near(m$tau2 / scale^2, r$tau2, 1e-10 * (r$tau2 + max(r$vi)), what, "tau2")
  near(m$estimate / scale, unname(c(r$beta)), 1e-10, what, "estimate")
  near(m$se / scale, r$se, 1e-10 * r$se, what, "se")
  near(m$low / scale, r$ci.lb, 1e-10, what, "low")
  near(m$high / scale, r$ci.ub, 1e-10, what, "high")
  near(m$q, r$QE, 1e-10 * (1 + r$QE), what, "Q")
  near(m$p_q, r$QEp, 1e-10, what, "p of Q")
  near(m$i2, r$I2, 1e-5, what, "I2")
  near(m$predict_low / scale, p$pi.lb, 1e-10, what, "prediction")
  near(m$predict_high / scale, p$pi.ub, 1e-10, what, "prediction")
}

clusters <- read("clusters.csv")
x <- sapply(clusters$variable, column)
r <- cor(x, use = "pairwise.complete.obs")
components <- read("components.csv")
e <- eigen(r, symmetric = TRUE)
for (k in seq_along(e$values)) near(components$eigenvalue[k], e$values[k], 1e-10 * e$values[1], "eigenvalue", k)
loadings <- read("loadings.csv")
for (k in unique(loadings$component)) {
  w <- loadings$weight[loadings$component == k]
  gap <- min(abs(e$values[k] - e$values[-k]))
  u <- e$vectors[, k]
  u <- u * sign(u[which.max(abs(u))])
  for (i in seq_along(w)) near(w[i], u[i], 1e-10 / min(1, gap), "weight", k, i)
}
cut <- cutree(hclust(as.dist(1 - abs(r)), "complete"), h = 1 - 0.5)
check(all(clusters$cluster == match(cut, unique(cut))), "clusters differ")
check(length(unique(cut)) > 1 && length(unique(cut)) < length(cut), "clusters are trivial")
for (k in unique(clusters$cluster)) {
  of <- which(clusters$cluster == k)
  check(sum(clusters$keep[of] == "yes") == 1, "one variable of a cluster is kept")
  best <- of[which.max(rowSums(abs(r[of, of, drop = FALSE])))]
  check(clusters$keep[best] == "yes", "the central one")
}
partial <- read("partial.csv")
check(nrow(partial) == nrow(clusters) * (nrow(clusters) - 1) / 2, "pairs given volume")
z <- args[3]
for (i in seq_len(nrow(partial))) {
  a <- partial$a[i]
  b <- partial$b[i]
  near(partial$correlation[i], r[a, b], 1e-10, a, b, "correlation")
  if (a == z || b == z) check(is.na(partial$given_volume[i]), "volume given itself")
  else near(partial$given_volume[i], (r[a, b] - r[a, z] * r[b, z]) / sqrt((1 - r[a, z]^2) * (1 - r[b, z]^2)), 1e-10, a, b, "given volume")
}
# Where nobody misses a value, that is the correlation of residuals.
full <- clusters$variable[colSums(is.na(x)) == 0 & clusters$variable != z][1:2]
residual <- function(name) residuals(lm(column(name) ~ column(z)))
of <- partial[partial$a %in% full & partial$b %in% full, ]
near(of$given_volume, cor(residual(full[1]), residual(full[2])), 1e-10, "residuals")

models <- read("models.csv")
check(nrow(models) > 100, "models are there")
fits <- list()
for (i in seq_len(nrow(models))) {
  m <- models[i, ]
  key <- paste(m$variable, m$adjusted_for)
  if (is.null(fits[[key]])) {
    frame$y <- column(m$variable)
    frame$y <- frame$y / sd(frame$y, na.rm = TRUE)
    fits[[key]] <- summary(lm(if (m$adjusted_for == "site") y ~ site + age + sex + stage else y ~ age + sex + stage, frame))
  }
  f <- fits[[key]]
  scale <- sd(column(m$variable), na.rm = TRUE)
  r <- f$coefficients[sub("=", "", m$term), ]
  what <- paste(key, m$term)
  near(m$estimate / scale, r[1], 1e-10 * (abs(r[1]) + r[2]), what, "estimate")
  near(m$se / scale, r[2], 1e-10 * r[2], what, "se")
  near(m$t, r[3], 1e-10 * (1 + abs(r[3])), what, "t")
  near(m$p, r[4], 1e-10 * r[4], what, "p")
  check(m$df == f$df[2], what, "df")
}

# All levels of a factor together, beside the other terms: drop1.
joint <- read("factor_tests.csv")
joint <- joint[joint$model == "" | is.na(joint$model), ]
check(nrow(joint) > 50 && setequal(joint$factor, c("sex", "stage")), "factors are tested")
for (i in seq_len(nrow(joint))) {
  m <- joint[i, ]
  frame$y <- column(m$variable)
  frame$y <- frame$y / sd(frame$y, na.rm = TRUE)
  use <- frame[!is.na(frame$y), ]
  f <- lm(if (m$adjusted_for == "site") y ~ site + age + sex + stage else y ~ age + sex + stage, use)
  a <- anova(update(f, paste(". ~ . -", m$factor)), f)
  d <- drop1(f, test = "F")[m$factor, ]
  what <- paste(m$variable, m$adjusted_for, m$factor)
  off <- 1e-10 * (1 + 1e-3 / d$`F value`) # RSS of R differ in their last bits
  near(m$statistic, a$F[2], off * a$F[2], what, "F of anova")
  near(m$statistic, d$`F value`, off * d$`F value`, what, "F of drop1")
  relative(m$p, d$`Pr(>F)`, what, "p")
  near(m$partial_eta_squared, d$`Sum of Sq` / (d$`Sum of Sq` + deviance(f)), off, what, "partial eta squared")
  check(m$df1 == d$Df && m$df2 == f$df.residual && m$n == nobs(f), what, "df")
}
for (key in unique(paste(joint$adjusted_for, joint$factor))) {
  of <- joint[paste(joint$adjusted_for, joint$factor) == key, ]
  expected <- p.adjust(of$p, "BH")
  for (i in seq_len(nrow(of))) relative(of$p_adjusted[i], expected[i], of$variable[i], key, "adjusted p of F")
}
report("relations")
