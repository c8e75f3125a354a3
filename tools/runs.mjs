// `npm run runs`: the terminal runs and the picture in README.md and docs/, made anew with the present models.
// Each run stands between `<!-- run:begin -->` and `<!-- run:end -->`, its command in the first line after `$`.
import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const runs = /(<!-- run:begin -->\n```text\n\$ )(.+)(\n)[\s\S]*?(```\n<!-- run:end -->)/g;

/** What a person sees of a command: both streams, in one; npm's own lines left out. */
function outputOf(command) {
  const { status, stdout } = spawnSync('sh', ['-c', `${command} 2>&1`], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stdout}`);
  return stdout.replace(/^npm warn .*\n/gm, '').replace(/^\n> .*\n> .*\n\n/, '');
}

await buildIfStale();
for (const page of ['README.md', 'docs/library.md']) {
  const file = path.join(root, page);
  const text = await readFile(file, 'utf8');
  const made = text.replace(
    runs,
    (_, begin, command, newline, end) => `${begin}${command}${newline}${outputOf(command)}${end}`,
  );
  await writeFile(file, made);
}
const pictures = path.join(root, 'out/examples/pictures');
const wrist = (await readdir(pictures)).find(
  (name) => name.startsWith('wrist-fracture-') && !name.startsWith('wrist-fracture-2'),
);
if (wrist === undefined) throw new Error(`No picture of the wrist in ${pictures}.`);
await writeFile(path.join(root, 'docs/images/annotated.png'), await readFile(path.join(pictures, wrist)));
