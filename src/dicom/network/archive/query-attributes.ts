/** Attributes of study queries (PS3.4 C.6.2.1.2, PS3.18 10.6): keyword and tag. */
export const queryTags = {
  StudyDate: 0x0008_0020,
  AccessionNumber: 0x0008_0050,
  ModalitiesInStudy: 0x0008_0061,
  StudyDescription: 0x0008_1030,
  PatientName: 0x0010_0010,
  PatientID: 0x0010_0020,
  StudyInstanceUID: 0x0020_000d,
  NumberOfStudyRelatedInstances: 0x0020_1208,
} as const;

export const queryRetrieveLevel = 0x0008_0052;
