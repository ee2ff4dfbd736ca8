# Models in rounds against glm, coxph and glmnet on the pooled rows. Arguments: all.csv, folder of the tables, model ...
suppressMessages({library(survival); library(glmnet)})
args <- commandArgs(TRUE)
glmnet.control(epsnr = 1e-15, mxitnr = 500) # Newton of stratified Cox
d <- read.csv(args[1]); folder <- args[2]
d$yes <- as.numeric(d$response == "yes")
read <- function(model, name) read.csv(file.path(folder, paste0(model, ".", name, ".csv")))
failures <- 0
near <- function(what, is, should, tolerance) {
  off <- max(abs(is - should) / pmax(abs(should), 1e-2))
  good <- length(is) == length(should) && is.finite(off) && off <= tolerance
  cat(sprintf("%-42s %8.1e %s\n", what, off, if (good) "" else "FAILED"))
  if (!good) failures <<- failures + 1
}
exact <- glm.control(epsilon = 1e-15, maxit = 200)
hard <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 200)
variance <- function(fit) { # vcov of glm is that of the step before the last; here the information at the coefficients
  if (inherits(fit, "coxph")) return(vcov(fit))
  x <- model.matrix(fit)
  solve(t(x) %*% (fit$family$variance(fitted(fit)) * x))
}
score <- function(model, fit) { # of glm or coxph: coefficients, errors, deviances
  x <- read(model, "coefficients"); f <- read(model, "fits")
  near(paste(model, "coefficients"), x$estimate, coef(fit), 1e-8)
  cox <- inherits(fit, "coxph")
  near(paste(model, "errors"), x$se, sqrt(diag(variance(fit))), 1e-8)
  near(paste(model, "deviance"), f$deviance, if (cox) -2 * fit$loglik[2] else deviance(fit), 1e-8)
  near(paste(model, "null deviance"), f$null_deviance, if (cox) -2 * fit$loglik[1] else fit$null.deviance, 1e-8)
}
joint <- function(model, fit) { # all levels of each factor together: Wald's chi-square by coef and vcov
  score(model, fit)
  x <- read(model, "factor_tests"); v <- variance(fit); b <- coef(fit)
  for (i in seq_len(nrow(x))) {
    at <- grep(paste0("^", x$factor[i]), names(b))
    w <- drop(b[at] %*% solve(v[at, at], b[at]))
    near(paste(model, x$factor[i], "chi-square, df, p"), c(x$chi_square[i], x$df[i], log(x$p[i])),
         c(w, length(at), pchisq(w, length(at), lower.tail = FALSE, log.p = TRUE)), 1e-8)
  }
}
path <- function(model, x, y, family, alpha, offset = NULL, scale = 1, tolerance = 1e-6) {
  r <- read(model, "coefficients"); f <- read(model, "fits")
  fit <- glmnet(x, y, family = family, alpha = alpha, lambda = f$lambda, standardize = FALSE, offset = offset,
                thresh = 1e-20, maxit = 1e7)
  ours <- matrix(r$scaled, ncol = nrow(f))
  if (family == "cox") theirs <- as.matrix(fit$beta)
  else { theirs <- as.matrix(fit$beta); ours <- ours[-1, , drop = FALSE] }
  near(paste(model, "path"), as.vector(ours), as.vector(theirs), tolerance)
}
# How well the fits to the others order the patients of each site, and over the sites by metafor.
order_at <- function(model, site, measure) { x <- read(model, "performance"); x[x$site == site & x$measure == measure, ] }
over_sites <- function(model, measure, values, variances) {
  fit <- metafor::rma(qlogis(values), variances / (values * (1 - values))^2, method = "REML",
                      control = list(threshold = 1e-14, maxiter = 10000))
  near(paste(model, "over the sites"), order_at(model, "random effects", measure)$estimate, plogis(c(fit$b)), 1e-8)
  near(paste(model, "tau2"), order_at(model, "random effects", measure)$tau2, fit$tau2, 1e-6)
}
c_at <- function(model, s, predictor) {
  own <- d[d$site == s, ]
  c <- concordance(Surv(months, relapsed) ~ predictor, own, reverse = TRUE)
  x <- order_at(model, s, "c")
  near(paste(model, "C at", s), x$estimate, c$concordance, 1e-10)
  near(paste(model, "its error"), x$se, sqrt(c$var), 1e-10)
  c(c$concordance, c$var)
}
# Slope and intercept of a site on the predictor of the others, and over the sites.
calibrated <- function(model, s, fit, term) {
  v <- variance(fit)
  for (k in seq_along(term)) {
    x <- order_at(model, s, paste("calibration", names(term)[k]))
    near(paste(model, "calibration at", s, names(term)[k]), x$estimate + (k > 1), coef(fit)[[term[k]]] + (k > 1), 1e-8) # intercepts are near 0
    near(paste(model, "its error at", s), x$se, sqrt(v[term[k], term[k]]), 1e-8)
  }
  c(coef(fit)[[term[1]]], v[term[1], term[1]])
}
slope_over_sites <- function(model, all) {
  fit <- metafor::rma(all[, 1], all[, 2], method = "REML", control = list(threshold = 1e-14, maxiter = 10000))
  x <- order_at(model, "random effects", "calibration slope")
  near(paste(model, "slope over the sites"), x$estimate, c(fit$b), 1e-8)
  near(paste(model, "its tau2"), x$tau2 + 1, fit$tau2 + 1, 1e-8)
}
slope_at <- function(model, s, predictor, ties) {
  own <- d[d$site == s, ]
  calibrated(model, s, coxph(Surv(months, relapsed) ~ predictor, own, ties = ties, control = hard), c(slope = 1))
}
z <- as.matrix(cbind(d[, c("f1", "f2", "f3", "f4")], age = (d$age - 62) / 8))
strat <- function(ties) stratifySurv(Surv(d$months, d$relapsed), d$site)
# The lambda of the least criterion, and each site at the coefficients of the others there, of a stratified Cox lasso.
by_criterion <- function(model, tolerance) {
  f <- read(model, "fits"); v <- read(model, "validation"); rest <- rep(TRUE, nrow(d))
  coxpath <- function(rest) as.matrix(glmnet(z[rest, 1:4], stratifySurv(Surv(d$months, d$relapsed)[rest], d$site[rest]), family = "cox",
    alpha = 1, lambda = f$lambda, standardize = FALSE, thresh = 1e-20, maxit = 1e7)$beta)
  likelihood <- function(rows, b) { rows$p <- z[rows$row, 1:4] %*% b
    coxph(Surv(months, relapsed) ~ offset(p) + strata(site), rows, ties = "breslow")$loglik[1] }
  d$row <- seq_len(nrow(d)); beta <- coxpath(rest)
  bic <- -2 * apply(beta, 2, function(b) likelihood(d, b)) + colSums(beta != 0) * log(sum(d$relapsed))
  at <- which.min(bic)
  near(paste(model, "lambda"), unique(c(v$lambda, read(model, "performance")$lambda)), f$lambda[at], 1e-9)
  for (s in v$site) {
    b <- coxpath(d$site != s)[, at]; own <- d[d$site == s, ]
    near(paste(model, "deviance at", s), v$left_out_deviance[v$site == s], -2 * likelihood(own, b), tolerance)
    near(paste(model, "C at", s), order_at(model, s, "c")$estimate,
         concordance(Surv(months, relapsed) ~ z[own$row, 1:4] %*% b, own, reverse = TRUE)$concordance, max(1e-10, 100 * tolerance))
  }
}
for (model in args[-(1:2)]) switch(model,
  bic = by_criterion(model, 1e-8),
  coarsebic = by_criterion(model, 1e-4),
  aic = {
    f <- read(model, "fits"); v <- read(model, "validation")
    logit <- function(rest) glmnet(z[rest, 1:4], d$yes[rest], family = "binomial", alpha = 1, lambda = f$lambda, standardize = FALSE,
                                   thresh = 1e-20, maxit = 1e7)
    deviance <- function(fit, rows, at) { p <- c(predict(fit, z[rows, 1:4], s = f$lambda[at], type = "response")); y <- d$yes[rows]
      -2 * sum(y * log(p) + (1 - y) * log1p(-p)) }
    fit <- logit(TRUE)
    at <- which.min(sapply(seq_along(f$lambda), function(k) deviance(fit, TRUE, k)) + 2 * fit$df)
    near("aic lambda", unique(c(v$lambda, read(model, "performance")$lambda)), f$lambda[at], 1e-9)
    for (s in v$site) near(paste("aic deviance at", s), v$left_out_deviance[v$site == s], deviance(logit(d$site != s), d$site == s, at), 1e-8)
  },
  logit = score(model, glm(yes ~ f1 + f3 + age + sex, binomial, d, control = exact)),
  calibration = score(model, glm(yes ~ f1, binomial, d, control = exact)),
  update = score(model, glm(yes ~ sex + offset(f1), binomial, d, control = exact)),
  pois = score(model, glm(count ~ f2 + sex + offset(logt), poisson, d, control = exact)),
  efron = score(model, coxph(Surv(months, relapsed) ~ f1 + f4 + sex + strata(site), d, ties = "efron", control = hard)),
  breslow = score(model, coxph(Surv(months, relapsed) ~ f1 + f4 + sex + strata(site), d, ties = "breslow", control = hard)),
  staged = joint(model, glm(yes ~ f1 + stage, binomial, d, control = exact)),
  coxstaged = joint(model, coxph(Surv(months, relapsed) ~ f1 + stage + sex + strata(site), d, ties = "efron", control = hard)),
  poisstaged = joint(model, glm(count ~ stage + sex + offset(logt), poisson, d, control = exact)),
  ridge = path(model, z, d$yes, "binomial", 0, tolerance = 1e-8),
  lasso = path(model, z, d$yes, "binomial", 1),
  elastic = path(model, z[, 1:3], d$count, "poisson", 0.5, offset = d$logt),
  coxlasso = path(model, z, strat(), "cox", 1),
  loso = { # the deviance of each site at the coefficients of the others
    v <- read(model, "validation"); all <- slopes <- NULL
    for (s in v$site) {
      fit <- coxph(Surv(months, relapsed) ~ f1 + f4 + sex + strata(site), d[d$site != s, ], ties = "efron", control = hard)
      at <- coxph(Surv(months, relapsed) ~ f1 + f4 + sex, d[d$site == s, ], ties = "efron", init = coef(fit),
                  control = coxph.control(iter.max = 0))
      near(paste("loso without", s), v$deviance[v$site == s], -2 * fit$loglik[2], 1e-8)
      near(paste("loso at", s), v$left_out_deviance[v$site == s], -2 * at$loglik[2], 1e-8)
      predictor <- as.matrix(d[d$site == s, c("f1", "f4", "sex")] |> transform(sex = sex == "M")) %*% coef(fit)
      all <- rbind(all, c_at(model, s, predictor))
      slopes <- rbind(slopes, slope_at(model, s, predictor, "efron"))
    }
    over_sites(model, "c", all[, 1], all[, 2])
    slope_over_sites(model, slopes)
  },
  losolasso = { # at the lambda by which all sites are predicted best
    v <- read(model, "validation"); f <- read(model, "fits")
    chosen <- f$lambda[which.min(f$left_out_deviance)]
    near(paste(model, "lambda"), unique(read(model, "performance")$lambda), chosen, 1e-15)
    for (s in unique(v$site)) {
      rest <- d$site != s
      fit <- glmnet(z[rest, 1:4], stratifySurv(Surv(d$months, d$relapsed)[rest], d$site[rest]), family = "cox", alpha = 1,
                    lambda = f$lambda, standardize = FALSE, thresh = 1e-20, maxit = 1e7)
      predictor <- z[!rest, 1:4] %*% as.matrix(fit$beta)[, f$lambda == chosen]
      c_at(model, s, predictor)
      near(paste(model, "slope at", s), order_at(model, s, "calibration slope")$estimate, # of penalised coefficients
           coef(coxph(Surv(months, relapsed) ~ predictor, d[!rest, ], ties = "breslow", control = hard)), 1e-6)
    }
  },
  coarse = { # three digits: of coefficients by the deviation of their columns, and what follows for sites left out
    sex <- as.numeric(d$sex == "M"); x <- cbind(as.matrix(d[, c("f1", "f4")]), sex)
    v <- read(model, "validation")
    for (s in c("", v$site)) {
      rest <- d$site != s
      fit <- as.matrix(glmnet(x[rest, ], stratifySurv(Surv(d$months, d$relapsed)[rest], d$site[rest]), family = "cox", alpha = 1,
                              lambda = c(0.1, 0.03), standardize = FALSE, thresh = 1e-20, maxit = 1e7)$beta)[, 2]
      if (s == "") { near("coarse coefficients", 1 + read(model, "coefficients")$scaled, 1 + fit, 1e-3); next }
      own <- d[!rest, ]; predictor <- x[!rest, ] %*% fit
      near(paste("coarse C at", s), order_at(model, s, "c")$estimate,
           concordance(Surv(months, relapsed) ~ predictor, own, reverse = TRUE)$concordance, 1e-3)
      at <- coxph(Surv(months, relapsed) ~ predictor, own, ties = "breslow", init = 1, control = coxph.control(iter.max = 0))
      near(paste("coarse deviance at", s), v$left_out_deviance[v$site == s], -2 * at$loglik[2], 1e-5)
    }
  },
  coarsepath = {
    f <- read(model, "fits")
    fit <- glmnet(z[, 1:4], strat(), family = "cox", alpha = 1, lambda = f$lambda, standardize = FALSE, thresh = 1e-20, maxit = 1e7)
    near("coarse path", 1 + read(model, "coefficients")$scaled, 1 + as.vector(as.matrix(fit$beta)), 1e-3)
  },
  losologit = {
    v <- read(model, "validation"); all <- slopes <- NULL
    for (s in v$site) {
      fit <- glm(yes ~ f1 + f3, binomial, d[d$site != s, ], control = exact)
      p <- predict(fit, d[d$site == s, ], type = "response"); y <- d$yes[d$site == s]
      near(paste("losologit at", s), v$left_out_deviance[v$site == s], -2 * sum(y * log(p) + (1 - y) * log1p(-p)), 1e-8)
      roc <- pROC::roc(y, p, quiet = TRUE, direction = "<")
      x <- order_at(model, s, "auc")
      near(paste("losologit AUC at", s), x$estimate, c(roc$auc), 1e-10)
      near(paste("losologit its error"), x$se, sqrt(pROC::var(roc)), 1e-10)
      near(paste("losologit Brier at", s), order_at(model, s, "brier")$estimate, mean((y - p)^2), 1e-8)
      near(paste("losologit O/E at", s), order_at(model, s, "observed by expected")$estimate, sum(y) / sum(p), 1e-8)
      all <- rbind(all, c(roc$auc, pROC::var(roc)))
      slopes <- rbind(slopes, calibrated(model, s, glm(y ~ qlogis(p), binomial, control = exact), c(slope = 2, intercept = 1)))
    }
    over_sites(model, "auc", all[, 1], all[, 2])
    slope_over_sites(model, slopes)
  })
quit(status = failures > 0)
