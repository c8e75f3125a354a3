import type { Finding, RibSummary } from '../core/reading.js';
import type { RibLine } from '../core/volume-reading.js';

/** Neighbouring ribs that make a flail segment when each breaks twice. */
const flailRibs = 3;
/** Breaks of one rib that are two places rather than one, mm. */
const apartMm = 20;

type Side = RibLine['side'];

function brokenTwice(findings: readonly Finding[], side: Side, number: number): boolean {
  const places = findings.filter(({ rib }) => rib?.side === side && rib.number === number);
  return places.some((a, i) =>
    places.slice(i + 1).some((b) => {
      const [from, to] = [a.centerMm, b.centerMm];
      return from && to && Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]) >= apartMm;
    }),
  );
}

function flailSegments(findings: readonly Finding[]): RibSummary['flailSegments'] {
  return (['right', 'left'] as const).flatMap((side) => {
    const segments: { side: Side; ribs: number[] }[] = [];
    let run: number[] = [];
    for (let number = 1; number <= 13; number++) {
      if (number <= 12 && brokenTwice(findings, side, number)) run.push(number);
      else {
        if (run.length >= flailRibs) segments.push({ side, ribs: run });
        run = [];
      }
    }
    return segments;
  });
}

/** Counts the fractures of one chest. @param findings those shown; candidates do not count */
export function summarise(ribs: readonly RibLine[], findings: readonly Finding[]): RibSummary {
  const shown = findings.filter(({ certainty }) => certainty !== 'candidate');
  const count = (test: (finding: Finding) => boolean) => shown.filter(test).length;
  return {
    ribsFound: ribs.length,
    ribsNumbered: ribs.filter(({ number }) => number !== null).length,
    fractures: {
      total: shown.length,
      left: count(({ rib }) => rib?.side === 'left'),
      right: count(({ rib }) => rib?.side === 'right'),
      fresh: count(({ type }) => type?.label === 'fresh'),
      old: count(({ type }) => type?.label === 'old'),
      displaced: count(({ displacement }) => displacement?.label === 'displaced'),
    },
    flailSegments: flailSegments(shown),
  };
}
