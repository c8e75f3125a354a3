/** An estimate with its 95 % bounds. */
export interface Estimate {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** One 2x2 table. */
export interface Cells {
  readonly name: string;
  readonly tp: number;
  readonly fn: number;
  readonly fp: number;
  readonly tn: number;
}

/**
 * The statistics that the evidence needs and does not own: they live in the evaluation room on the same floor, so
 * whoever stands above both hands them in. Every number that is computed on the pages goes through this port.
 */
export interface EvidenceStatistics {
  /** Wilson 95 % interval of `successes / total`. */
  proportion(successes: number, total: number): Estimate;
  /** Pooled sensitivity and specificity of studies whose cells are known. */
  pool(studies: readonly Cells[]): { readonly sensitivity: Estimate; readonly specificity: Estimate };
}
