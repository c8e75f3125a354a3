// `npm run evaluate:models [-- --data FOLDER] [--out FOLDER]`: measures the shipped models on the images that they did
// not see and writes docs/evaluation/. FOLDER of --data is FracAtlas as published (figshare 22363012), or a folder with
// annotations.coco.json and images/.
import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    models: { type: 'string', default: 'models' },
    out: { type: 'string', default: 'docs/evaluation' },
    'images-only': { type: 'boolean', default: false },
  },
});

const usual = '../shared/data/fracatlas';
const present = await stat(usual).catch(() => null);
const data = values.data ?? (present ? usual : undefined);
if (data === undefined && !values['images-only']) {
  console.error('Name the folder of FracAtlas with --data, or leave the boxes out with --images-only.');
  process.exit(2);
}

await buildIfStale();
const { LucencyError } = await import('../dist/core/errors.js');
const { evaluateModels } = await import('../dist/cli/model-evaluation/evaluate-models.js');
const { writeModelsPage } = await import('../dist/cli/model-evaluation/write-models-page.js');
try {
  const measured = await evaluateModels({
    models: values.models,
    data: values['images-only'] ? null : (data ?? null),
    work: 'out/evaluation',
    onStage: (stage) => console.error(stage),
  });
  await writeModelsPage(values.out, measured);
  console.log(`Written: ${values.out}/models.md`);
} catch (error) {
  if (!(error instanceof LucencyError)) throw error;
  console.error(error.toLine());
  process.exitCode = 1;
}
