import { type Code, dcm, snomed } from './code.js';

/** PS3.16 CID 29, those that readings are made of. */
const modalities: Readonly<Record<string, Code>> = {
  CR: dcm('CR', 'Computed Radiography'),
  CT: dcm('CT', 'Computed Tomography'),
  DX: dcm('DX', 'Digital Radiography'),
  PT: dcm('PT', 'Positron emission tomography'),
  RF: dcm('RF', 'Radiofluoroscopy'),
  RG: dcm('RG', 'Radiographic imaging'),
};

export function modalityCode(modality: string | null): Code {
  return (modality !== null && modalities[modality]) || dcm('OT', 'Other Modality');
}

/** Kind of imaging procedure that a reading of this kind reports on. */
export const procedureReported = {
  radiograph: snomed('168537006', 'Plain radiography'),
  ribs: snomed('77477000', 'Computerized axial tomography'),
  infection: snomed('363679005', 'Imaging procedure'),
} as const;
