import { buildIfStale } from './build.mjs';

export default async function setup() {
  await buildIfStale();
}
