import { makeFigure, notComputable } from '../figure.js';
import type { Figure } from '../figure.schema.js';
import type { BootstrappedFigure } from './bootstrap.js';

/** The figure with its bootstrap interval added to the intervals that it has. */
export function withBootstrap(figure: Figure, bootstrapped: BootstrappedFigure | undefined): Figure {
  if (figure.value === null || bootstrapped === undefined) return figure;
  return { ...figure, intervals: [...figure.intervals, bootstrapped.bca] };
}

/** A figure whose value and only interval come from the bootstrap; `reason` is told where there is no value. */
export function fromBootstrap(bootstrapped: BootstrappedFigure | undefined, reason: string): Figure {
  return bootstrapped === undefined
    ? notComputable(reason)
    : makeFigure(bootstrapped.value, [bootstrapped.bca], reason);
}
