# Stratified domains: shares per question, by unit, by case type and overall, with R's survey package.
# Usage: Rscript stratified.R FOLDER. Made-up data, seeded; writes the data and what survey says of them.
suppressPackageStartupMessages(library(survey))
folder <- commandArgs(trailingOnly = TRUE)[1]
set.seed(2018)
units <- c("Amager", "Bispebjerg", "Indre By", "Norrebro", "Valby", "Vanlose", "Dognvagten")
population <- c(500, 600, 700, 800, 900, 1000, 60)
read <- c(20, 20, 20, 20, 20, 20, 5)
cases <- data.frame(unit = rep(units, read), population_size = rep(population, read))
cases$case_id <- sprintf("S-%03d", seq_len(nrow(cases)))
cases$case_type <- sample(c("anbringelse", "forebyggende", "underretning"), nrow(cases), TRUE, c(.3, .5, .2))
relevance <- c(Q1 = 1, Q2 = .6, Q3 = .2, Q4 = .9, Q5 = .4)
truth <- c(Q1 = .9, Q2 = .7, Q3 = .8, Q4 = .97, Q5 = .5)
for (question in names(truth)) {
  chance <- pmin(1, pmax(0, truth[question] + c(.05, -.1, 0, .08, -.05, .02, -.15)[match(cases$unit, units)]))
  applies <- runif(nrow(cases)) < relevance[question]
  complies <- runif(nrow(cases)) < chance
  cases[[question]] <- ifelse(applies, ifelse(complies, "ja", "nej"), "ikke relevant")
}
write.csv(cases, file.path(folder, "stratified-cases.csv"), row.names = FALSE)

domains <- c("all", paste0("unit=", units), paste0("case_type=", sort(unique(cases$case_type))))
rows <- list()
for (question in names(truth)) {
  cases$relevant <- as.numeric(cases[[question]] != "ikke relevant")
  cases$compliant <- as.numeric(cases[[question]] == "ja")
  design <- svydesign(ids = ~1, strata = ~unit, fpc = ~population_size, data = cases)
  for (domain in domains) {
    part <- strsplit(domain, "=")[[1]]
    inside <- if (domain == "all") rep(TRUE, nrow(cases)) else cases[[part[1]]] == part[2]
    if (sum(cases$relevant[inside]) == 0) next
    within <- subset(design, inside)
    # The ratio in the domain, and the mean over the domain's relevant cases: two routes to one figure.
    ratio <- svyratio(~compliant, ~relevant, within)
    mean <- svymean(~compliant, subset(within, relevant == 1))
    rows[[length(rows) + 1]] <- data.frame(
      question = question, domain = domain, n_relevant = sum(cases$relevant[inside]),
      n_compliant = sum(cases$compliant[inside]), estimate = coef(ratio)[[1]], standard_error = SE(ratio)[[1]],
      mean = coef(mean)[[1]], mean_standard_error = SE(mean)[[1]])
  }
}
write.csv(do.call(rbind, rows), file.path(folder, "stratified-expected.csv"), row.names = FALSE)

# All questions together: a ratio of sums with the cases as sampling units.
cases$relevant <- rowSums(cases[names(truth)] != "ikke relevant")
cases$compliant <- rowSums(cases[names(truth)] == "ja")
design <- svydesign(ids = ~1, strata = ~unit, fpc = ~population_size, data = cases)
index <- svyratio(~compliant, ~relevant, design)
write.csv(data.frame(estimate = coef(index)[[1]], standard_error = SE(index)[[1]]),
          file.path(folder, "index-expected.csv"), row.names = FALSE)
