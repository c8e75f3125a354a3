/** The folder that all paths lie in, `/` between folders; the path itself where there is only one. */
export function commonFolder(inputs: Iterable<string>): string {
  let common: string[] | null = null;
  let only: string | null = null;
  for (const input of inputs) {
    if (common === null) {
      only = input;
      common = input.split('/').slice(0, -1);
      continue;
    }
    if (input !== only) only = null;
    const parts = input.split('/');
    let same = 0;
    while (same < common.length && common[same] === parts[same]) same += 1;
    common = common.slice(0, same);
  }
  return only ?? (common?.join('/') || '.');
}

/** True when two files lie in one folder, or in sister folders, as the series of one study are often exported. */
export function lieTogether(a: string, b: string): boolean {
  const folder = (input: string, up: number): string => input.split('/').slice(0, -up).join('/');
  return folder(a, 1) === folder(b, 1) || folder(a, 2) === folder(b, 2);
}
