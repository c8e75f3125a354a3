import type { DataSet } from './data-set.js';
import { lookUp, readLookupTable, whiteOf } from './lookup-table.js';
import { tag } from './tags.js';

/** A value in the modality's units to brightness, 0 (black) to 1 (white). */
export type VoiTransform = (value: number) => number;

type WindowFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

function clip(value: number): number {
  return value < 0 ? 0 : Math.min(value, 1);
}

/** PS3.3 C.11.2.1.2.1. The width counts values, so it is one more than the distance; at least 1. */
function linear(center: number, width: number): VoiTransform {
  if (width === 1) return (value) => (value <= center - 0.5 ? 0 : 1);
  return (value) => clip((value - (center - 0.5)) / (width - 1) + 0.5);
}

/** PS3.3 C.11.2.1.3.2. */
function linearExact(center: number, width: number): VoiTransform {
  return (value) => clip((value - center) / width + 0.5);
}

/** PS3.3 C.11.2.1.3.1. */
function sigmoid(center: number, width: number): VoiTransform {
  return (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width));
}

/**
 * A window as a transform, or null when its width is not one that the function allows (at least 1 for LINEAR, more than
 * 0 for the others).
 */
function windowTransform(center: number, width: number, shape: WindowFunction): VoiTransform | null {
  if (!Number.isFinite(center) || !Number.isFinite(width)) return null;
  if (width < (shape === 'LINEAR' ? 1 : Number.MIN_VALUE)) return null;
  if (shape === 'LINEAR_EXACT') return linearExact(center, width);
  return shape === 'SIGMOID' ? sigmoid(center, width) : linear(center, width);
}

/** From the smallest value to the largest: for images that state no window. */
export function fullRange(lowest: number, highest: number): VoiTransform {
  return highest > lowest ? (value) => clip((value - lowest) / (highest - lowest)) : () => 0;
}

function statedFunction(attributes: DataSet): WindowFunction {
  const stated = attributes.text(tag.VoiLutFunction);
  return stated === 'SIGMOID' || stated === 'LINEAR_EXACT' ? stated : 'LINEAR';
}

function firstWindow(attributes: DataSet): VoiTransform | null {
  const centers = attributes.numbers(tag.WindowCenter, 'DS');
  const widths = attributes.numbers(tag.WindowWidth, 'DS');
  const shape = statedFunction(attributes);
  for (const [index, center] of centers.entries()) {
    const transform = windowTransform(center, widths[index] ?? Number.NaN, shape);
    if (transform) return transform;
  }
  return null;
}

/**
 * The VOI transform that a data set states (PS3.3 C.11.2): the first table of the VOI LUT Sequence, else the first
 * valid window; null when it states neither.
 * @param attributes the data set, or the frame's Frame VOI LUT item
 * @param signedInput whether the values to be transformed can be negative
 */
export function statedVoiTransform(attributes: DataSet, signedInput: boolean): VoiTransform | null {
  const [item] = attributes.items(tag.VoiLutSequence);
  const table = item && readLookupTable(item, tag.LutDescriptor, tag.LutData, signedInput);
  if (!table) return firstWindow(attributes);
  const white = whiteOf(table);
  return (value) => lookUp(table, value) / white;
}
