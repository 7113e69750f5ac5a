# Agreement and trend with base R: exact binomial limits and tests, and a weighted regression.
# Usage: Rscript readers.R FOLDER. Made-up counts, seeded; writes them with what R says of them.
folder <- commandArgs(trailingOnly = TRUE)[1]
set.seed(2020)
rows <- list()
for (example in 1:20) {
  table <- as.vector(rmultinom(1, sample(c(12, 30, 60, 125), 1), c(.8, .05, .08, .07)))
  n <- sum(table)
  limits <- binom.test(table[1] + table[4], n)$conf.int
  differ <- table[2] + table[3]
  p <- if (differ > 0) binom.test(table[2], differ)$p.value else 1
  rows[[example]] <- data.frame(example = example, both_yes = table[1], second_yes = table[2], first_yes = table[3],
                                both_no = table[4], low = limits[1], high = limits[2], mcnemar_p = p)
}
write.csv(do.call(rbind, rows), file.path(folder, "readers-expected.csv"), row.names = FALSE)
series <- list()
fits <- list()
for (example in 1:6) {
  quarters <- sample(8:16, 1)
  n <- sample(80:130, quarters, TRUE)
  estimate <- rbinom(quarters, n, .8 + .008 * example * seq_len(quarters) / quarters) / n
  time <- seq_len(quarters) - 1
  series[[example]] <- data.frame(example = example, time = time, n = n, estimate = estimate)
  fits[[example]] <- data.frame(example = example, slope = coef(lm(estimate ~ time, weights = n))[[2]],
                                centre = weighted.mean(estimate, n))
}
write.csv(do.call(rbind, series), file.path(folder, "trend-series.csv"), row.names = FALSE)
write.csv(do.call(rbind, fits), file.path(folder, "trend-expected.csv"), row.names = FALSE)
