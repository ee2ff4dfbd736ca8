# What the scripts in R share: checks that are counted as Check counts them, and rounding as summaries do it.
checks <- 0
failures <- 0
check <- function(ok, ...) {
  checks <<- checks + 1
  if (is.na(ok) || !ok) {
    failures <<- failures + 1
    cat("R:", ..., "\n")
  }
}
near <- function(got, expected, tolerance, ...) {
  if (is.na(expected) || is.nan(expected)) check(is.na(got), ..., "is", got, "where R has none")
  else check(!is.na(got) && abs(got - expected) <= tolerance, ..., "is", format(got, digits = 17), "not", format(expected, digits = 17))
}
report <- function(name) {
  cat(sprintf("Running suite(s): %s\n%d%%: Checks: %d, Failures: %d, Errors: 0\n", name,
              floor(100 * (checks - failures) / checks), checks, failures))
  quit(status = failures > 0)
}

# 24 significant bits, ties to even.
rounded <- function(x) {
  step <- 2^(floor(log2(abs(x))) - 23)
  ifelse(is.na(x) | x == 0, x, round(x / step) * step)
}
