import type { EvidenceBase } from './evidence-base.js';
import type { OwnFigure } from './own-accuracy.js';
import type { EvidenceStatistics } from './statistics-port.js';

/** What a composed answer is made of besides its own file. */
export interface ComposeContext {
  readonly base: EvidenceBase;
  readonly statistics: EvidenceStatistics;
  /** Figures of Lucency itself; empty when there are no models. */
  readonly own: readonly OwnFigure[];
}
