/** How Lucency names itself to peers and in file headers (PS3.7 D.3.3.2). */
export const implementationClassUid = '2.25.281082708871052840349834563165244413928';
/** At most 16 characters. */
export const implementationVersionName = 'LUCENCY';
