// Accuracy of your own scores, as a library: node docs/examples/accuracy.mjs (after `npm run build` in a checkout)
import {
  aucInterval,
  bootstrapGroups,
  callsAt,
  clusteredDelongCovariance,
  makeScoredSet,
  rankStatistic,
  tableFigures,
  tableOf,
} from 'lucency/evaluation';

// Scores, truth (1 diseased) and the patient of each image.
const scores = [0.91, 0.84, 0.32, 0.77, 0.15, 0.22, 0.64, 0.58, 0.09, 0.31, 0.45, 0.12];
const truth = [1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0];
const patients = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'e', 'e', 'f', 'g', 'h'];
const set = makeScoredSet(scores, truth, patients);

const { aucs, covariance } = clusteredDelongCovariance([set]);
const [auc] = bootstrapGroups([rankStatistic(set)], set.groupCount, { replicates: 2000, seed: 1 });
const figures = tableFigures(tableOf(set, callsAt(set.scores, 0.5)), { prevalence: 0.2 });

console.log('AUC', aucs[0], aucInterval('delong-clustered', aucs[0], covariance[0][0]), auc.bca);
console.log('sensitivity at 0.5', figures.sensitivity);
console.log('positive predictive value at 20 % prevalence', figures.positivePredictiveValueAtPrevalence);
