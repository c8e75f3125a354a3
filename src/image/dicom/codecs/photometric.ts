import type { Photometric } from '../pixel-description.js';

function isGrey(photometric: Photometric): boolean {
  return photometric.startsWith('MONOCHROME') || photometric === 'PALETTE COLOR';
}

/**
 * What decoded samples are, when the codestream's components may contradict the data set: one component is grey, three
 * are colour. Codestreams carry chroma for every pixel, so the subsampled kind becomes the full one.
 */
export function photometricOf(stated: Photometric, samplesPerPixel: 1 | 3): Photometric {
  if (samplesPerPixel === 1) return isGrey(stated) ? stated : 'MONOCHROME2';
  if (isGrey(stated)) return 'RGB';
  return stated === 'YBR_FULL_422' ? 'YBR_FULL' : stated;
}
