import { largest } from '../core/extremes.js';
import {
  dot,
  invertPositiveDefinite,
  multiplyVector,
  type Rows,
  symmetricEigenvalues,
  zeros,
} from './matrix.js';

export interface Minimum {
  readonly x: number[];
  readonly value: number;
  /** Second derivatives at `x`, by central differences. */
  readonly hessian: Rows;
  /** Null when a minimum was reached; otherwise why the search gave up. */
  readonly failure: string | null;
}

type Objective = (x: readonly number[]) => number;

const gradientStep = 6e-6; // cube root of the machine epsilon: truncation and rounding errors balance
const hessianStep = 1.2e-4; // fourth root of it, for second differences

function shifted(x: readonly number[], index: number, by: number): number[] {
  return x.map((value, i) => (i === index ? value + by : value));
}

function gradient(f: Objective, x: readonly number[]): number[] {
  return x.map((value, i) => {
    const h = gradientStep * Math.max(1, Math.abs(value));
    return (f(shifted(x, i, h)) - f(shifted(x, i, -h))) / (2 * h);
  });
}

function hessianAt(f: Objective, x: readonly number[]): Rows {
  const steps = x.map((value) => hessianStep * Math.max(1, Math.abs(value)));
  const centre = f(x);
  const result = zeros(x.length, x.length);
  const set = (i: number, j: number, value: number) => {
    const row = result[i];
    if (row) row[j] = value;
  };
  x.forEach((_, i) => {
    const hi = steps[i] ?? hessianStep;
    set(i, i, (f(shifted(x, i, hi)) - 2 * centre + f(shifted(x, i, -hi))) / (hi * hi));
    for (let j = 0; j < i; j++) {
      const hj = steps[j] ?? hessianStep;
      const up = shifted(x, i, hi);
      const down = shifted(x, i, -hi);
      const mixed =
        (f(shifted(up, j, hj)) -
          f(shifted(up, j, -hj)) -
          f(shifted(down, j, hj)) +
          f(shifted(down, j, -hj))) /
        (4 * hi * hj);
      set(i, j, mixed);
      set(j, i, mixed);
    }
  });
  return result;
}

/** Backtracks from a full step until the value falls enough (Armijo); null when no step along the line does. */
function lineSearch(
  f: Objective,
  x: readonly number[],
  value: number,
  direction: readonly number[],
  slope: number,
) {
  for (let step = 1; step > 1e-12; step /= 2) {
    const candidate = x.map((xi, i) => xi + step * (direction[i] ?? 0));
    const reached = f(candidate);
    if (reached <= value + 1e-4 * step * slope) return { x: candidate, value: reached };
  }
  return null;
}

function identity(size: number): Rows {
  return zeros(size, size).map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
}

function descend(f: Objective, start: readonly number[], maxIterations: number) {
  let x = [...start];
  let value = f(x);
  let slopes = gradient(f, x);
  let inverse = identity(x.length);
  let fresh = true;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (largest(slopes.map(Math.abs)) < 1e-7) break;
    let direction = multiplyVector(inverse, slopes).map((d) => -d);
    // A first full step of a badly scaled problem can leave the region where the function is finite.
    const length = Math.sqrt(dot(direction, direction));
    if (fresh && length > 1) direction = direction.map((d) => d / length);
    const next = lineSearch(f, x, value, direction, dot(direction, slopes));
    if (next === null) {
      if (fresh) break;
      inverse = identity(x.length);
      fresh = true;
      continue;
    }
    const nextSlopes = gradient(f, next.x);
    const s = next.x.map((xi, i) => xi - (x[i] ?? 0));
    const y = nextSlopes.map((gi, i) => gi - (slopes[i] ?? 0));
    const curvature = dot(s, y);
    if (curvature > 1e-12) {
      const hy = multiplyVector(inverse, y);
      const scale = (1 + dot(y, hy) / curvature) / curvature;
      inverse = inverse.map((row, i) =>
        row.map(
          (h, j) =>
            h +
            scale * (s[i] ?? 0) * (s[j] ?? 0) -
            ((hy[i] ?? 0) * (s[j] ?? 0) + (s[i] ?? 0) * (hy[j] ?? 0)) / curvature,
        ),
      );
    }
    fresh = false;
    const progress = value - next.value;
    ({ x, value } = next);
    slopes = nextSlopes;
    if (progress < 1e-13 * Math.max(1, Math.abs(value)) && largest(slopes.map(Math.abs)) < 1e-5) break;
  }
  return { x, value };
}

/** Newton steps from near the minimum: they square the accuracy that the quasi-Newton search leaves. */
function polish(f: Objective, start: { x: number[]; value: number }) {
  let current = start;
  let hessian = hessianAt(f, current.x);
  for (let round = 0; round < 5; round++) {
    const solved = invertPositiveDefinite(hessian);
    if (solved === null) break;
    const step = multiplyVector(solved.inverse, gradient(f, current.x));
    const candidate = current.x.map((xi, i) => xi - (step[i] ?? 0));
    const value = f(candidate);
    if (!(value <= current.value + 1e-10 * Math.max(1, Math.abs(current.value)))) break;
    current = { x: candidate, value };
    hessian = hessianAt(f, candidate);
    if (largest(step.map(Math.abs)) < 1e-9) break;
  }
  return { ...current, hessian };
}

/**
 * Finds a local minimum of a smooth function of a few variables: BFGS with central differences (Nocedal & Wright,
 * Numerical Optimization, 2nd ed., ch. 6), then Newton steps. `f` may return infinity outside its domain.
 *
 * The result says in `failure` when the slope does not vanish or the surface does not curve upwards; the caller must
 * not report its numbers then.
 */
export function minimise(f: Objective, start: readonly number[], maxIterations = 500): Minimum {
  if (!Number.isFinite(f(start))) {
    return {
      x: [...start],
      value: Number.NaN,
      hessian: [],
      failure: 'the likelihood is not finite at the start',
    };
  }
  const reached = polish(f, descend(f, start, maxIterations));
  const steepest = largest(gradient(f, reached.x).map(Math.abs));
  const curvatures = symmetricEigenvalues(reached.hessian);
  const least = curvatures[0] ?? 0;
  const most = curvatures.at(-1) ?? 0;
  let failure: string | null = null;
  if (!Number.isFinite(reached.value)) failure = 'the likelihood is not finite';
  else if (!(steepest < 1e-4)) failure = `the slope of the likelihood is still ${steepest.toExponential(1)}`;
  else if (!(least >= -1e-4 * Math.max(1, most))) failure = 'the point reached is a saddle of the likelihood';
  return { ...reached, failure };
}

/** The best of several searches, one from each start; failed ones count only when all fail. */
export function minimiseFromAll(f: Objective, starts: readonly (readonly number[])[]): Minimum {
  const tried = starts.map((start) => minimise(f, start));
  const good = tried.filter((minimum) => minimum.failure === null);
  const pool = good.length > 0 ? good : tried;
  return pool.reduce((best, minimum) => (minimum.value < best.value ? minimum : best));
}
