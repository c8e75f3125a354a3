// Closes a session host so many milliseconds after it began to load every network, or when all are loaded, and prints how each
// load ended.
import { LucencyError } from '../../core/errors.js';
import { ModelRegistry } from '../registry.js';
import { SessionHost } from '../session-host.js';

const registry = await ModelRegistry.open();
const host = new SessionHost(registry, 2);
const models = registry.all().filter(({ weightsPath }) => weightsPath !== null);
const loading = models.map((model) =>
  host.load([model]).then(
    () => 'loaded',
    (error: unknown) => (error instanceof LucencyError ? error.toLine() : String(error)),
  ),
);
const [, , milliseconds] = process.argv;
if (milliseconds === undefined) await Promise.all(loading);
else await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)));
await host.close();
process.stdout.write(JSON.stringify(await Promise.all(loading)));
