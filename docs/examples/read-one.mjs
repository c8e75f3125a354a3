// node docs/examples/read-one.mjs FILE
import { readFile } from 'node:fs/promises';
import { LucencyError, openRadiographReader } from 'lucency';

const [file] = process.argv.slice(2);
if (!file) throw new Error('name a radiograph: node docs/examples/read-one.mjs FILE');

const percent = (probability) => `${Math.round(probability * 100)} %`;

const reader = await openRadiographReader({ explain: true });
try {
  for (const { reading, heatMaps } of await reader.read(await readFile(file), file)) {
    const { input, verdict, probability, refusal, findings } = reading;
    console.log(`${input}: ${verdict}, ${probability === null ? refusal?.reason : percent(probability)}`);
    for (const { box, score, certainty, type } of findings) {
      // The set holds every type that cannot be ruled out; where there are more than two, no type is named.
      const words = type && type.label !== null ? `, ${type.set.join(' or ')}` : '';
      console.log(`  ${certainty} at ${box?.map(Math.round).join(' ')}: ${percent(score)}${words}`);
    }
    for (const { model, method, findingId, width, height } of heatMaps) {
      const what = findingId === null ? 'the image' : `finding ${findingId}`;
      console.log(`  ${method} of ${model} for ${what}: ${width} x ${height}`);
    }
  }
} catch (error) {
  if (!(error instanceof LucencyError)) throw error;
  console.error(error.toLine());
  process.exitCode = 1;
} finally {
  await reader.close();
}
