import { parseFileHeader } from '../../dicom/network/store/file-header.js';
import { readBareDataSet } from '../../image/dicom/dicom-file.js';
import { tag } from '../../image/dicom/tags.js';
import type { FoundInput, InputItem } from '../../image/input/input-item.js';

const firstBytes = 2 ** 16;
/** Secondary captures, presentation states, segmentations and reports: what Lucency's results are. */
const resultClasses = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(7|11|66|88)(\.|$)/;
const manufacturer = 'Lucency';

/**
 * Whether a file is a result of Lucency: archives that forward all they get, or a folder that is read twice, would otherwise
 * have it read its own results.
 */
export async function isOwnResult(item: FoundInput): Promise<boolean> {
  if (item.format !== 'dicom') return false;
  try {
    const start = await item.readStart(firstBytes);
    const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
    const header = parseFileHeader(bytes);
    if (!header || !resultClasses.test(header.sopClassUid)) return false;
    const dataSet = readBareDataSet(bytes.subarray(header.length), {
      name: item.input,
      transferSyntaxUid: header.transferSyntaxUid,
      lastTag: tag.Manufacturer,
      maxInflatedBytes: 2 ** 28,
    });
    return dataSet.text(tag.Manufacturer) === manufacturer;
  } catch {
    // What cannot be told apart is read; the reader says what is wrong with it.
    return false;
  }
}

/** What was found without results of Lucency. */
export async function* withoutOwnResults(
  items: AsyncIterable<InputItem>,
  onPassedOver: (input: string) => void,
): AsyncGenerator<InputItem> {
  for await (const item of items) {
    if (!('error' in item) && (await isOwnResult(item))) onPassedOver(item.input);
    else yield item;
  }
}
