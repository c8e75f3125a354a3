import { correctCells, defaultCorrection } from '../../evaluation/meta-analysis/continuity-correction.js';
import { logitAccuracy } from '../../evaluation/meta-analysis/logit-accuracy.js';
import { fitReitsma } from '../../evaluation/meta-analysis/reitsma.js';
import { logitPoint, summaryPoint } from '../../evaluation/meta-analysis/summary-point.js';
import { wilsonInterval } from '../../evaluation/proportions/wilson.js';
import type { EvidenceStatistics } from '../../evidence/statistics-port.js';

/**
 * The statistics of the answers: Wilson's interval for shares, and the bivariate random-effects model (REML, 0.5 added
 * to all cells when one is zero) where the cells of pooled studies are known.
 */
export const evidenceStatistics: EvidenceStatistics = {
  proportion: (successes, total) => ({
    value: successes / total,
    interval: wilsonInterval(successes, total),
  }),
  pool: (studies) => {
    const counts = studies.map(({ name, ...cells }) => ({ study: name, ...cells, covariates: {} }));
    const fit = fitReitsma(correctCells(counts, defaultCorrection).map(logitAccuracy), 'reml');
    const { sensitivity, specificity } = summaryPoint(logitPoint(fit), 0.95);
    return { sensitivity, specificity };
  },
};
