// `npm start`: reads the example studies and says where the report is.
import { buildIfStale } from './build.mjs';

await buildIfStale();
const { main } = await import('../dist/cli/main.js');
process.exitCode = await main(['analyze', 'examples', '--out', 'out/examples', '--explain', '--force']);
