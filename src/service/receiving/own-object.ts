import { open } from 'node:fs/promises';
import { readFileHeader } from '../../dicom/network/store/file-header.js';
import { readBareDataSet } from '../../image/dicom/dicom-file.js';

const manufacturer = 0x0008_0070;
const firstBytes = 2 ** 16;
/** Secondary captures, presentation states, segmentations and reports: what Lucency's results are. */
const resultClasses = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(7|11|66|88)(\.|$)/;

/**
 * Whether a received object is a result of Lucency: archives that forward all they get would otherwise have it read its own
 * results without end.
 */
export async function isOwnResult(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { length, sopClassUid, transferSyntaxUid } = await readFileHeader(handle, file);
    if (!resultClasses.test(sopClassUid)) return false;
    const bytes = Buffer.alloc(firstBytes);
    const { bytesRead } = await handle.read(bytes, 0, firstBytes, length);
    const dataSet = readBareDataSet(bytes.subarray(0, bytesRead), {
      name: file,
      transferSyntaxUid,
      lastTag: manufacturer,
      maxInflatedBytes: 2 ** 28,
    });
    return dataSet.text(manufacturer) === 'Lucency';
  } catch {
    // What cannot be told apart is read; the reader says what is wrong with it.
    return false;
  } finally {
    await handle.close();
  }
}
