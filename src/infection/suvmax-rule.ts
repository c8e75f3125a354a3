import type { SuvSummary } from '../core/reading.js';
import type { HottestRegion } from './hottest-region.js';

/** SUVmax from which the literature's plain rule calls a fracture infected (429 scans: 70.7 % / 85.6 %, AUC 0.84). */
export const suvMaxCutOff = 4.75;

/** The uptake of the hottest region, and the rule that the network must beat. */
export function suvSummary({ measures, hottestMm }: HottestRegion): SuvSummary {
  return {
    hottest: { ...measures, centerMm: [...hottestMm] },
    rule: { cutOff: suvMaxCutOff, positive: measures.suvMax >= suvMaxCutOff },
  };
}
