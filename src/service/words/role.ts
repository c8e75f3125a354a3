/**
 * What an account may be. `machine` is a program with a key, `lead` the radiologist who answers for quality, `auditor` sees who
 * did what and changes nothing.
 */
export const roles = [
  'patient',
  'referrer',
  'radiographer',
  'resident',
  'radiologist',
  'lead',
  'admin',
  'auditor',
  'machine',
] as const;
export type Role = (typeof roles)[number];
