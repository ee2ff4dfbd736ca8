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

# Values as summaries take them: multiples of the step of their variable, ties to even. The pool is the first folder of one.
of_pool <- Filter(file.exists, file.path(commandArgs(TRUE), "pooled.json"))[1]
steps <- if (!is.na(of_pool)) with(jsonlite::fromJSON(of_pool)$variables, setNames(step, name))
rounded <- function(x, name) round(x / steps[[name]]) * steps[[name]]
