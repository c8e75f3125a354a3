// The part of dcmjs (which has no types of its own) that the writer uses.
declare module 'dcmjs' {
  interface DicomElement {
    vr: string;
    Value: unknown[];
  }
  type DicomDictionary = Record<string, DicomElement>;
  const dcmjs: {
    data: {
      DicomDict: new (meta: DicomDictionary) => { dict: DicomDictionary; write(): ArrayBuffer };
      DicomMetaDictionary: { denaturalizeDataset(dataSet: Record<string, unknown>): DicomDictionary };
    };
  };
  export default dcmjs;
}
