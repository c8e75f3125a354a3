import { attenuationPerMm, spectrum } from './materials.js';
import type { PathLengths } from './path-lengths.js';

/**
 * Beer-Lambert: the share of the unattenuated signal that reaches each pixel, 0 to 1, summed over the energies of
 * the spectrum (so that thick bone hardens the beam). Bone takes the place of soft tissue, never adds to it.
 */
export function transmit(paths: PathLengths): Float32Array {
  const { bone, fat, muscle, plaster, steel, insideBones } = paths;
  const result = new Float32Array(bone.length);
  for (const energy of [0, 1, 2] as const) {
    const weight = spectrum[energy];
    const muBone = attenuationPerMm('bone', energy);
    const muFat = attenuationPerMm('fat', energy);
    const muMuscle = attenuationPerMm('muscle', energy);
    const muPlaster = attenuationPerMm('plaster', energy);
    const muSteel = attenuationPerMm('steel', energy);
    for (let i = 0; i < result.length; i++) {
      const replaced = insideBones[i] as number;
      const lean = (muscle[i] as number) - replaced;
      const softMuscle = Math.max(lean, 0);
      // Where there is too little muscle to make room for the bone, the fat gives way; `fat` holds marrow, too.
      const softFat = (fat[i] as number) + (lean < 0 ? Math.max(lean, -(fat[i] as number) * 0.5) : 0);
      const depth =
        muBone * (bone[i] as number) +
        muFat * softFat +
        muMuscle * softMuscle +
        muPlaster * (plaster[i] as number) +
        muSteel * (steel[i] as number);
      result[i] = (result[i] as number) + weight * Math.exp(-depth);
    }
  }
  return result;
}
