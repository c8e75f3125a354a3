import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Box } from '../../core/box.js';
import type { AnnotateInput } from './annotate.fixture.js';
import { annotatedPicture, drawAnnotations } from './annotate.js';
import { loadGlyphs } from './glyphs.js';
import { pictureScale, scaled } from './picture-scale.js';
import { sampleFinding, sampleRadiograph, sampleReading } from './sample.fixture.js';

const AMBER = [0xff, 0xb0, 0x00];
const SKY = [0x5c, 0xc8, 0xff];

interface Pixels {
  readonly width: number;
  readonly height: number;
  at(x: number, y: number): number[];
}

async function decode(png: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  const at = (x: number, y: number): number[] => {
    const start = (y * info.width + x) * 3;
    return [...data.subarray(start, start + 3)];
  };
  return { width: info.width, height: info.height, at };
}

function grey(radiograph: ReturnType<typeof sampleRadiograph>, x: number, y: number): number[] {
  const value = (radiograph.pixels[y * radiograph.width + x] ?? 0) >> 8;
  return [value, value, value];
}

describe('annotated picture', () => {
  const radiograph = sampleRadiograph(420, 320);

  it('draws a solid line exactly around a definite box and leaves the box itself alone', async () => {
    const box: Box = [100, 120, 60, 40];
    const reading = sampleReading(radiograph, { findings: [sampleFinding(1, box, 'definite')] });
    const picture = await decode(await annotatedPicture(radiograph, reading, { scale: 1 }));
    for (let x = 98; x < 162; x++) {
      for (const y of [118, 119, 160, 161]) expect(picture.at(x, y)).toEqual(AMBER);
    }
    for (let y = 118; y < 162; y++) {
      for (const x of [98, 99, 160, 161]) expect(picture.at(x, y)).toEqual(AMBER);
    }
    for (let y = 120; y < 160; y++) {
      for (let x = 100; x < 160; x++) expect(picture.at(x, y)).toEqual(grey(radiograph, x, y));
    }
  });

  it('draws a doubtful box with gaps that show the image', async () => {
    const reading = sampleReading(radiograph, {
      findings: [sampleFinding(1, [100, 120, 60, 40], 'doubtful')],
    });
    const picture = await decode(await annotatedPicture(radiograph, reading, { scale: 1 }));
    const top = Array.from({ length: 64 }, (_, index) => picture.at(98 + index, 160).join() === SKY.join());
    expect([top[0], top[63]]).toEqual([true, true]);
    const changes = top.filter((drawn, index) => index > 0 && drawn !== top[index - 1]).length;
    expect(changes).toBeGreaterThanOrEqual(6);
    expect(top.filter((drawn) => !drawn).length).toBeGreaterThan(15);
  });

  it('keeps every box visible when boxes and labels are crowded', async () => {
    const boxes: Box[] = [
      [10, 10, 50, 40],
      [70, 10, 50, 40],
      [40, 60, 60, 30],
      [300, 200, 100, 100],
      [200, 150, 40, 40],
    ];
    const findings = boxes.map((box, index) =>
      sampleFinding(index + 1, box, index % 2 ? 'doubtful' : 'definite'),
    );
    const reading = sampleReading(radiograph, { findings });
    const picture = await decode(await annotatedPicture(radiograph, reading, { scale: 1 }));
    for (const [left, top, width, height] of boxes) {
      for (let y = top; y < top + height; y++) {
        for (let x = left; x < left + width; x++) expect(picture.at(x, y)).toEqual(grey(radiograph, x, y));
      }
    }
  });

  it('adds its words below the image, not over it, and leaves the radiograph as it was', async () => {
    const sum = (): string => createHash('sha256').update(radiograph.pixels).digest('hex');
    const before = sum();
    const reading = sampleReading(radiograph, { verdict: 'no-fracture', probability: 0.04 });
    const picture = await decode(await annotatedPicture(radiograph, reading, { scale: 1 }));
    expect(picture.height).toBeGreaterThan(320 + 50);
    for (let y = 0; y < 320; y++) {
      for (let x = 0; x < 420; x += 7) expect(picture.at(x, y)).toEqual(grey(radiograph, x, y));
    }
    let inked = 0;
    for (let y = 320; y < picture.height; y++) {
      for (let x = 0; x < picture.width; x++) if ((picture.at(x, y)[0] ?? 0) > 200) inked++;
    }
    expect(inked).toBeGreaterThan(500);
    expect(sum()).toBe(before);
  });

  it('draws the scale bar to the pixel', async () => {
    const base = sampleReading(radiograph);
    const image = {
      ...base.image,
      pixelSpacingMm: [0.2, 0.25] as [number, number],
      spacingSource: 'PixelSpacing' as const,
    };
    const picture = await decode(await annotatedPicture(radiograph, { ...base, image }, { scale: 1 }));
    // 20 mm at 0.25 mm per column.
    let longest = 0;
    for (let y = 320; y < picture.height; y++) {
      let run = 0;
      for (let x = 0; x < picture.width; x++) {
        run = picture.at(x, y).join() === '242,244,245' ? run + 1 : 0;
        longest = Math.max(longest, run);
      }
    }
    expect(longest).toBe(80);
  });

  it('draws candidates only when asked', async () => {
    const reading = sampleReading(radiograph, {
      findings: [sampleFinding(1, [100, 120, 60, 40], 'candidate')],
    });
    const glyphs = await loadGlyphs();
    const size = scaled(420, 320, 1);
    expect(drawAnnotations(reading, size, glyphs, false).svg).not.toContain('#c9c9c9');
    expect(drawAnnotations(reading, size, glyphs, true).svg).toContain('#c9c9c9');
  });

  it('stays legible for images of any size and shape', async () => {
    for (const [width, height] of [
      [40, 40],
      [60, 900],
      [900, 60],
      [2304, 2880],
      [5000, 400],
    ] as const) {
      const small = sampleRadiograph(width, height);
      const box: Box = [width * 0.3, height * 0.3, width * 0.4, height * 0.4];
      const reading = sampleReading(small, { findings: [sampleFinding(1, box, 'definite')] });
      const size = pictureScale(width, height, 1536);
      const { width: drawn, svg } = drawAnnotations(reading, size, await loadGlyphs(), false);
      expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(1536);
      expect(drawn).toBeGreaterThanOrEqual(size.width);
      expect(svg).not.toContain('NaN');
      const { info } = await sharp(await annotatedPicture(small, reading)).toBuffer({
        resolveWithObject: true,
      });
      expect(info.width).toBe(drawn);
    }
  });

  it('enlarges small images by whole numbers and reduces large ones', () => {
    expect(pictureScale(373, 454, 1536)).toEqual({ scale: 2, width: 746, height: 908 });
    expect(pictureScale(1024, 1280, 1536)).toEqual({ scale: 1, width: 1024, height: 1280 });
    expect(pictureScale(2304, 2880, 1536)).toMatchObject({ width: 1229, height: 1536 });
    expect(pictureScale(10, 10, 1536).scale).toBe(8);
  });

  it('is the same picture on a machine without fonts', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'lucency-fonts-'));
    try {
      const config = path.join(folder, 'fonts.conf');
      await writeFile(
        config,
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>',
      );
      const reading = sampleReading(radiograph, {
        findings: [sampleFinding(1, [100, 120, 60, 40], 'definite')],
      });
      const input: AnnotateInput = { radiograph: { ...radiograph, pixels: [...radiograph.pixels] }, reading };
      const child = spawnSync(process.execPath, [path.resolve('dist/report/picture/annotate.fixture.js')], {
        input: JSON.stringify(input),
        env: { ...process.env, FONTCONFIG_FILE: config, FONTCONFIG_PATH: folder },
        maxBuffer: 1 << 26,
      });
      expect(child.stderr.toString()).toBe('');
      const here = await annotatedPicture(radiograph, reading);
      expect(Buffer.compare(child.stdout, Buffer.from(here))).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
