/** Verification SOP class (PS3.4 A): C-ECHO. */
export const verificationSopClass = '1.2.840.10008.1.1';

/** The transfer syntax that every application takes (PS3.5 10.1). */
export const implicitLittleEndian = '1.2.840.10008.1.2';
