/**
 * Address of a worker thread's module beside the module at `base`. Worker threads load JavaScript only, so when
 * the sources run untranspiled (under the test runner) the address points at the transpiled twin in `dist/`.
 */
export function workerUrl(base: string, file: string): URL {
  const url = new URL(file, base);
  if (base.endsWith('.ts')) url.pathname = url.pathname.replace(/\/src\/(?!.*\/src\/)/, '/dist/');
  return url;
}
