# Lonely strata: one reading in a stratum, with survey's "adjust" and "certainty", with R's survey package.
# Usage: Rscript lonely.R FOLDER. Made-up counts, seeded; writes the counts and what survey says of them.
suppressPackageStartupMessages(library(survey))
folder <- commandArgs(trailingOnly = TRUE)[1]
set.seed(2017)
counts <- list()
rows <- list()
for (example in 1:12) {
  strata <- sample(4:9, 1)
  lonely <- sample(1:3, 1)
  n <- c(rep(1, lonely), sample(2:6, strata - lonely, TRUE))
  N <- n + sample(3:40, strata, TRUE)
  cases <- data.frame(stratum = rep(seq_len(strata), n), N = rep(N, n))
  cases$relevant <- rbinom(nrow(cases), 1, .8)
  cases$relevant[1] <- 1
  cases$compliant <- cases$relevant * rbinom(nrow(cases), 1, .75)
  counts[[example]] <- data.frame(
    example = example, stratum = seq_len(strata), population_size = N, sample_size = n,
    relevant = as.vector(tapply(cases$relevant, cases$stratum, sum)),
    compliant = as.vector(tapply(cases$compliant, cases$stratum, sum)))
  design <- svydesign(ids = ~1, strata = ~stratum, fpc = ~N, data = cases)
  row <- data.frame(example = example)
  for (rule in c("adjust", "certainty")) {
    options(survey.lonely.psu = rule)
    ratio <- svyratio(~compliant, ~relevant, design)
    row$estimate <- coef(ratio)[[1]]
    row[[rule]] <- SE(ratio)[[1]]^2
  }
  rows[[example]] <- row
}
write.csv(do.call(rbind, counts), file.path(folder, "lonely-counts.csv"), row.names = FALSE)
write.csv(do.call(rbind, rows), file.path(folder, "lonely-expected.csv"), row.names = FALSE)
