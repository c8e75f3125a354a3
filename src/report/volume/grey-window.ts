/** A window on values: `low` and all below is black, `high` and all above white. */
export interface GreyWindow {
  readonly low: number;
  readonly high: number;
}

/** Bone and what is around it, HU. */
export const boneWindow: GreyWindow = { low: -250, high: 1250 };
/** Soft parts and bone together, below the colours of a PET, HU. */
export const softWindow: GreyWindow = { low: -200, high: 400 };

/** Brightness of a value, 0 to 255. */
export function greyOf(value: number, { low, high }: GreyWindow): number {
  return Math.round(255 * Math.min(1, Math.max(0, (value - low) / (high - low))));
}
