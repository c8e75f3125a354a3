import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import dcmjs from 'dcmjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { decodeImage } from '../../image/decode.js';
import {
  imageElements,
  type TestElement,
  type TestImage,
  writeDicom,
} from '../../image/testing/dicom-writer.js';
import { encodeLosslessJpeg } from '../../image/testing/lossless-jpeg-encoder.js';
import { smoothImage } from '../../image/testing/noise.js';
import { packBitsFrame } from '../../image/testing/rle-encoder.js';
import { hasOrthanc, type Orthanc, startOrthanc } from '../network/testing/orthanc.js';
import { sampleElements, sampleSource } from '../testing/sample-result.js';
import { profileRows } from './basic-profile.js';
import { deidentify } from './deidentify.js';

/* What names someone is planted wherever a file has room, and looked for in the copy byte by byte. */

const canary = 'Kanarienvogel^Kuno';
const canaryBytes = Uint8Array.from(Buffer.from(canary));
const options = { key: 'secret', pixelsChecked: true };

async function copyOf(bytes: Uint8Array): Promise<Buffer> {
  return Buffer.from((await deidentify(bytes, options)).bytes);
}

function hasCanary(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  // Also its parts, and with the bytes of words swapped.
  return /kanarien|vogel|kuno|aKanir/i.test(text) || bytes.includes('aKanirneovegl');
}

interface DictionaryEntry {
  readonly tag: string;
  readonly vr: string;
  readonly vm: string;
}

/** Attributes of PS3.6 by tag, as dcmjs lists them. */
const dictionary: ReadonlyMap<number, DictionaryEntry> = new Map(
  Object.values(
    (dcmjs.data.DicomMetaDictionary as unknown as { nameMap: Record<string, DictionaryEntry> }).nameMap,
  ).map((entry) => [Number.parseInt(entry.tag.replace(/[(),]/g, ''), 16), entry]),
);
const vrOf = (tag: number): string => {
  const vr = dictionary.get(tag)?.vr ?? 'UN';
  return vr === 'ox' || vr === 'lt' ? 'OW' : vr === 'xs' ? 'US' : vr === 'up' ? 'UL' : vr;
};

/** An element whose value, whatever its kind, holds the canary. */
function planted(tag: number, vr = vrOf(tag)): TestElement {
  // Of UIDs each is another, as series and study must be.
  if (vr === 'UI') return [tag, vr, Uint8Array.from(Buffer.from(`${canary}.${tag}`))];
  if (vr !== 'SQ') return [tag, vr, canaryBytes];
  return [
    tag,
    'SQ',
    [
      [
        [0x0008_0100, 'SH', canary.slice(0, 16)],
        [0x0008_0102, 'SH', 'DCM'],
        [0x0008_0104, 'LO', canary],
        [0x0040_a160, 'UT', canary],
      ],
      [[0x0010_0010, 'PN', canary]],
    ],
  ];
}

/** What an image is made of: its own elements are not replaced. */
const structural = new Set([0x0008_0016, 0x0008_0018, 0x0008_0005]);

function plant(source: readonly TestElement[], more: readonly TestElement[]): TestElement[] {
  const byTag = new Map(source.map((element) => [element[0], element]));
  for (const element of more) {
    const group = element[0] >>> 16;
    if (group > 2 && group !== 0x0028 && !structural.has(element[0])) byTag.set(element[0], element);
  }
  return [...byTag.values()];
}

const { width, height } = { width: 64, height: 48 };
const image: TestImage = { width, height, bitsStored: 12, pixels: smoothImage(width, height, 12) };
const elementsOf = (more: readonly TestElement[] = [], of: TestImage = image): TestElement[] =>
  plant([...sampleElements(), ...imageElements(of)], more);

/** Sequences that stay, one in the other: the canary lies four deep. */
function fourDeep(elements: readonly TestElement[]): TestElement {
  const inner: TestElement[] = [...elements].filter(([tag]) => tag !== 0x0008_0102);
  const sequences = [0x0008_1140, 0x0008_2112, 0x0008_114a, 0x0008_1199];
  return sequences.reduce<TestElement[]>((content, tag) => [[tag, 'SQ', [content]]], inner)[0] as TestElement;
}

const tableTags = profileRows.flatMap(({ tags }) => tags.split(' ')).map((tag) => Number.parseInt(tag, 16));
/** Rows of the table that stand for whole groups: curves, overlay data and comments, private attributes. */
const groupTags = [0x5000_3000, 0x5002_0022, 0x6000_3000, 0x6000_4000, 0x601e_0022, 0x0009_0010, 0x0009_1001];

describe('what names someone', () => {
  it('does not survive in any of the 655 attributes of table E.1-1', async () => {
    expect(new Set(tableTags).size + 3).toBe(655);
    const bytes = await copyOf(
      writeDicom(elementsOf([...tableTags, ...groupTags].map((tag) => planted(tag)))),
    );
    expect(hasCanary(bytes)).toBe(false);
  });

  it('does not survive four sequences deep', async () => {
    const inner = [...tableTags, ...groupTags].filter((tag) => tag >>> 16 > 2).map((tag) => planted(tag));
    const source = writeDicom(elementsOf([fourDeep(inner)]));
    expect(hasCanary(Buffer.from(source))).toBe(true);
    expect(hasCanary(await copyOf(source))).toBe(false);
    const implicit = writeDicom(elementsOf([fourDeep(inner)]), {
      transferSyntax: '1.2.840.10008.1.2',
      explicit: false,
      undefinedLengths: true,
    });
    expect(hasCanary(await copyOf(implicit))).toBe(false);
  });

  it('does not survive in any attribute of the standard, whatever representation the file claims', async () => {
    const tags = [...dictionary.keys()].filter((tag) => Number.isFinite(tag) && tag >>> 16 < 0x7fe0);
    for (const vr of [undefined, 'LT', 'UN', 'OB']) {
      // Numbers in any count are kept as numbers: eight letters read as such are none that a reader would see.
      const open = (tag: number): boolean => vr === undefined && /n$/.test(dictionary.get(tag)?.vm ?? '');
      const numeric = (tag: number): boolean => /^(US|SS|UL|SL|FL|FD|AT|OW|SV|UV)$/.test(vrOf(tag));
      const some = tags.filter(
        (tag) => !(open(tag) && numeric(tag)) && !/Lut|LUT|Palette/.test(dictionary.get(tag)?.tag ?? ''),
      );
      const elements = some.filter((tag) => vr === undefined || !numeric(tag)).map((tag) => planted(tag, vr));
      expect(hasCanary(await copyOf(writeDicom(elementsOf(elements)))), vr).toBe(false);
    }
  });

  it('does not survive in tags that the standard does not know, private ones among them', async () => {
    const tags = [0x0008_fff1, 0x0010_fff1, 0x0018_fff1, 0x0020_fff1, 0x0040_fff1, 0x0064_0001, 0x7f00_0010];
    const privateTags = [0x0009_0010, 0x0011_1001, 0x0029_0010, 0x0029_1010, 0x7fdf_1001];
    for (const vr of ['LO', 'UN', 'OB', 'CS', 'SQ']) {
      const elements = [...tags, ...privateTags].map((tag) => planted(tag, vr));
      expect(hasCanary(await copyOf(writeDicom(elementsOf([...elements, fourDeep(elements)])))), vr).toBe(
        false,
      );
    }
  });

  it('does not survive in codes: values, schemes, versions and meanings', async () => {
    const code = (value: string, scheme: string, meaning: string): TestElement[] => [
      [0x0008_0100, 'SH', value],
      [0x0008_0102, 'SH', scheme],
      [0x0008_0103, 'SH', canary.slice(0, 16)],
      [0x0008_0104, 'LO', meaning],
    ];
    const items = [
      code('T-12000', 'SRT', canary),
      code(canary.slice(0, 16), 'SRT', canary),
      code('1', '99KUNO', canary),
      code(canary.slice(0, 16), 'UCUM', canary),
    ];
    const bytes = await copyOf(writeDicom(elementsOf([[0x0008_2218, 'SQ', items]])));
    expect(hasCanary(bytes)).toBe(false);
    expect(bytes.includes('T-12000')).toBe(true);
  });

  it('does not survive in texts that are kept where they name no one', async () => {
    const maker = (text: string): TestElement => [0x0008_0070, 'LO', text];
    const patient: TestElement = [0x0010_0010, 'PN', canary];
    const named = await copyOf(writeDicom(elementsOf([patient, maker('Scanner of Kuno')])));
    expect(hasCanary(named)).toBe(false);
    const plain = await copyOf(writeDicom(elementsOf([patient, maker('ACME Imaging')])));
    expect(plain.includes('ACME Imaging')).toBe(true);
  });

  it('does not survive before, around or behind the data set', async () => {
    const source = Buffer.from(writeDicom(elementsOf([[0xfffc_fffc, 'OB', canaryBytes]])));
    source.write(canary, 10);
    for (const behind of [source, Buffer.concat([source, canaryBytes])]) {
      expect(hasCanary(await copyOf(Uint8Array.from(behind)))).toBe(false);
    }
  });
});

describe('what names someone in pixel data', () => {
  const small = Uint8Array.from(smoothImage(width, height, 8));
  const comment = Uint8Array.of(0xff, 0xfe, 0, canaryBytes.length + 2, ...canaryBytes);
  const application = Uint8Array.of(0xff, 0xe1, 0, canaryBytes.length + 2, ...canaryBytes);
  const insert = (bytes: Uint8Array, at: number, ...parts: Uint8Array[]): Uint8Array =>
    Uint8Array.from(Buffer.concat([bytes.subarray(0, at), ...parts, bytes.subarray(at)]));
  const inFragments = (...fragments: Uint8Array[]) => ({ fragments: [new Uint8Array(0), ...fragments] });

  async function wasm(codec: string, name: string): Promise<Uint8Array> {
    interface Encoder {
      getDecodedBuffer(info: object): Uint8Array;
      getEncodedBuffer(): Uint8Array;
      encode(): void;
    }
    const factory = createRequire(import.meta.url)(`@cornerstonejs/codec-${codec}/wasmjs`) as (
      settings: object,
    ) => Promise<Record<string, new () => Encoder>>;
    const Encoder = (await factory({ print: () => undefined, printErr: () => undefined }))[name];
    if (!Encoder) throw new Error(`${codec} has no ${name}`);
    const encoder = new Encoder();
    const info = {
      width,
      height,
      bitsPerSample: 12,
      componentCount: 1,
      isSigned: false,
      isUsingColorTransform: false,
    };
    encoder.getDecodedBuffer(info).set(new Uint8Array(smoothImage(width, height, 12).buffer));
    encoder.encode();
    return Uint8Array.from(encoder.getEncodedBuffer());
  }

  const eightBits: TestImage = { width, height, bitsAllocated: 8, pixels: small };
  const jpegComments = (bytes: Uint8Array): Uint8Array =>
    Uint8Array.from(Buffer.concat([insert(bytes, 2, comment, application), canaryBytes]));
  /** A comment of JPEG 2000 (T.800 A.9.2) in the main header, and bytes behind the end. */
  const jpeg2000Comments = (bytes: Uint8Array): Uint8Array => {
    const text = Uint8Array.of(0xff, 0x64, 0, canaryBytes.length + 4, 0, 1, ...canaryBytes);
    const at = Buffer.from(bytes).indexOf(Buffer.of(0xff, 0x52));
    return Uint8Array.from(Buffer.concat([insert(bytes, at, text), canaryBytes]));
  };
  const cases: { name: string; uid: string; source: () => Promise<TestImage> }[] = [
    {
      name: 'JPEG baseline',
      uid: '1.2.840.10008.1.2.4.50',
      source: async () => {
        const jpeg = await sharp(small, { raw: { width, height, channels: 1 } })
          .toColourspace('b-w')
          .jpeg()
          .toBuffer();
        return { ...eightBits, pixels: inFragments(jpegComments(jpeg)) };
      },
    },
    {
      name: 'JPEG lossless',
      uid: '1.2.840.10008.1.2.4.70',
      source: async () => {
        const samples = smoothImage(width, height, 12);
        const jpeg = encodeLosslessJpeg(
          { width, height, components: 1, precision: 12, samples },
          { predictor: 1 },
        );
        return { ...image, pixels: inFragments(jpegComments(jpeg)) };
      },
    },
    {
      name: 'JPEG-LS',
      uid: '1.2.840.10008.1.2.4.80',
      source: async () => ({
        ...image,
        pixels: inFragments(jpegComments(await wasm('charls', 'JpegLSEncoder'))),
      }),
    },
    {
      name: 'JPEG 2000',
      uid: '1.2.840.10008.1.2.4.90',
      source: async () => ({
        ...image,
        pixels: inFragments(jpeg2000Comments(await wasm('openjpeg', 'J2KEncoder'))),
      }),
    },
    {
      name: 'HTJ2K',
      uid: '1.2.840.10008.1.2.4.201',
      source: async () => ({
        ...image,
        pixels: inFragments(jpeg2000Comments(await wasm('openjph', 'HTJ2KEncoder'))),
      }),
    },
    {
      name: 'RLE',
      uid: '1.2.840.10008.1.2.5',
      source: async () => {
        const frame = packBitsFrame(smoothImage(width, height, 12), width);
        // Offsets that are not used, up to the first segment.
        frame.set(canaryBytes, 20);
        return { ...image, pixels: inFragments(frame) };
      },
    },
    {
      name: 'native',
      uid: '1.2.840.10008.1.2.1',
      source: async () => {
        const words = smoothImage(width, height, 12);
        return {
          ...image,
          pixels: Uint16Array.from([...words, ...new Uint16Array(Uint8Array.from(canaryBytes).buffer)]),
        };
      },
    },
  ];

  it.each(cases)('does not survive, and the pixels do: $name', async ({ uid, source }) => {
    const bytes = writeDicom(elementsOf([], await source()), { transferSyntax: uid });
    expect(hasCanary(Buffer.from(bytes))).toBe(true);
    const copy = await copyOf(bytes);
    expect(hasCanary(copy)).toBe(false);
    const [copied, original] = await Promise.all([decodeImage(copy), decodeImage(bytes)]);
    expect(copied[0]?.pixels).toEqual(original[0]?.pixels);
  });

  it.each([
    ['native', '1.2.840.10008.1.2.1'],
    ['RLE', '1.2.840.10008.1.2.5'],
    ['JPEG lossless', '1.2.840.10008.1.2.4.70'],
  ])('does not survive as an overlay in unused bits: %s', async (_, uid) => {
    const values = smoothImage(width, height, 12);
    const words = values.map((value, index) => value | (index % 3 === 0 ? 0xb000 : 0x4000));
    const pixels = {
      native: words,
      RLE: inFragments(packBitsFrame(words, width)),
      'JPEG lossless': inFragments(
        encodeLosslessJpeg({ width, height, components: 1, precision: 16, samples: words }, { predictor: 1 }),
      ),
    }[_] as TestImage['pixels'];
    const copy = await copyOf(writeDicom(elementsOf([], { ...image, pixels }), { transferSyntax: uid }));
    const native = copy.subarray(copy.length - 2 * width * height);
    expect(native.equals(Buffer.from(values.buffer))).toBe(true);
  });
});

const cases = fileURLToPath(new URL('../../../../shared/cases/', import.meta.url));

describe.skipIf(!existsSync(cases))('files made to leak', () => {
  it('leak nothing: they are refused, or their copies hold none of the words', async () => {
    const folders = ['deidentify-2', 'dicom/deidentify'].map((name) => path.join(cases, name));
    const files = (
      await Promise.all(
        folders.map(async (folder) => (await readdir(folder)).map((name) => path.join(folder, name))),
      )
    ).flat();
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const packed = await readFile(file);
      const bytes = file.endsWith('.gz') ? gunzipSync(packed) : packed;
      const copy = await copyOf(Uint8Array.from(bytes)).catch((error: unknown) => {
        if (error instanceof LucencyError && error.code === 'LUC_DEIDENTIFY_DOCUMENT') return Buffer.alloc(0);
        throw error;
      });
      expect(/DOE\^|ZQ[A-Z]{3}|SECRET/.test(copy.toString('latin1')), file).toBe(false);
    }
  });
});

const hasValidator = spawnSync('dciodvfy', ['-version']).error === undefined;

describe('a copy of a file with everything planted', () => {
  let folder = '';
  let copy: Uint8Array = new Uint8Array(0);
  const planting = writeDicom(elementsOf([...tableTags, ...groupTags].map((tag) => planted(tag))));
  const source = sampleSource();
  let orthanc: Orthanc | null = null;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lucency-canary-'));
    copy = (await deidentify(planting, options)).bytes;
  });
  afterAll(async () => {
    await orthanc?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.skipIf(!hasValidator)(
    'has no fault for dciodvfy that neither the file nor the plain image has',
    async () => {
      const faults = async (bytes: Uint8Array): Promise<string[]> => {
        const file = path.join(folder, 'file.dcm');
        await writeFile(file, bytes);
        const { stderr } = spawnSync('dciodvfy', [file], { encoding: 'utf8' });
        return stderr.split('\n').filter((line) => line.startsWith('Error'));
      };
      const before = new Set([...(await faults(source)), ...(await faults(planting))]);
      // Allowed only beside an approval number, which is text and goes.
      const conditional = 'ClinicalTrialProtocolEthicsCommitteeName';
      const added = (await faults(copy)).filter((line) => !before.has(line) && !line.includes(conditional));
      expect(added).toEqual([]);
    },
  );

  it.skipIf(!hasOrthanc)(
    'is stored and shown by Orthanc (skipped without it)',
    async () => {
      orthanc = await startOrthanc(1);
      const answer = await fetch(`${orthanc?.rest}/instances`, {
        method: 'POST',
        body: new Uint8Array(copy),
      });
      const { ID, Status } = (await answer.json()) as { ID: string; Status: string };
      expect(Status).toBe('Success');
      const preview = await fetch(`${orthanc?.rest}/instances/${ID}/preview`);
      expect(preview.headers.get('content-type')).toBe('image/png');
      expect((await preview.arrayBuffer()).byteLength).toBeGreaterThan(500);
    },
    120_000,
  );
});
