# Weights of R's models, written as a table: scores of the command are predict().
# usage: signature.R make TABLE FOLDER; signature.R check TABLE FOLDER
given <- commandArgs(TRUE)
x <- read.csv(given[2])
folder <- given[3]
suppressMessages(library(survival))
x$yes <- as.numeric(x$response == "yes")
names <- c("f0002", "f0003", "age")
z <- scale(as.matrix(x[names]))
lasso <- list(centre = attr(z, "scaled:center"), scale = attr(z, "scaled:scale"))
plain <- reformulate(names, "yes")
models <- list(
  logit = glm(plain, binomial, x), probit = glm(plain, binomial("probit"), x),
  cloglog = glm(plain, binomial("cloglog"), x), linear = lm(reformulate(names, "f0004"), x),
  cox = coxph(reformulate(names, "Surv(months, relapse)"), x))
scaled <- glm(x$yes ~ z, family = binomial)
horizons <- c(6, 12.5, 36)
if (given[1] == "make") {
  for (m in names(models)) {
    w <- coef(models[[m]])
    out <- data.frame(name = names(w), weight = w)
    if (m == "cox") out$centre <- models$cox$means[out$name]
    write.csv(out, file.path(folder, paste0("w_", m, ".csv")))
  }
  write.csv(data.frame(name = c("(Intercept)", names), weight = coef(scaled), centre = c(NA, lasso$centre),
                       scale = c(NA, lasso$scale)), file.path(folder, "w_scaled.csv"), na = "")
  at_means <- summary(survfit(models$cox), times = horizons)
  write.csv(data.frame(time = horizons, survival = at_means$surv), file.path(folder, "baseline.csv"))
} else {
  near <- function(what, is, should) {
    wrong <- max(abs(is - should) / pmax(1, abs(should)))
    if (!(wrong <= 1e-12)) stop(sprintf("%s: differs by %g", what, wrong))
  }
  got <- function(m) read.csv(file.path(folder, paste0("s_", m, ".csv")))
  for (m in names(models)) {
    near(m, got(m)$score, predict(models[[m]], x, type = if (m == "cox") "lp" else if (m == "linear") "response" else "link"))
    if (m %in% c("logit", "probit", "cloglog")) near(m, got(m)$probability, predict(models[[m]], x, type = "response"))
  }
  near("scaled", got("scaled")$probability, fitted(scaled))
  curves <- summary(survfit(models$cox, newdata = x), times = horizons)$surv
  for (i in seq_along(horizons)) near("risk", got("cox")[[paste0("risk_", horizons[i])]], 1 - curves[i, ])
  if (any((got("logit")$high == "yes") != (predict(models$logit, x) > 0.3))) stop("classes differ")
  cat("signatures: scores, probabilities, risks and classes of", length(models) + 1, "models are those of R\n")
}
