# Every table of a pool reads in R without options: rows, names, types and empty fields are those that tables.py found in the file.
# usage: Rscript tables.R FOLDER EXPECTED
args <- commandArgs(TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "oracle.R"))
expected <- read.csv(args[2], colClasses = c(column = "character"))
for (of in split(expected, expected$file)) {
  table <- read.csv(file.path(args[1], of$file[1]))
  check(nrow(table) == of$rows[1], of$file[1], "rows")
  check(identical(names(table), of$column), of$file[1], "names:", names(table))
  for (i in seq_len(nrow(of))) {
    x <- table[[of$place[i]]]
    empty <- is.na(x) | x == ""
    check(sum(empty) == of$empty[i], of$file[i], of$column[i], "empty fields")
    if (all(empty)) next # R calls a column of nothing logical
    if (of$text[i] == "yes" && is.logical(x)) x <- ifelse(x, "T", "F") # R's words for truths: docs/howto-pools.md
    if (of$text[i] == "yes") check(sum(nchar(x[!empty])) == of$total[i], of$file[i], of$column[i], "text")
    else {
      check(is.numeric(x), of$file[i], of$column[i], "is", class(x))
      x <- x[is.finite(x)]
      near(sum(x), of$total[i], 1e-12 * sum(abs(x)), of$file[i], of$column[i], "sum")
    }
  }
}
report(paste("tables of", basename(args[1])))
