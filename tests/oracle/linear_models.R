# Models over the sites against R on the pooled rows, rounded as summaries round them: lm, MASS (lda, stepAIC), glmnet and
# lme4; sites that are left out, by a loop over them.
# usage: Rscript linear_models.R TABLE FOLDER SITES, with the models of test_r.sh
suppressPackageStartupMessages({
  library(MASS)
  library(glmnet)
  library(lme4)
})
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
read <- function(name) read.csv(file.path(args[2], name), check.names = FALSE, stringsAsFactors = FALSE)
rows <- read.csv(args[1], check.names = FALSE, stringsAsFactors = FALSE)
for (name in intersect(names(steps), names(rows))) rows[[name]] <- rounded(as.numeric(rows[[name]]), name)
rows$sex <- factor(rows$sex, c("F", "M"))
rows$stage <- factor(rows$stage, c("I", "II", "III"))
rows$response <- factor(rows$response, c("no", "yes"))
count <- as.integer(args[3])
rows$site <- factor(floor((seq_len(nrow(rows)) - 1) * count / nrow(rows)) + 1)
coefficients <- read("model_coefficients.csv")
fits <- read("model_fits.csv")
path <- read("model_path.csv")
left <- read("model_validation.csv")
scaled <- function(got, expected, tolerance, ...) near(got, expected, tolerance * max(abs(expected), 1e-300), ...)

few <- c("f0000", "f0001", "f0002", "f0003", "f0005")
many <- sprintf("f%04d", setdiff(0:39, c(7, 10, 17, 27, 37)))
as_ours <- function(names) sub("^(sex|stage)(M|II|III)$", "\\1=\\2", names)
formula_of <- function(terms, response) reformulate(terms, response)
beta_of <- function(model, names, level = "") {
  x <- coefficients[coefficients$model == model & coefficients$level == level, ]
  out <- setNames(x$estimate, x$term)[names]
  ifelse(is.na(out), 0, out)
}

# The intercept against the size of what it is made of.
compare <- function(model, expected, x, tolerance, level = "") {
  names <- as_ours(names(expected))
  got <- beta_of(model, names, level)
  size <- abs(expected) + 1e-3 * max(abs(expected[-1] * apply(x[, -1, drop = FALSE], 2, sd))) / c(1, apply(x[, -1, drop = FALSE], 2, sd))
  size[1] <- abs(expected[1]) + sum(abs(expected[-1] * colMeans(x[, -1, drop = FALSE])))
  for (i in seq_along(expected)) near(got[i], expected[i], tolerance * size[i], model, level, names[i])
}

predicted <- function(model, site, x, y, beta) {
  here <- rows$site == site
  to <- drop(x[here, , drop = FALSE] %*% beta)
  seen <- y[here]
  mine <- left[left$model == model & left$without == paste0("site", site), ]
  scaled(mine$mse, mean((seen - to)^2), 1e-10, model, site, "mse")
  near(mine$r2, 1 - sum((seen - to)^2) / sum((seen - mean(seen))^2), 1e-10, model, site, "r2")
  slope <- cov(seen, to) / var(to)
  near(mine$slope, slope, 1e-10 * (1 + abs(slope)), model, site, "slope")
  near(mine$shift, mean(seen) - mean(to), 1e-10 * (abs(mean(seen)) + sd(seen)), model, site, "shift")
  sum((seen - to)^2)
}
judge <- function(model, y, sse) {
  null <- sum(sapply(levels(rows$site), function(s) sum((y[rows$site == s] - mean(y[rows$site != s]))^2)))
  mine <- fits[fits$model == model, ]
  scaled(mine$mse_left_out, sse / length(y), 1e-10, model, "mse of all")
  near(mine$r2_left_out, 1 - sse / null, 1e-10, model, "r2 of all")
}

# Least squares
f <- formula_of(c(few[-1], "age", "sex", "stage"), "f0000")
x <- model.matrix(f, rows)
m <- lm(f, rows)
s <- summary(m)
compare("ols", coef(m), x, 1e-10)
mine <- coefficients[coefficients$model == "ols", ]
mine <- mine[match(as_ours(rownames(s$coefficients)), mine$term), ]
for (i in seq_len(nrow(mine))) {
  scaled(mine$se[i], s$coefficients[i, 2], 1e-10, "ols se", mine$term[i])
  near(mine$p[i], s$coefficients[i, 4], 1e-10, "ols p", mine$term[i])
  near(mine$low[i], confint(m)[i, 1], 1e-10 * (abs(confint(m)[i, 1]) + s$coefficients[i, 2]), "ols low", mine$term[i])
}
mine <- fits[fits$model == "ols", ]
near(mine$r2, s$r.squared, 1e-11, "ols r2")
scaled(mine$sigma, s$sigma, 1e-11, "ols sigma")
scaled(mine$statistic, s$fstatistic[1], 1e-10, "ols F")
check(mine$df1 == s$fstatistic[2] && mine$df2 == s$fstatistic[3], "ols df")
joint <- read("factor_tests.csv")
joint <- joint[!is.na(joint$model) & joint$model == "ols", ]
d <- drop1(lm(f, transform(rows, f0000 = f0000 / sd(f0000))), test = "F")
for (factor in c("sex", "stage")) {
  mine <- joint[joint$factor == factor, ]
  near(mine$statistic, d[factor, "F value"], 1e-10 * (1 + d[factor, "F value"]), "ols F of", factor)
  near(mine$p, d[factor, "Pr(>F)"], 1e-10, "ols p of", factor)
  check(mine$df1 == d[factor, "Df"] && mine$df2 == m$df.residual && mine$n == nrow(rows), "ols df of", factor)
}
check(nrow(joint) == 2, "of no model with a selection or a penalty")
judge("ols", rows$f0000, sum(sapply(levels(rows$site), function(site)
  predicted("ols", site, x, rows$f0000, coef(lm(f, rows[rows$site != site, ]))))))

# Forward selection by stepAIC
grow <- function(data, k) stepAIC(lm(f0010 ~ 1, data), list(upper = formula_of(c(many[1:12], "stage"), "f0010")), direction = "forward", k = k, trace = 0)
for (by in c("aic", "bic")) {
  name <- paste0("forward_", by)
  k <- if (by == "aic") 2 else log(nrow(rows))
  m <- grow(rows, k)
  x <- model.matrix(m)
  compare(name, coef(m), x, 1e-10)
  mine <- path[path$model == name, ]
  entered <- sub("^\\+ ", "", as.character(m$anova$Step)[-1])
  check(identical(mine$entered[-1], entered), name, "entered", mine$entered, "not", entered)
  for (i in seq_len(nrow(mine))) {
    near(mine$criterion[i], m$anova$AIC[i], 1e-10 * abs(m$anova$AIC[i]), name, "criterion", i)
    scaled(mine$rss[i], m$anova$`Resid. Dev`[i], 1e-10, name, "rss", i)
  }
}
sse <- sum(sapply(levels(rows$site), function(site) {
  data <- rows[rows$site != site, ]
  m <- grow(data, log(nrow(data)))
  predicted("forward_bic", site, model.matrix(formula(m), rows), rows$f0010, coef(m))
}))
judge("forward_bic", rows$f0010, sse)

# Penalties, as glmnet means them
x <- as.matrix(rows[many])
y <- rows$f0010
exact <- function(x, y, alpha, lambda, ...) glmnet(x, y, alpha = alpha, lambda = lambda, thresh = 1e-28, maxit = 1e7, ...)
follow <- function(name, alpha, standardize = TRUE) {
  mine <- path[path$model == name, ]
  lambda <- unique(mine$lambda)
  g <- exact(x, y, alpha, lambda, standardize = standardize)
  size <- if (standardize) apply(x, 2, sd) else rep(1, ncol(x))
  for (i in seq_along(lambda)) {
    b <- setNames(rep(0, length(many)), many)
    at <- mine[mine$step == i - 1 & mine$term != "(Intercept)", ]
    b[at$term] <- at$estimate
    off <- max(abs((b - as.numeric(g$beta[, i])) * size))
    check(off <= 1e-6 * max(abs(g$beta * size), sd(y) * 1e-3), name, "step", i, "is off by", off)
    near(mine[mine$step == i - 1 & mine$term == "(Intercept)", "estimate"], g$a0[i], 1e-6 * (abs(g$a0[i]) + sd(y)), name, "intercept", i)
  }
  lambda
}
lambda <- follow("lasso", 1)
unit <- apply(x, 2, function(v) sqrt(mean((v - mean(v))^2)))
scaled(lambda[1], max(abs(crossprod(scale(x, TRUE, unit), y - mean(y)))) / nrow(x), 1e-10, "largest lambda")
for (name in c("ridge", "elastic")) follow(name, c(ridge = 0, elastic = 0.4)[[name]])
errors <- function(alpha, data, sites, lambda) rowSums(sapply(sites, function(s) {
  here <- data$site == s
  if (!any(here)) return(rep(0, length(lambda)))
  g <- exact(as.matrix(data[!here, many]), data$f0010[!here], alpha, lambda)
  colSums((data$f0010[here] - predict(g, as.matrix(data[here, many])))^2)
}))
for (name in c("lasso", "ridge", "elastic")) {
  alpha <- c(lasso = 1, ridge = 0, elastic = 0.4)[[name]]
  mine <- path[path$model == name & path$term == "(Intercept)", ]
  lambda <- mine$lambda
  all <- errors(alpha, rows, levels(rows$site), lambda)
  for (i in seq_along(lambda)) scaled(mine$mse_left_out[i], all[i] / nrow(rows), 1e-6, name, "mse", i)
  check(fits$lambda[fits$model == name] == lambda[which.min(all)] && fits$chosen_by[fits$model == name] == "left out", name, "chosen")
  for (site in levels(rows$site)) { # the choice is made anew without the site
    rest <- rows[rows$site != site, ]
    best <- which.min(errors(alpha, rest, setdiff(levels(rows$site), site), lambda))
    mine <- left[left$model == name & left$without == paste0("site", site), ]
    check(mine$lambda == lambda[best], name, site, "lambda", mine$lambda, "not", lambda[best])
    g <- exact(as.matrix(rest[many]), rest$f0010, alpha, lambda)
    here <- rows$site == site
    to <- predict(g, x[here, ])[, best]
    scaled(mine$mse, mean((y[here] - to)^2), 1e-6, name, site, "mse")
    slope <- if (var(to) > 0) cov(y[here], to) / var(to) else NA
    near(mine$slope, slope, 1e-5 * (1 + abs(slope)), name, site, "slope")
  }
}

# Mixed models: lme4, whose optimiser stops early, so that the bar is of the profile, brought to where its derivative is 0
profile <- function(x, y, site, reml) {
  n <- length(y)
  size <- c(table(site))
  sums <- rowsum(x, site)
  at <- function(t) {
    half <- function(v) v - (1 - 1 / sqrt(1 + size * t))[site] * ave(v, site)
    q <- qr(apply(x, 2, half))
    b <- qr.coef(q, half(y))
    e <- y - drop(x %*% b)
    inverse <- chol2inv(qr.R(q))
    df <- n - reml * ncol(x)
    rss <- sum(half(e)^2)
    fall <- -sum(rowsum(e, site)^2 / (1 + size * t)^2)
    list(b = b, sigma = sqrt(rss / df), tau = sqrt(t * rss / df), se = sqrt(diag(inverse) * rss / df),
         slope = df / rss * fall + sum(size / (1 + size * t)) - reml * sum(rowSums(sums %*% inverse * sums) / (1 + size * t)^2),
         deviance = df * (1 + log(2 * pi * rss / df)) + sum(log(1 + size * t)) + 2 * reml * sum(log(abs(diag(qr.R(q))))))
  }
  at(exp(uniroot(function(l) at(exp(l))$slope, c(-12, 6), tol = 1e-15, maxiter = 10000)$root))
}
f <- f0000 ~ f0001 + f0003 + age + sex + (1 | site)
for (method in c("reml", "ml")) {
  name <- paste0("mixed_", method)
  reml <- method == "reml"
  data <- rows
  data$f0003 <- data$f0003 / 1e12
  m <- suppressWarnings(lmer(f, data, REML = reml, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12), calc.derivs = FALSE)))
  b <- fixef(m)
  se <- sqrt(diag(as.matrix(vcov(m))))
  b["f0003"] <- b["f0003"] / 1e12
  se["f0003"] <- se["f0003"] / 1e12
  mine <- coefficients[coefficients$model == name, ]
  mine <- mine[match(as_ours(names(b)), mine$term), ]
  for (i in seq_along(b)) {
    near(mine$estimate[i], b[i], 1e-6 * se[i], name, names(b)[i])
    scaled(mine$se[i], se[i], 1e-6, name, "se", names(b)[i])
  }
  mine <- fits[fits$model == name, ]
  v <- as.data.frame(VarCorr(m))$sdcor
  scaled(mine$tau, v[1], 1e-6, name, "tau")
  scaled(mine$sigma, v[2], 1e-7, name, "sigma")
  shift <- if (reml) -2 * log(1e12) else 0 # of a column in other units
  near(mine$deviance, as.numeric(-2 * logLik(m)) - shift, 1e-10 * abs(mine$deviance), name, "deviance")
  x <- model.matrix(nobars(f), data)
  p <- profile(x, data$f0000, data$site, reml)
  unit <- ifelse(colnames(x) == "f0003", 1e12, 1)
  of <- coefficients[coefficients$model == name, ]
  of <- of[match(as_ours(colnames(x)), of$term), ]
  near(max(abs(of$estimate * unit - p$b) / p$se), 0, 1e-10, name, "estimates of the profile")
  near(max(abs(of$se * unit / p$se - 1)), 0, 1e-10, name, "their errors")
  scaled(mine$tau, p$tau, 1e-10, name, "tau of the profile")
  scaled(mine$sigma, p$sigma, 1e-10, name, "sigma of the profile")
  near(mine$deviance, p$deviance - shift, 1e-10 * abs(mine$deviance), name, "deviance of the profile")
  check(mine$deviance <= as.numeric(-2 * logLik(m)) - shift + 1e-9, name, "is no worse than lme4")
}

# Discriminants: differences of the log posteriors
for (name in c("lda", "lda_stage")) {
  response <- if (name == "lda") "response" else "stage"
  m <- lda(formula_of(few, response), rows, tol = 1e-30)
  x <- cbind(1, as.matrix(rows[few]))
  colnames(x)[1] <- "(Intercept)"
  posterior <- log(predict(m, rows)$posterior)
  for (level in levels(rows[[response]])[-1]) {
    mine <- x %*% beta_of(name, colnames(x), level)
    off <- max(abs(mine - (posterior[, level] - posterior[, 1])))
    check(off < 1e-10, name, level, "is off by", off)
    use <- rows[[response]] %in% c(levels(rows[[response]])[1], level)
    fit <- fits[fits$model == name & fits$level == level, ]
    within <- crossprod(as.matrix(rows[few]) - m$means[rows[[response]], ]) / (nrow(rows) - nlevels(rows[[response]]))
    scaled(fit$distance, sqrt(mahalanobis(m$means[level, ], m$means[1, ], solve(within, tol = 0), inverted = TRUE)), 1e-10, name, level, "distance")
    for (site in levels(rows$site)) {
      here <- rows$site == site
      other <- lda(formula_of(few, response), rows[!here, ], tol = 1e-30)
      post <- log(predict(other, rows[here, ])$posterior)
      score <- post[, level] - post[, 1]
      by <- rows[[response]][here]
      spread <- sqrt(sum((score - ave(score, by))^2) / (sum(here) - nlevels(by)))
      d <- (mean(score[by == level]) - mean(score[by == levels(by)[1]])) / spread
      out <- left[left$model == name & left$level == level & left$without == paste0("site", site), ]
      near(out$distance, d, 1e-10, name, level, site, "distance of a site")
      near(out$auc_normal, pnorm(d / sqrt(2)), 1e-10, name, level, site, "auc")
    }
  }
}
report("linear models")
