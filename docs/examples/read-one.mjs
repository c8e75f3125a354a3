// node docs/examples/read-one.mjs FILE
import { readFile } from 'node:fs/promises';
import { LucencyError, openReader } from 'lucency';

const [file] = process.argv.slice(2);
if (!file) throw new Error('name a radiograph: node docs/examples/read-one.mjs FILE');

const reader = await openReader({ explain: true });
try {
  for (const { reading, heatMaps } of await reader.read(await readFile(file), file)) {
    console.log(`${reading.input}: ${reading.verdict}`, reading.probability ?? reading.refusal?.reason);
    for (const { box, score, certainty, type } of reading.findings) {
      console.log(
        `  ${certainty} finding at ${box}: ${score.toFixed(2)}, ${type?.set.join(' or ') ?? 'type unknown'}`,
      );
    }
    for (const { model, method, width, height } of heatMaps)
      console.log(`  ${method} of ${model}: ${width} x ${height}`);
  }
} catch (error) {
  if (!(error instanceof LucencyError)) throw error;
  console.error(error.toLine());
  process.exitCode = 1;
} finally {
  await reader.close();
}
