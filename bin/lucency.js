#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const builder = new URL('../tools/build.mjs', import.meta.url);
if (existsSync(fileURLToPath(builder))) {
  const { buildIfStale } = await import(builder.href);
  await buildIfStale();
}
const { main } = await import('../dist/cli/main.js');
process.exitCode = await main(process.argv.slice(2));
