// A program of its own: draws the annotated picture of what it reads on standard input, to be run without fonts.
import { readFileSync } from 'node:fs';
import type { Radiograph } from '../../core/radiograph.js';
import type { Reading } from '../../core/reading.js';
import { annotatedPicture } from './annotate.js';

/** What is handed over: pixels as plain numbers, since JSON has no typed arrays. */
export interface AnnotateInput {
  readonly radiograph: Omit<Radiograph, 'pixels'> & { readonly pixels: readonly number[] };
  readonly reading: Reading;
}

const { radiograph, reading } = JSON.parse(readFileSync(0, 'utf8')) as AnnotateInput;
const picture = await annotatedPicture(
  { ...radiograph, pixels: Uint16Array.from(radiograph.pixels) },
  reading,
);
process.stdout.write(Buffer.from(picture));
