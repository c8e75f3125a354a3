// Makes the radiographs of examples/ anew, byte for byte, from a copy of FracAtlas whose longest side was cut to 1280
// pixels: node tools/examples.mjs DATA [FOLDER]. DATA holds images/, images.csv and annotations.coco.json.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.mjs';

await buildIfStale();
const { elementsOf } = await import('../dist/dicom/data-set/encode.js');
const { writeFile: dicomFile } = await import('../dist/dicom/data-set/write-file.js');
const { derivedUid } = await import('../dist/dicom/data-set/derived-uid.js');
const { encodePng } = await import('../dist/image/encode.js');

const [data, out = fileURLToPath(new URL('../examples/', import.meta.url))] = process.argv.slice(2);
if (data === undefined) throw new Error('Name the folder of FracAtlas.');

const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
const jpegBaseline = '1.2.840.10008.1.2.4.50';

/**
 * Image of fold 0, which no network learned from; file; body part as PS3.16 annex L has it; study of several files.
 *
 * @type {readonly (readonly [image: string, file: string, bodyPart: string, study?: string])[]}
 */
const examples = [
  ['IMG0000207', 'wrist-fracture.dcm', 'WRIST'],
  ['IMG0002593', 'leg-fractures.dcm', 'LEG'],
  ['IMG0000199', 'hand-whole.dcm', 'HAND'],
  ['IMG0001025', 'forearm-two-views/1.dcm', 'FOREARM', 'forearm'],
  ['IMG0001026', 'forearm-two-views/2.dcm', 'FOREARM', 'forearm'],
  ['IMG0002483', 'forearm-fractures.jpg', 'FOREARM'],
  ['IMG0001007', 'wrist-fracture-2.jpg', 'WRIST'],
  ['IMG0000096', 'ankle-whole.jpg', 'ANKLE'],
  ['IMG0000097', 'hip-whole.jpg', 'PELVIS'],
  ['IMG0000090', 'shoulder-whole.jpg', 'SHOULDER'],
  ['IMG0002750', 'femur-plate.jpg', 'FEMUR'],
  ['IMG0000202', 'ankle-wires-healed.jpg', 'ANKLE'],
  ['IMG0000092', 'tibia-nail.jpg', 'TIBIA FIBULA'],
  ['IMG0002731', 'foot-hard-to-see.jpg', 'FOOT'],
];

/** Width and height in the frame header of a JPEG (T.81 B.2.2). */
function sizeOf(jpeg) {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1];
    if (marker === 0xc0) return { height: jpeg.readUInt16BE(at + 5), width: jpeg.readUInt16BE(at + 7) };
  }
  throw new Error('Not a baseline JPEG.');
}

/** Pixel data of one frame: an empty offset table, the codestream, the end (PS3.5 A.4). */
function encapsulated(jpeg) {
  const head = (tag, length) => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16LE(tag >>> 16, 0);
    bytes.writeUInt16LE(tag & 0xffff, 2);
    bytes.writeUInt32LE(length, 4);
    return bytes;
  };
  const padded = jpeg.length % 2 === 0 ? jpeg : Buffer.concat([jpeg, Buffer.alloc(1)]);
  const start = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const parts = [start, head(0xfffee000, 0), head(0xfffee000, padded.length), padded, head(0xfffee0dd, 0)];
  return new Uint8Array(Buffer.concat(parts));
}

/** The JPEG as it is, wrapped as a Secondary Capture image that says where it is from. */
function wrapped(jpeg, image, bodyPart, study, number) {
  const { width, height } = sizeOf(jpeg);
  const sopInstanceUid = derivedUid('lucency-example', image);
  const elements = elementsOf({
    SpecificCharacterSet: 'ISO_IR 192',
    ImageType: ['DERIVED', 'SECONDARY'],
    SOPClassUID: secondaryCapture,
    SOPInstanceUID: sopInstanceUid,
    StudyDate: '',
    StudyTime: '',
    AccessionNumber: '',
    Modality: 'DX',
    ConversionType: 'WSD',
    ReferringPhysicianName: '',
    StudyDescription: 'FracAtlas, CC BY 4.0',
    SeriesDescription: 'Radiograph of a public data set',
    DerivationDescription:
      'Wrapped as DICOM by Lucency; longest side cut to 1280 pixels, JPEG, window and pixel spacing lost',
    PatientName: `FRACATLAS^${image}`,
    PatientID: `FracAtlas ${study}`,
    PatientBirthDate: '',
    PatientSex: '',
    BodyPartExamined: bodyPart,
    StudyInstanceUID: derivedUid('lucency-example', 'study', study),
    SeriesInstanceUID: derivedUid('lucency-example', 'series', study),
    StudyID: '1',
    SeriesNumber: 1,
    InstanceNumber: number,
    Laterality: '',
    PatientOrientation: [],
    ImageComments: 'Abedeen et al., FracAtlas, Scientific Data 2023 (figshare 22363012), CC BY 4.0',
    BurnedInAnnotation: 'NO',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: height,
    Columns: width,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    LossyImageCompression: '01',
    LossyImageCompressionRatio: Number(((width * height) / jpeg.length).toFixed(2)),
    LossyImageCompressionMethod: 'ISO_10918_1',
  });
  const tail = encapsulated(jpeg);
  return dicomFile(secondaryCapture, sopInstanceUid, elements, { transferSyntaxUid: jpegBaseline, tail });
}

/**
 * A picture in colour that is no radiograph: it shows what a refusal looks like.
 *
 * @returns {import('../src/image/encode.js').EncodableImage}
 */
function colourPicture(width, height) {
  const samples = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const hill = height * (0.6 + 0.12 * Math.sin(x / 40) + 0.05 * Math.sin(x / 13));
      const colour = y > hill ? [60, 130 + (x % 17), 50] : [90 + y / 4, 150 + y / 6, 230];
      samples.set(colour.map(Math.round), (y * width + x) * 3);
    }
  }
  return { width, height, channels: 3, samples };
}

const coco = JSON.parse(await readFile(path.join(data, 'annotations.coco.json'), 'utf8'));
const [header = '', ...lines] = (await readFile(path.join(data, 'images.csv'), 'utf8')).trim().split(/\r?\n/);
const columns = header.split(',');
const table = new Map(lines.map((line) => [line.split(',')[0], line.split(',')]));
const cell = (image, column) => table.get(`${image}.jpg`)?.[columns.indexOf(column)] ?? '';

/** @type {{ images: object[], annotations: object[], categories: object[] }} */
const truth = { images: [], annotations: [], categories: [{ id: 1, name: 'fracture' }] };
const rows = ['file_name,patient_id,region,fractured,hardware'];
for (const [index, [image, file, bodyPart, study = image]] of examples.entries()) {
  if (cell(image, 'fold') !== '0') throw new Error(`${image} is not of fold 0.`);
  const jpeg = await readFile(path.join(data, 'images', `${image}.jpg`));
  const target = path.join(out, file);
  await mkdir(path.dirname(target), { recursive: true });
  const number = Number(/(\d)\.dcm$/.exec(file)?.[1] ?? 1);
  await writeFile(target, file.endsWith('.dcm') ? wrapped(jpeg, image, bodyPart, study, number) : jpeg);
  const { width, height } = sizeOf(jpeg);
  truth.images.push({ id: index + 1, file_name: file, width, height });
  const source = coco.images.find(({ file_name }) => file_name === `${image}.jpg`);
  for (const { bbox } of coco.annotations.filter(({ image_id }) => image_id === source.id)) {
    const id = truth.annotations.length + 1;
    truth.annotations.push({
      id,
      image_id: index + 1,
      category_id: 1,
      bbox,
      area: bbox[2] * bbox[3],
      iscrowd: 0,
    });
  }
  const region = ['hand', 'leg', 'hip', 'shoulder'].filter((name) => cell(image, name) === '1').join('+');
  rows.push([file, study, region, cell(image, 'fractured'), cell(image, 'hardware')].join(','));
}
await writeFile(path.join(out, 'not-a-radiograph.png'), await encodePng(colourPicture(320, 240)));
await writeFile(path.join(out, 'coco.json'), `${JSON.stringify(truth, null, 1)}\n`);
await writeFile(path.join(out, 'images.csv'), `${rows.join('\n')}\n`);
