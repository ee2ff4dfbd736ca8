# What the page has read is what the rows give.
table <- do.call(rbind, lapply(c("A", "B", "C", "D"), function(site) read.csv(file.path(site, "patients.csv"))))
stopifnot(length(names) == 5, abs(r - cor(table[names])) < 1e-5)
for (i in seq_len(nrow(both))) {
  x <- table[[both$variable[i]]]
  d <- (mean(x[table$response == "no"], na.rm = TRUE) - mean(x[table$response == "yes"], na.rm = TRUE)) / sd(x, na.rm = TRUE)
  stopifnot(abs(both$d[i] - d) <= 1e-6 + 1e-4 * abs(d))
}
stopifnot(nrow(both) == 41, nrow(found) > 5, !is.unsorted(found$p), nrow(reml) == 41)
stopifnot(length(shift) >= 36, !is.na(shift))
stopifnot(nrow(rows) == 4, nrow(features) == 4, rows$status == "done")
stopifnot(abs(exact(f$sums[1]) - sum(table$f0000)) < 1e-6 * sum(abs(table$f0000)))
for (path in c("A/harmonised.csv", "RUN/features.csv", "RUN/cases.csv", Sys.glob("../sarcomas/A/harmonised.csv")))
  stopifnot(identical(names(read.csv(path)), names(read.csv(path, check.names = FALSE))))
