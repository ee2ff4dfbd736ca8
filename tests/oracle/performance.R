# How well fixed scores do, by the tables of a pool, against R on the pooled rows: pROC, survival, glm, metafor.
# usage: Rscript performance.R TABLE FOLDER
suppressPackageStartupMessages(library(pROC))
suppressPackageStartupMessages(library(survival))
suppressPackageStartupMessages(library(metafor))
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
read <- function(name) read.csv(file.path(args[2], name))
sites <- nrow(read("sites.csv"))
rows$site <- paste0("site", floor((seq_len(nrow(rows)) - 1) * sites / nrow(rows)) + 1)
for (name in c("risk", "points")) rows[[name]] <- rounded(rows[[name]], name)
rows$y <- ifelse(rows$response == "", NA, as.numeric(rows$response == "yes"))
tables <- lapply(c("performance", "performance_by_site", "roc", "calibration", "decision"), function(n) read(paste0(n, ".csv")))
names(tables) <- c("pooled", "by_site", "roc", "calibration", "decision")
tight <- function(x, y, ...) near(x, y, 1e-10 * max(1, abs(y)), ...)
logit <- function(p) log(p / (1 - p))
pick <- function(table, ...) {
  where <- list(...)
  for (k in names(where)) table <- table[table[[k]] == where[[k]], ]
  check(nrow(table) > 0, paste(unlist(where), collapse = " "), "is missing")
  table
}

# What the sites estimate, each by itself, then all: random effects of the logits.
compare_sites <- function(name, measure, own) {
  for (s in names(own)) {
    x <- pick(tables$by_site, performance = name, measure = measure, site = s)
    tight(x$estimate, own[[s]][1], name, s)
    tight(x$se, sqrt(own[[s]][2]), name, s, "se")
    tight(x$low, plogis(logit(own[[s]][1]) - qnorm(0.975) * sqrt(own[[s]][2]) / (own[[s]][1] * (1 - own[[s]][1]))), name, s, "low")
  }
  a <- sapply(own, `[`, 1)
  v <- sapply(own, `[`, 2)
  r <- pick(tables$pooled, performance = name, measure = measure, combined = "random effects")
  if (sites < 2) return(check(is.na(r$estimate), "random effects of one site"))
  m <- rma(logit(a), v / (a * (1 - a))^2, method = "REML", control = list(threshold = 1e-14, maxiter = 10000))
  half <- qt(0.975, sites - 1)
  # Knapp and Hartung's factor is at least 1, and the prediction interval has sites - 1 degrees of freedom.
  se <- sqrt(max(1, sum((logit(a) - m$beta[1])^2 / (v / (a * (1 - a))^2 + m$tau2)) / (sites - 1)) / sum(1 / (v / (a * (1 - a))^2 + m$tau2)))
  near(r$estimate, plogis(m$beta[1]), 1e-10, name, "random effects")
  near(r$tau2, m$tau2, 1e-10, name, "tau2")
  near(r$low, plogis(m$beta[1] - half * se), 1e-10, name, "low of random effects")
  near(r$predict_high, plogis(m$beta[1] + half * sqrt(se^2 + m$tau2)), 1e-10, name, "prediction")
}

for (name in c("risk", "points")) {
  use <- rows[!is.na(rows[[name]]) & !is.na(rows$y), ]
  use$s <- use[[name]]
  own <- lapply(split(use, use$site), function(d) {
    r <- roc(d$y, d$s, levels = c(0, 1), direction = "<", quiet = TRUE)
    c(as.numeric(auc(r)), var(r, method = "delong"))
  })
  compare_sites(name, "auc", own)
  pairs <- sapply(split(use, use$site), function(d) sum(d$y) * sum(!d$y))
  x <- pick(tables$pooled, performance = name, measure = "auc", combined = "stratified")
  tight(x$estimate, sum(pairs * sapply(own, `[`, 1)) / sum(pairs), name, "stratified")
  tight(x$se, sqrt(sum(pairs^2 * sapply(own, `[`, 2))) / sum(pairs), name, "stratified se")
  check(x$events == sum(use$y) && x$patients == nrow(use), name, "patients")
  x <- pick(tables$pooled, performance = name, measure = "auc of all pairs")
  all <- as.numeric(auc(roc(use$y, use$s, levels = c(0, 1), direction = "<", quiet = TRUE)))
  check(x$low < all && all < x$high, name, "bounds of the AUC of all pairs", x$low, all, x$high)
  # Average precision, ties together: it lies within what the classes leave open.
  x <- pick(tables$pooled, performance = name, measure = "average precision")
  ap <- mean(sapply(use$s, function(s) mean(use$y[use$s >= s]))[use$y == 1])
  check(x$low < ap && ap < x$high, name, "bounds of average precision", x$low, ap, x$high)
  cuts <- pick(tables$roc, performance = name)
  class <- findInterval(use$s, sort(rounded(cuts$cut, name)), left.open = TRUE)
  worst <- use$y[order(-class, use$y)]
  tight(x$low, mean((cumsum(worst) / seq_along(worst))[worst == 1]), name, "low of average precision")
  most <- sapply(class, function(k) sum(use$y[class >= k]) / (sum(use$y[class >= k]) + sum(!use$y[class > k])))
  tight(x$high, mean(most[use$y == 1]), name, "high of average precision")
  for (i in seq_len(nrow(cuts))) {
    cut <- rounded(cuts$cut[i], name)
    tp <- sum(use$s > cut & use$y == 1)
    fp <- sum(use$s > cut & use$y == 0)
    check(all(cuts[i, c("tp", "fp", "fn", "tn")] == c(tp, fp, sum(use$y) - tp, sum(!use$y) - fp)), name, "counts at", cut)
    tight(cuts$sensitivity[i], tp / sum(use$y), name, "sensitivity")
    tight(cuts$specificity[i], 1 - fp / sum(!use$y), name, "specificity")
    tight(cuts$ppv[i], tp / (tp + fp), name, "ppv")
    tight(cuts$npv[i], mean(use$y[use$s <= cut] == 0), name, "npv")
    tight(cuts$balanced_accuracy[i], (cuts$sensitivity[i] + cuts$specificity[i]) / 2, name, "balanced accuracy")
    tight(cuts$accuracy[i], mean((use$s > cut) == use$y), name, "accuracy")
    tight(cuts$f1[i], 2 * tp / (2 * tp + fp + sum(use$y) - tp), name, "f1")
  }
}

use <- rows[!is.na(rows$risk) & !is.na(rows$y), ]
pooled <- function(measure) pick(tables$pooled, performance = "risk", measure = measure)
tight(pooled("brier")$estimate, mean((use$risk - use$y)^2), "Brier")
tight(pooled("brier scaled")$estimate, 1 - mean((use$risk - use$y)^2) / mean((mean(use$y) - use$y)^2), "scaled Brier")
tight(pooled("observed by expected")$estimate, sum(use$y) / sum(use$risk), "O/E")
tight(pooled("observed by expected")$low, sum(use$y) / sum(use$risk) * exp(-qnorm(0.975) * sqrt((1 - mean(use$y)) / sum(use$y))), "low of O/E")
for (s in unique(use$site)) {
  d <- use[use$site == s, ]
  tight(pick(tables$by_site, measure = "brier", site = s)$estimate, mean((d$risk - d$y)^2), "Brier of", s)
  tight(pick(tables$by_site, measure = "observed by expected", site = s)$estimate, sum(d$y) / sum(d$risk), "O/E of", s)
}
classes <- tables$calibration
class <- cut(use$risk, unique(c(-1, rounded(classes$to, "risk"))))
check(nrow(classes) > 2, "classes are there")
for (i in seq_len(nrow(classes))) {
  d <- use[as.integer(class) == i, ]
  check(classes$n[i] == nrow(d) && classes$observed[i] == sum(d$y), "counts of a class")
  tight(classes$expected[i], sum(d$risk), "expected of a class")
  tight(classes$predicted[i], mean(d$risk), "predicted of a class")
  w <- suppressWarnings(prop.test(sum(d$y), nrow(d), correct = FALSE))$conf.int
  near(classes$low[i], w[1], 1e-10, "low of a class")
  near(classes$high[i], w[2], 1e-10, "high of a class")
}
g <- glm(cbind(observed, n - observed) ~ logit(expected / n), binomial, classes, control = list(epsilon = 1e-15, maxit = 100))
for (k in 1:2) {
  x <- pooled(paste("calibration", c("intercept", "slope")[k], "of classes"))
  near(x$estimate, unname(coef(g)[k]), 1e-10, "calibration", k)
  near(x$se, summary(g)$coefficients[k, 2], 1e-10, "error of calibration", k)
}
decision <- tables$decision
for (i in seq_len(nrow(decision))) {
  t <- decision$threshold[i]
  of <- function(treated) (sum(treated & use$y == 1) - t / (1 - t) * sum(treated & use$y == 0)) / nrow(use)
  tight(decision$net_benefit[i], of(use$risk > rounded(t, "risk")), "net benefit at", t)
  tight(decision$treat_all[i], of(TRUE), "treat all at", t)
  tight(decision$avoided[i], (of(use$risk > rounded(t, "risk")) - of(TRUE)) * (1 - t) / t, "avoided at", t)
}

# Harrell's C: larger scores go with shorter times.
for (name in c("survival", "survival_points")) {
  rows$s <- rows[[c(survival = "risk", survival_points = "points")[name]]]
  use <- rows[!is.na(rows$s) & !is.na(rows$months) & !is.na(rows$died), ]
  own <- lapply(split(use, use$site), function(d) {
    c <- concordance(Surv(months, died) ~ s, d, reverse = TRUE)
    c(unname(c$concordance), c$var)
  })
  compare_sites(name, "c", own)
  x <- pick(tables$pooled, performance = name, combined = "stratified")
  c <- concordance(Surv(months, died) ~ s + strata(site), use, reverse = TRUE)
  tight(x$estimate, unname(c$concordance), name, "stratified")
  tight(x$se, sqrt(c$var), name, "stratified se")
}
report("performance")
