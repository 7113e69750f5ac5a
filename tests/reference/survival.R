# Time to an end with cases still open: the product-limit estimate of R's survival package.
# Usage: Rscript survival.R FOLDER. Made-up data, seeded; writes the data and what survival says of them.
suppressPackageStartupMessages(library(survival))
folder <- commandArgs(trailingOnly = TRUE)[1]
set.seed(2018)
sizes <- c(short = 7, ties = 60, open = 40, months = 400)
cases <- do.call(rbind, lapply(names(sizes), function(sample) {
  n <- sizes[[sample]]
  took <- switch(sample, short = c(6, 6, 6, 6, 7, 9, 10), ties = sample(1:9, n, TRUE),
                 open = sample(1:200, n, TRUE), months = round(rexp(n, 1 / 120)))
  ended <- switch(sample, short = c(1, 1, 1, 0, 1, 0, 1), open = as.integer(took < 40), as.integer(runif(n) < .8))
  data.frame(sample = sample, took = took, ended = ended)
}))
write.csv(cases, file.path(folder, "survival-cases.csv"), row.names = FALSE)
rows <- lapply(names(sizes), function(name) {
  fit <- summary(survfit(Surv(took, ended) ~ 1, cases[cases$sample == name, ]))
  data.frame(sample = name, time = fit$time, at_risk = fit$n.risk, ended = fit$n.event, open_share = fit$surv)
})
write.csv(do.call(rbind, rows), file.path(folder, "survival-expected.csv"), row.names = FALSE)
