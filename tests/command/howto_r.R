# What the page has read is what the rows give.
table <- do.call(rbind, lapply(c("A", "B", "C", "D"), function(site) read.csv(file.path(site, "patients.csv"))))
stopifnot(length(names) == 5, abs(r - cor(table[names])) < 1e-5)
stopifnot(sum(!is.na(both$d)) > 25)
rounded_to <- with(jsonlite::fromJSON("pooled/pooled.json")$variables, setNames(step, name))
for (i in seq_len(nrow(both))) {
  if (both$sites_test[i] < 3) { # by group of too few sites: empty
    stopifnot(is.na(both$d[i]), is.na(both$p[i]))
    next
  }
  x <- table[[both$variable[i]]]
  of <- substr(table$patient, 2, 2)
  over <- function(sites, f) combn(c("1", "2", "3", "4"), sites, function(s) f(of %in% s))
  differences <- over(both$sites_test[i], function(s)
    mean(x[s & table$response == "no"], na.rm = TRUE) - mean(x[s & table$response == "yes"], na.rm = TRUE))
  d <- outer(differences, over(both$sites[i], function(s) sd(x[s], na.rm = TRUE)), "/")
  stopifnot(any(abs(both$d[i] - d) <= 1e-6 + 1e-4 * abs(d) + rounded_to[[both$variable[i]]] / both$sd[i]))
}
stopifnot(nrow(both) == 41, nrow(found) > 5, !is.unsorted(found$p), nrow(reml) == 41)
stopifnot(length(shift) >= 36, !is.na(shift))
stopifnot(nrow(rows) == 4, nrow(features) == 4, rows$status == "done")
stopifnot(abs(exact(f$sums[1]) - sum(table$f0000)) < 1e-6 * sum(abs(table$f0000)))
for (path in c("A/harmonised.csv", "RUN/features.csv", "RUN/cases.csv", Sys.glob("../sarcomas/A/harmonised.csv")))
  stopifnot(identical(names(read.csv(path)), names(read.csv(path, check.names = FALSE))))
