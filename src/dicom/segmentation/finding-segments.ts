import { readerKinds } from '../../core/reader-kinds.js';
import type { Finding } from '../../core/reading.js';
import { findingLabel } from '../../core/reading-words.js';
import { voxelToPatient } from '../../core/volume-geometry.js';
import { slicesOf } from '../report/regions.js';
import type { ResultContext } from '../results/result-context.js';
import type { VolumeSource } from '../results/volume-source.js';
import { type Segment, type SegmentFrame, segmentKinds } from './segment.js';

/** Share of the voxel `index` that lies between `from` and `to`. */
function share(index: number, from: number, to: number): number {
  return Math.max(0, Math.min(index + 1, to) - Math.max(index, from));
}

/** Fractions (0 to 255) of each voxel of one slice that lie in the box. */
function boxFractions(
  box: NonNullable<Finding['box3d']>,
  slice: number,
  columns: number,
  rows: number,
): Uint8Array {
  const [x, y, z, width, height, depth] = box;
  const bytes = new Uint8Array(columns * rows);
  const inSlice = share(slice, z, z + depth);
  for (let row = Math.max(0, Math.floor(y)); row < Math.min(rows, Math.ceil(y + height)); row++) {
    const inRow = inSlice * share(row, y, y + height);
    for (
      let column = Math.max(0, Math.floor(x));
      column < Math.min(columns, Math.ceil(x + width));
      column++
    ) {
      bytes[row * columns + column] = Math.round(255 * inRow * share(column, x, x + width));
    }
  }
  return bytes;
}

function frames(context: ResultContext, volume: VolumeSource, finding: Finding): SegmentFrame[] {
  const { box3d } = finding;
  if (!box3d) return [];
  const [columns, rows, slices] = volume.grid.size;
  return slicesOf(box3d).flatMap((slice) => {
    const made = volume.slices[slice];
    // A slice that was filled in has no image that a frame could refer to.
    if (slice < 0 || slice >= slices || !made) return [];
    return [
      {
        fractions: boxFractions(box3d, slice, columns, rows),
        source: {
          ReferencedSOPClassUID: context.source.sopClassUid,
          ReferencedSOPInstanceUID: made.sopInstanceUid,
          ReferencedFrameNumber: made.frame ?? undefined,
        },
        positionMm: voxelToPatient(volume.grid, [0, 0, slice]),
      },
    ];
  });
}

/** The findings of a volume as segments: the voxels of each box. Candidates are left out. */
export function findingSegments(context: ResultContext): Segment[] {
  const { reading, volume, version } = context;
  if (!volume) return [];
  const kind = segmentKinds[readerKinds[reading.kind].sought];
  return reading.findings
    .filter(({ certainty }) => certainty !== 'candidate')
    .map((finding): Segment => {
      const words = finding.description ?? findingLabel(finding);
      return {
        label: `${finding.id} ${words}`,
        description: `Box around the finding, ${finding.certainty}. AI output, not for diagnosis.`,
        ...kind,
        algorithm: 'Lucency',
        algorithmVersion: version,
        tracking: { id: `Lucency finding ${finding.id}`, uid: context.uid('finding', finding.id) },
        colour: finding.certainty === 'definite' ? [51180, 38564, 53613] : [49791, 27806, 23386],
        frames: frames(context, volume, finding),
      };
    })
    .filter((segment) => segment.frames.length > 0);
}
