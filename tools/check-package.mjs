// `npm run check:package`: packs the package, installs it into an empty project as a stranger would (install scripts
// off, then on), reads an example with it, and type-checks a file that imports everything it exports.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const mostPackages = 215;
/** What no user needs. */
const unwanted = /\.test\.|\.fixture\.|\/testing\/|\.map$|^src\/|models\/evaluation/;

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {Record<string, string>} [env]
 * @returns {string} standard output
 */
function run(command, args, cwd, env = {}) {
  const result = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
  if (result.status === 0) return result.stdout;
  throw new Error(
    `${command} ${args.join(' ')} ended with ${result.status}:\n${result.stdout}${result.stderr}`,
  );
}

/**
 * The source of a file that imports every name of every entry, as a value or as a type.
 * @param {string} installed folder of the installed package
 */
async function importEverything(installed) {
  const { exports } = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8'));
  const lines = [];
  for (const [entry, { types } = {}] of Object.entries(exports)) {
    if (!types) continue;
    const text = await readFile(path.join(installed, types), 'utf8');
    const names = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list = '']) =>
      list.split(',').map((name) =>
        name
          .trim()
          .replace(/^type /, '')
          .replace(/^.* as /, ''),
      ),
    );
    const from = `lucency${entry.slice(1)}`;
    const space = `m${lines.length}`;
    lines.push(`import type * as ${space} from '${from}';`);
    lines.push(`export type { ${names.filter(Boolean).join(', ')} } from '${from}';`);
    lines.push(`export type Keys${lines.length} = keyof typeof ${space};`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * @param {string} work
 * @param {string} archive
 * @param {boolean} scripts whether install scripts run
 */
async function installAndUse(work, archive, scripts) {
  const project = path.join(work, scripts ? 'with-scripts' : 'without-scripts');
  await mkdir(project);
  await writeFile(path.join(project, 'package.json'), '{"name":"consumer","private":true,"type":"module"}\n');
  const flags = ['install', '--no-audit', '--no-fund', ...(scripts ? [] : ['--ignore-scripts']), archive];
  run('npm', flags, project, { ONNXRUNTIME_NODE_INSTALL: 'skip' });
  const lock = JSON.parse(await readFile(path.join(project, 'package-lock.json'), 'utf8'));
  const packages = Object.keys(lock.packages).filter((name) => name !== '').length;
  if (packages > mostPackages)
    throw new Error(`${packages} packages are installed, more than ${mostPackages}.`);
  const installed = path.join(project, 'node_modules', 'lucency');
  const example = path.join(installed, 'examples');
  const lines = run('npx', ['lucency', 'analyze', example, '--json'], project).trim().split('\n');
  const schemas = new Set(lines.map((line) => JSON.parse(line).schema));
  if (schemas.size !== 1 || !schemas.has('lucency.reading/1')) throw new Error(`Read: ${lines.join('\n')}`);
  const studies = path.join(example, 'statistics', 'studies.csv');
  const pooled = JSON.parse(run('npx', ['lucency', 'meta-analysis', studies, '--json'], project));
  if (typeof pooled.schema !== 'string') throw new Error('lucency meta-analysis printed no document.');
  if (scripts) return { packages, readings: lines.length };

  await writeFile(path.join(project, 'everything.ts'), await importEverything(installed));
  const compilerOptions = {
    module: 'NodeNext',
    target: 'ES2022',
    lib: ['ES2023', 'DOM'],
    strict: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [path.join(root, 'node_modules', '@types')],
  };
  await writeFile(
    path.join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: true }, files: ['everything.ts'] }),
  );
  run(process.execPath, [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')], project);
  return { packages, readings: lines.length };
}

const work = await mkdtemp(path.join(tmpdir(), 'lucency-package-'));
try {
  run('npm', ['pack', '--pack-destination', work], root);
  const [name] = (await readdir(work)).filter((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new Error('npm pack made no archive.');
  const archive = path.join(work, name);
  const files = run('tar', ['-tzf', archive], root)
    .trim()
    .split('\n')
    .map((file) => file.replace('package/', ''));
  const surplus = files.filter((file) => unwanted.test(file));
  if (surplus.length > 0)
    throw new Error(`The package holds what no user needs: ${surplus.slice(0, 5).join(', ')}`);
  for (const needed of ['dist/api.js', 'dist/api.d.ts', 'bin/lucency.js'])
    if (!files.includes(needed)) throw new Error(`The package lacks ${needed}.`);
  for (const scripts of [false, true]) {
    const { packages, readings } = await installAndUse(work, archive, scripts);
    console.log(`install scripts ${scripts ? 'on' : 'off'}: ${packages} packages, ${readings} readings`);
  }
  console.log(`${name}: ${files.length} files, works outside its checkout`);
} finally {
  await rm(work, { recursive: true, force: true });
}
