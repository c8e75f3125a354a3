// Figures of the rib reader from its readings of SIMULATED chests; every interval resamples whole scans.

const evaluation = await import('../dist/evaluation/api.js');
const { bootstrapGroups, findHits, makeBoxSet, ribFracRates, ribFracRule, wilsonInterval } = evaluation;
const { frocStatistic } = await import('../dist/evaluation/detection/froc.js');
const { logit } = await import('../dist/models/calibration.js');

/** False positives per scan, on scans for calibration, at the thresholds. */
const rules = { doubtful: 2, definite: 0.25 };
const leastLesionRate = 1e-3;

/** A share as a statistic: the sum of `hits` over the sum of `all`, by scan. */
function shareStatistic(hits, all) {
  return {
    size: 1,
    cost: all.length,
    compute(weights, out, offset) {
      let [a, b] = [0, 0];
      for (let i = 0; i < all.length; i++) {
        a += weights[i] * hits[i];
        b += weights[i] * all[i];
      }
      out[offset] = a / b;
    },
  };
}

/** A share with its interval: bootstrap of scans, or Wilson's where every resample is the same. */
function share(perScan, of, test) {
  const all = perScan.map((items) => items.filter(of).length);
  const hits = perScan.map((items) => items.filter((item) => of(item) && test(item)).length);
  const n = all.reduce((sum, count) => sum + count, 0);
  const found = hits.reduce((sum, count) => sum + count, 0);
  if (n === 0) return null;
  const [figure] = bootstrapGroups([shareStatistic(hits, all)], all.length);
  if (figure === undefined) return null;
  const { lower, upper } = figure.percentile;
  if (lower !== null)
    return {
      value: found / n,
      interval: [lower, upper],
      method: 'percentile bootstrap over scans, 2000 draws, seed 1',
      n,
      positives: found,
    };
  const wilson = wilsonInterval(found, n);
  return {
    value: found / n,
    interval: wilson,
    method: 'Wilson score interval: every resample of scans gives the same value',
    n,
    positives: found,
  };
}

function boxSet(results) {
  const truth = results.flatMap(({ truth: { fractures } }, image) =>
    fractures.map(({ box3d }) => ({ image, box: box3d })),
  );
  const detections = results.flatMap(({ reading }, image) =>
    reading.findings.map(({ box3d, score }) => ({ image, box: box3d, score })),
  );
  return makeBoxSet(results.length, truth, detections, 3);
}

/** Every candidate with its scan, score, and the fracture that it finds (-1: none). */
function candidates(results) {
  const hits = findHits(boxSet(results), ribFracRule);
  let at = 0;
  return results.map(({ reading }) =>
    reading.findings.map((finding) => ({ finding, lesion: hits.outcome[at++] })),
  );
}

/**
 * Platt scaling of the logit (Platt 1999), with his softened targets, which keep it finite where scores separate the two
 * perfectly; Newton's method, its steps halved until the loss falls.
 */
function platt(entries) {
  const positives = entries.filter(({ y }) => y === 1).length;
  const [high, low] = [(positives + 1) / (positives + 2), 1 / (entries.length - positives + 2)];
  const points = entries.map(({ x, y }) => ({ x, t: y === 1 ? high : low }));
  const loss = (scale, shift) =>
    points.reduce((sum, { x, t }) => {
      const z = scale * x + shift;
      return sum + Math.max(z, 0) - t * z + Math.log1p(Math.exp(-Math.abs(z)));
    }, 0);
  let [scale, shift] = [1, 0];
  for (let round = 0; round < 100; round++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-9, 0, 1e-9];
    for (const { x, t } of points) {
      const q = 1 / (1 + Math.exp(-(scale * x + shift)));
      const w = q * (1 - q);
      ga += (q - t) * x;
      gb += q - t;
      haa += w * x * x;
      hab += w * x;
      hbb += w;
    }
    const det = haa * hbb - hab * hab;
    const [da, db] = [(hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det];
    let step = 1;
    while (step > 1e-6 && loss(scale - step * da, shift - step * db) > loss(scale, shift)) step /= 2;
    scale -= step * da;
    shift -= step * db;
  }
  return { scale, shift };
}

function chooseThreshold(found, falsePerScan, scans) {
  const wrong = found
    .flat()
    .filter(({ lesion }) => lesion < 0)
    .map(({ p }) => p)
    .sort((a, b) => b - a);
  const allowed = Math.floor(falsePerScan * scans);
  const next = wrong[allowed];
  return next === undefined ? 0.05 : Math.min(0.999, Math.max(leastLesionRate, next + 1e-6));
}

/** Mean false positives per scan at a threshold, with its interval over scans. */
function falsePositivesPerScan(scored, threshold) {
  const counts = scored.map((scan) => scan.filter(({ lesion, p }) => lesion === -1 && p >= threshold).length);
  const ones = counts.map(() => 1);
  const [figure] = bootstrapGroups([shareStatistic(counts, ones)], counts.length);
  if (figure === undefined) throw new Error('No scan was read.');
  return {
    value: counts.reduce((sum, count) => sum + count, 0) / counts.length,
    interval: figure.percentile.lower === null ? null : [figure.percentile.lower, figure.percentile.upper],
    n: counts.length,
  };
}

/** Calibration and thresholds from the one set, figures from the other. */
export async function figuresOf(calibration, test) {
  const raw = candidates(calibration);
  const { scale, shift } = platt(
    raw.flat().map(({ finding, lesion }) => ({ x: logit(finding.score), y: lesion >= 0 ? 1 : 0 })),
  );
  const p = (finding) => 1 / (1 + Math.exp(-(scale * logit(finding.score) + shift)));
  const chosen = raw.map((scan) => scan.map((entry) => ({ ...entry, p: p(entry.finding) })));
  const thresholds = Object.fromEntries(
    Object.entries(rules).map(([certainty, rate]) => [
      certainty,
      chooseThreshold(chosen, rate, calibration.length),
    ]),
  );
  const doubtful = thresholds.doubtful ?? 1;
  const definite = Math.max(thresholds.definite ?? 1, doubtful);

  const set = boxSet(test);
  const hits = findHits(set, ribFracRule);
  const groups = Int32Array.from(test.keys());
  const froc = bootstrapGroups([frocStatistic(hits, groups, ribFracRates, 'linear')], test.length);
  const scored = candidates(test).map((scan) => scan.map((entry) => ({ ...entry, p: p(entry.finding) })));
  const firstLesion = test.map((_, i) =>
    test.slice(0, i).reduce((sum, { truth }) => sum + truth.fractures.length, 0),
  );
  // Each true fracture with the best candidate that finds it.
  const lesions = test.map(({ truth }, scan) =>
    truth.fractures.map((fracture, k) => {
      const finders = scored[scan].filter(({ lesion }) => lesion === firstLesion[scan] + k);
      const best = finders.reduce((a, b) => (a && a.p >= b.p ? a : b), null);
      return { fracture, best };
    }),
  );
  const mean = froc[ribFracRates.length];
  const shown = (threshold) => (entry) => entry.best !== null && entry.best.p >= threshold;
  const atDoubtful = shown(doubtful);
  return {
    simulated: true,
    counts: { calibration: calibration.length, test: test.length, fractures: hits.lesionImage.length },
    calibration: { scale, shift },
    thresholds: { ...thresholds, definite },
    froc: ribFracRates.map((rate, i) => ({ rate, ...withWilson(froc[i], hits.lesionImage.length) })),
    frocMean: { value: mean?.value, interval: mean ? intervalOf(mean) : null },
    sensitivity: {
      doubtful: share(lesions, () => true, atDoubtful),
      definite: share(lesions, () => true, shown(definite)),
    },
    byKind: Object.fromEntries(
      ['nondisplaced', 'displaced', 'buckle', 'segmental'].map((kind) => [
        kind,
        share(lesions, ({ fracture }) => fracture.kind === kind, atDoubtful),
      ]),
    ),
    byAge: Object.fromEntries(
      ['fresh', 'old'].map((age) => [
        age,
        share(lesions, ({ fracture }) => fracture.age === age, atDoubtful),
      ]),
    ),
    falsePositives: {
      doubtful: falsePositivesPerScan(scored, doubtful),
      definite: falsePositivesPerScan(scored, definite),
    },
    age: share(lesions, atDoubtful, ({ fracture, best }) => best.finding.type.label === fracture.age),
    displacement: share(
      lesions,
      atDoubtful,
      ({ fracture, best }) => (best.finding.displacement.label === 'displaced') === fracture.displaced,
    ),
    ribOfFinding: share(
      lesions,
      atDoubtful,
      ({ fracture, best }) =>
        best.finding.rib.side === fracture.side && best.finding.rib.number === fracture.rib,
    ),
    numbering: share(
      test.map(({ numbering }) => numbering),
      () => true,
      ({ right }) => right,
    ),
    ribsFound: share(
      test.map(({ numbering }) => numbering),
      () => true,
      ({ found }) => found,
    ),
  };
}

/** A sensitivity that is the same in every resample of scans takes Wilson's interval of its fractures. */
function withWilson(figure, n) {
  const interval = intervalOf(figure);
  if (interval !== null) return { value: figure.value, interval };
  const method = 'Wilson score interval: every resample of scans gives the same value';
  return { value: figure.value, interval: wilsonInterval(Math.round(figure.value * n), n), method };
}

function intervalOf({ percentile }) {
  return percentile.lower === null ? null : [percentile.lower, percentile.upper];
}
