import dcmjs from 'dcmjs';

/** Values of a DICOM data set by keyword; sequences are lists of data sets. */
export type NaturalDataSet = { readonly [keyword: string]: NaturalValue };
type NaturalValue = string | number | ArrayBuffer | readonly (string | number)[] | readonly NaturalDataSet[];

/** File meta information (PS3.10 section 7.1). */
export interface FileMeta {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

const explicitLittleEndian = '1.2.840.10008.1.2.1';
// Derived from the name of the project under the UUID arc 2.25, which needs no registration.
const implementationClassUid = '2.25.139405726650117382904628117502961837744';

/**
 * A DICOM Part 10 file, explicit VR little endian. Port over dcmjs; the same values give the same bytes.
 * @param dataSet values by keyword; `PixelData` as an ArrayBuffer of 16-bit words
 */
export function writeDicom(meta: FileMeta, dataSet: NaturalDataSet): Uint8Array {
  const file = new dcmjs.data.DicomDict({
    '00020001': { vr: 'OB', Value: [new Uint8Array([0, 1]).buffer] },
    '00020002': { vr: 'UI', Value: [meta.sopClassUid] },
    '00020003': { vr: 'UI', Value: [meta.sopInstanceUid] },
    '00020010': { vr: 'UI', Value: [explicitLittleEndian] },
    '00020012': { vr: 'UI', Value: [implementationClassUid] },
    '00020013': { vr: 'SH', Value: ['LUCENCY'] },
  });
  file.dict = dcmjs.data.DicomMetaDictionary.denaturalizeDataset({ ...dataSet, _vrMap: { PixelData: 'OW' } });
  return new Uint8Array(file.write());
}
