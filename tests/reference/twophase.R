# Two phases: level 3 re-reads a random part of what level 2 read, with R's survey package.
# Usage: Rscript twophase.R FOLDER. Made-up data, seeded; writes the data and what survey says of them.
# R's traps: method = "full" depends on the order of the rows, and subset() after a two-phase calibrate() gives a wrong SE.
suppressPackageStartupMessages(library(survey))
folder <- commandArgs(trailingOnly = TRUE)[1]
set.seed(2019)
units <- c("Amager", "Bispebjerg", "Indre By", "Norrebro", "Valby", "Vanlose", "Dognvagten")
population <- c(500, 600, 700, 800, 900, 1000, 60)
read <- c(20, 20, 20, 20, 20, 20, 5)
again <- c(9, 9, 9, 10, 10, 10, 3)
cases <- data.frame(unit = rep(units, read), population_size = rep(population, read), reviewed = rep(read, read))
cases$case_id <- sprintf("S-%03d", seq_len(nrow(cases)))
cases$reread <- as.logical(unlist(mapply(function(n, k) sample(c(rep(TRUE, k), rep(FALSE, n - k))), read, again)))
cases$first <- rbinom(nrow(cases), 1, .85)
cases$second <- ifelse(cases$first == 1, rbinom(nrow(cases), 1, .92), rbinom(nrow(cases), 1, .25))
cases$second[!cases$reread] <- NA
write.csv(cases, file.path(folder, "twophase-cases.csv"), row.names = FALSE)

cases$relevant <- 1
cases$filled <- ifelse(cases$reread, cases$second, 0)
se <- sapply(c(simple = "simple", full = "full"), function(method) {
  design <- twophase(id = list(~1, ~1), strata = list(~unit, ~unit), fpc = list(~population_size, NULL),
                     data = cases, subset = ~reread, method = method)
  SE(svyratio(~filled, ~relevant, design))[[1]]
})
# A random part of a random sample is a random sample of the frame: the same, drawn once.
part <- cases[cases$reread, ]
straight <- svydesign(ids = ~1, strata = ~unit, fpc = ~population_size, data = part)
other <- svyratio(~second, ~relevant, straight)
part_yes <- svyratio(~second, ~relevant, subset(straight, first == 1))
part_no <- svyratio(~second, ~relevant, subset(straight, first == 0))
level_2 <- svymean(~first, svydesign(ids = ~1, strata = ~unit, fpc = ~population_size, data = cases))
ppv <- coef(part_yes)[[1]]
fom <- coef(part_no)[[1]]
write.csv(data.frame(
  estimate = coef(other)[[1]], one_phase_se = SE(other)[[1]],
  two_phase_simple_se = se[["simple"]], two_phase_full_se = se[["full"]],
  level_2 = coef(level_2)[[1]], level_2_se = SE(level_2)[[1]],
  ppv = ppv, fom = fom, corrected = fom + coef(level_2)[[1]] * (ppv - fom)),
  file.path(folder, "twophase-expected.csv"), row.names = FALSE)
