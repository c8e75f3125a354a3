// Transpiles src/ to dist/ file by file: a stack trace names the source file. One file is bundled, see `bundled`.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const source = path.join(root, 'src');
const output = path.join(root, 'dist');

// @stdlib comes in 428 packages, six of which are named here and none of which a user should have to install.
const bundled = ['evaluation/distributions.ts'];

/** @returns {Promise<string[]>} every file of src/ that is no test */
async function sourceFiles() {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

async function build() {
  const { build: esbuild } = await import('esbuild').catch(() => {
    throw new Error('Run `npm ci` first: dist/ is built with the development dependencies.');
  });
  const files = await sourceFiles();
  // Two commands started at once must not read each other's half-written files: write aside, then rename.
  const fresh = `${output}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  const whole = bundled.map((file) => path.join(source, file));
  /** @type {import('esbuild').BuildOptions} */
  const options = {
    outdir: fresh,
    outbase: source,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'error',
  };
  await esbuild({ ...options, entryPoints: files.filter((f) => f.endsWith('.ts') && !whole.includes(f)) });
  await esbuild({
    ...options,
    entryPoints: whole,
    bundle: true,
    minify: true,
    legalComments: 'linked',
    // CommonJS within the bundle asks for modules of Node.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  for (const file of files.filter((name) => !name.endsWith('.ts'))) {
    const target = path.join(fresh, path.relative(source, file));
    await mkdir(path.dirname(target), { recursive: true });
    await cp(file, target);
  }
  const old = `${output}.old.${process.pid}`;
  await rename(output, old).catch(() => undefined);
  await rename(fresh, output).catch(async (error) => {
    await rm(fresh, { recursive: true, force: true });
    if (!(await stat(output).catch(() => null))) throw error;
  });
  await rm(old, { recursive: true, force: true });
}

/** Builds dist/ when it is missing or older than any source file. */
export async function buildIfStale() {
  const files = await sourceFiles().catch(() => []);
  if (files.length === 0) return; // an installed package ships dist/ and may leave src/ out
  // A file that only a build writes: declarations that a type check leaves in dist/ are no sign of one.
  const built = await stat(path.join(output, 'api.js')).catch(() => null);
  const times = await Promise.all(
    [source, ...files].map((file) =>
      stat(file).then(
        (s) => s.mtimeMs,
        () => 0,
      ),
    ),
  );
  if (built && built.mtimeMs > Math.max(...times)) return;
  await build();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await build();
  if (process.argv.includes('--types')) {
    const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const result = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.declarations.json'], {
      cwd: root,
      stdio: 'inherit',
    });
    process.exitCode = result.status ?? 1;
  }
}
