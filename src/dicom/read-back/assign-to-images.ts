import type { ImageReference } from './content-node.js';
import type { ReadFinding } from './read-finding.js';

/** An image, or one frame of it, that a report speaks of. */
export interface Target {
  readonly uid: string;
  readonly frame: number | null;
}

interface Assigned {
  readonly target: Target;
  readonly findings: ReadFinding[];
}

function targetOf({ sopInstanceUid: uid, frames }: ImageReference): Target {
  return { uid, frame: frames[0] ?? null };
}

/**
 * Findings by the image that they lie on. An image of the evidence without findings stays in the list, for a report that
 * marks nothing says something, too. A finding that names no image belongs to the only one, if there is one only.
 *
 * @param images SOP Instance UIDs that the report is evidence of
 */
export function assignToImages(images: readonly string[], findings: readonly ReadFinding[]): Assigned[] {
  const assigned = new Map<string, Assigned>();
  for (const finding of findings) {
    const [only] = images.length === 1 ? images : [];
    const target = finding.image ? targetOf(finding.image) : only ? { uid: only, frame: null } : null;
    if (!target) continue;
    const key = `${target.uid}#${target.frame ?? ''}`;
    const known = assigned.get(key);
    if (known) known.findings.push(finding);
    else assigned.set(key, { target, findings: [finding] });
  }
  const marked = new Set([...assigned.values()].map(({ target }) => target.uid));
  const unmarked = images.filter((uid) => !marked.has(uid));
  return [
    ...assigned.values(),
    ...unmarked.map((uid): Assigned => ({ target: { uid, frame: null }, findings: [] })),
  ];
}
