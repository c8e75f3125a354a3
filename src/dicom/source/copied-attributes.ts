import type { AttributeName } from '../data-set/attributes.js';

/** Type 2 attributes of the Patient and General Study modules: there in every object, empty where the source has none. */
export const requiredCopies = [
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyDate',
  'StudyTime',
  'ReferringPhysicianName',
  'StudyID',
  'AccessionNumber',
] as const satisfies readonly AttributeName[];

/**
 * Other attributes of the Patient, Clinical Trial Subject, Clinical Trial Study, General Study and Patient Study modules
 * (PS3.3 C.7.1, C.7.2) that go from the source into every object when the source has them.
 */
export const optionalCopies = [
  'SpecificCharacterSet',
  'TimezoneOffsetFromUTC',
  'IssuerOfPatientID',
  'TypeOfPatientID',
  'IssuerOfPatientIDQualifiersSequence',
  'PatientBirthTime',
  'OtherPatientIDsSequence',
  'OtherPatientNames',
  'EthnicGroup',
  'PatientComments',
  'QualityControlSubject',
  'PatientSpeciesDescription',
  'PatientSpeciesCodeSequence',
  'PatientBreedDescription',
  'PatientBreedCodeSequence',
  'BreedRegistrationSequence',
  'ResponsiblePerson',
  'ResponsiblePersonRole',
  'ResponsibleOrganization',
  'PatientIdentityRemoved',
  'DeidentificationMethod',
  'DeidentificationMethodCodeSequence',
  'ClinicalTrialSponsorName',
  'ClinicalTrialProtocolID',
  'ClinicalTrialProtocolName',
  'ClinicalTrialSiteID',
  'ClinicalTrialSiteName',
  'ClinicalTrialSubjectID',
  'ClinicalTrialSubjectReadingID',
  'ClinicalTrialTimePointID',
  'ClinicalTrialTimePointDescription',
  'StudyDescription',
  'PhysiciansOfRecord',
  'IssuerOfAccessionNumberSequence',
  'ProcedureCodeSequence',
  'PatientAge',
  'PatientSize',
  'PatientWeight',
  'PatientSexNeutered',
  'AdmissionID',
  'IssuerOfAdmissionIDSequence',
] as const satisfies readonly AttributeName[];
