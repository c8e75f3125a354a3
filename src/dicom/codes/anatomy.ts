import { type Code, snomed } from './code.js';

/** Body Part Examined (PS3.16 annex L) to the region it names. */
const bodyParts: Readonly<Record<string, Code>> = {
  ANKLE: snomed('70258002', 'Ankle joint'),
  ARM: snomed('40983000', 'Upper arm'),
  CALCANEUS: snomed('80144004', 'Calcaneus'),
  CHEST: snomed('51185008', 'Thorax'),
  CLAVICLE: snomed('51299004', 'Clavicle'),
  ELBOW: snomed('16953009', 'Elbow joint'),
  EXTREMITY: snomed('66019005', 'Extremity'),
  FEMUR: snomed('71341001', 'Femur'),
  FIBULA: snomed('87342007', 'Fibula'),
  FINGER: snomed('7569003', 'Finger'),
  FOOT: snomed('56459004', 'Foot'),
  FOREARM: snomed('14975008', 'Forearm'),
  HAND: snomed('85562004', 'Hand'),
  HIP: snomed('24136001', 'Hip joint'),
  HUMERUS: snomed('85050009', 'Humerus'),
  KNEE: snomed('72696002', 'Knee'),
  LEG: snomed('61685007', 'Lower limb'),
  LOWERLEG: snomed('30021000', 'Lower leg'),
  PATELLA: snomed('64234005', 'Patella'),
  PELVIS: snomed('12921003', 'Pelvis'),
  RADIUS: snomed('62413002', 'Radius'),
  RIB: snomed('113197003', 'Rib'),
  SCAPULA: snomed('79601000', 'Scapula'),
  SHOULDER: snomed('16982005', 'Shoulder'),
  STERNUM: snomed('56873002', 'Sternum'),
  THIGH: snomed('68367000', 'Thigh'),
  THUMB: snomed('7569003', 'Finger'),
  TIBIA: snomed('12611008', 'Tibia'),
  TOE: snomed('29707007', 'Toe'),
  ULNA: snomed('23416004', 'Ulna'),
  WRIST: snomed('74670003', 'Wrist joint'),
};

/** Regions that the region network names; `hand` is the whole upper limb and `leg` the whole lower limb. */
const regions: Readonly<Record<string, Code>> = {
  hand: snomed('53120007', 'Upper limb'),
  leg: snomed('61685007', 'Lower limb'),
  hip: snomed('29836001', 'Hip'),
  shoulder: snomed('16982005', 'Shoulder'),
};

export const rib = snomed('113197003', 'Rib');

export function bodyPartCode(bodyPartExamined: string): Code | null {
  return bodyParts[bodyPartExamined.toUpperCase().replace(/[^A-Z]/g, '')] ?? null;
}

export function regionCode(label: string): Code | null {
  return regions[label] ?? null;
}
