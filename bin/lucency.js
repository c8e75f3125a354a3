#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node
// MALLOC_ARENA_MAX: with one heap per thread, as glibc has it, networks and pictures fragment memory by half as much again.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const builder = new URL('../tools/build.mjs', import.meta.url);
if (existsSync(fileURLToPath(builder))) {
  const { buildIfStale } = await import(builder.href);
  await buildIfStale();
}
const { main } = await import('../dist/cli/main.js');
process.exitCode = await main(process.argv.slice(2));
