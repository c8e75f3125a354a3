// Three photon energies (30, 40, 50 keV) stand for a 55 kV beam behind 2.5 mm of aluminium.
// Mass attenuation coefficients: NIST Standard Reference Database 126 (Hubbell and Seltzer, NISTIR 5632, 2004) for
// the tissues of ICRU Report 44; gypsum (CaSO4 2H2O) and steel 316L are summed from their elements by weight.

/** Share of the detected energy that each photon energy brings when nothing is in the beam. */
export const spectrum = [0.3, 0.45, 0.25] as const;

export interface Material {
  /** g/cm3. */
  readonly density: number;
  /** cm2/g at each of the energies. */
  readonly massAttenuation: readonly [number, number, number];
}

export const materials = {
  /** ICRU-44 cortical bone. */
  bone: { density: 1.92, massAttenuation: [1.331, 0.6655, 0.4242] },
  /** ICRU-44 adipose tissue; also stands for yellow marrow, which differs by less than 2 %. */
  fat: { density: 0.95, massAttenuation: [0.3063, 0.2396, 0.2123] },
  /** ICRU-44 skeletal muscle; also skin, tendon and blood. */
  muscle: { density: 1.05, massAttenuation: [0.3783, 0.2685, 0.2262] },
  /** Set plaster bandage: gypsum with about half of its volume air. */
  plaster: { density: 1.1, massAttenuation: [1.562, 0.7621, 0.473] },
  /** Implant steel 316L. */
  steel: { density: 8, massAttenuation: [8.55, 3.808, 2.057] },
} as const satisfies Record<string, Material>;

export type MaterialName = keyof typeof materials;

/** Linear attenuation of a material at energy `index`, 1/mm. */
export function attenuationPerMm(name: MaterialName, index: 0 | 1 | 2): number {
  const { density, massAttenuation } = materials[name];
  return (density * massAttenuation[index]) / 10;
}
