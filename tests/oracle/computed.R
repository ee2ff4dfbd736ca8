# Ranks within sites and splines, by the tables of a pool, against R on the pooled rows: cor.test(method = "spearman") by
# site, metafor over the sites, lm with splines::ns. Writes the rows with the column of the spline.
# usage: Rscript computed.R TABLE FOLDER SPLINE
suppressPackageStartupMessages({library(metafor); library(splines)})
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
pairs <- read.csv(file.path(args[2], "covariance.csv"))
meta <- read.csv(file.path(args[2], "meta.csv"))
models <- read.csv(file.path(args[2], "models.csv"))
site <- sub("-.*", "", rows$patient)
names <- c("f0000", "f0003", "f0008", "age")

# Of each site cor.test; over the sites metafor of Fisher's z, whose variance is 1.06 / (n - 3).
found <- 0
for (i in seq_len(nrow(meta))) {
  t <- meta[i, ]
  if (!startsWith(t$estimate_of, "atanh correlation with ")) next
  a <- sub("_rank$", "", t$variable)
  b <- sub("_rank$", "", sub("atanh correlation with ", "", t$estimate_of))
  own <- sapply(split(rows, site), function(d)
    c(unname(suppressWarnings(cor.test(d[[a]], d[[b]], method = "spearman", exact = FALSE)$estimate)), nrow(d)))
  z <- atanh(own[1, ])
  v <- 1.06 / (own[2, ] - 3)
  fit <- rma(z, v, method = t$method, control = list(threshold = 1e-14, maxiter = 10000, tol = 1e-14))
  near(t$estimate, c(fit$b), 1e-10, a, b, t$method, "estimate")
  near(t$q, fit$QE, 1e-10 * max(1, fit$QE), a, b, "Q") # Q is of all sites' coefficients and nothing else
  near(t$tau2, fit$tau2, 1e-10, a, b, t$method, "tau2")
  found <- found + 1
}
check(found == 18, "six pairs by three methods", found)

# All sites together: products of ranks less their means, within each site.
ranks <- sapply(names, function(n) ave(rows[[n]], site, FUN = function(x) rank(x) - mean(rank(x))))
for (i in seq_len(nrow(pairs))) {
  a <- sub("_rank$", "", pairs$a[i])
  b <- sub("_rank$", "", pairs$b[i])
  near(pairs$correlation[i], sum(ranks[, a] * ranks[, b]) / sqrt(sum(ranks[, a]^2) * sum(ranks[, b]^2)), 1e-12, a, b)
}

# The column spans with the age, and a constant, what ns does of the same knots.
k <- c(38, 57, 76)
cube <- function(x) pmax(x, 0)^3
s <- (cube(rows$age - k[1]) - cube(rows$age - k[2]) * (k[3] - k[1]) / (k[3] - k[2]) +
      cube(rows$age - k[3]) * (k[2] - k[1]) / (k[3] - k[2])) / (k[3] - k[1])^2
basis <- ns(rows$age, knots = k[2], Boundary.knots = k[c(1, 3)])
near(max(abs(residuals(lm(s ~ basis)))), 0, 1e-10, "span of splines::ns")
near(max(abs(residuals(lm(basis ~ rows$age + s)))), 0, 1e-10, "and the other way round")
rows$age_s1 <- rounded(s, "age_s1")
near(max(abs(rows$age_s1 - s)), 0, 2^-12, "step")
for (name in unique(models$variable)) {
  y <- rounded(rows[[name]], name)
  fits <- list(none = lm(y ~ age + age_s1 + sex, rows), site = lm(y ~ age + age_s1 + sex + site, rows))
  for (i in which(models$variable == name)) {
    of <- summary(fits[[models$adjusted_for[i]]])$coefficients
    term <- sub("^sex=", "sex", models$term[i])
    if (!term %in% rownames(of)) next
    near(models$estimate[i], of[term, 1], 1e-10 * (abs(of[term, 1]) + of[term, 2]), name, term, models$adjusted_for[i])
    near(models$se[i], of[term, 2], 1e-10 * of[term, 2], name, term, "se")
  }
  spline <- summary(lm(y ~ basis + sex, rows)) # but for the step of the column
  near(summary(fits$none)$sigma, spline$sigma, 1e-4 * spline$sigma, name, "the model of ns")
}
write.csv(rows, args[3], row.names = FALSE, quote = FALSE)
report("computed")
