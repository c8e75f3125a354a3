import { type Code, codeItem } from '../codes/code.js';
import type { DataSetValues } from '../data-set/encode.js';

/** How a content item relates to the one above it (PS3.3 C.17.3.2.4). */
export type Relationship =
  | 'CONTAINS'
  | 'HAS OBS CONTEXT'
  | 'HAS CONCEPT MOD'
  | 'HAS ACQ CONTEXT'
  | 'HAS PROPERTIES'
  | 'INFERRED FROM'
  | 'SELECTED FROM';

/** A content item of a structured report; absent parts of a template are null and left out. */
export type ContentItem = DataSetValues;
type Children = readonly (ContentItem | null)[];

function named(
  relationship: Relationship | null,
  valueType: string,
  name: Code | null,
  rest: DataSetValues,
  children: Children = [],
): ContentItem {
  const present = children.filter((child) => child !== null);
  return {
    ...(relationship === null ? {} : { RelationshipType: relationship }),
    ValueType: valueType,
    ...(name === null ? {} : { ConceptNameCodeSequence: [codeItem(name)] }),
    ...rest,
    ...(present.length === 0 ? {} : { ContentSequence: present }),
  };
}

/** @param template identifier of the template of PS3.16 that the container follows */
export function container(
  relationship: Relationship | null,
  name: Code,
  children: Children,
  template?: string,
): ContentItem {
  const rest: DataSetValues = {
    ContinuityOfContent: 'SEPARATE',
    ...(template === undefined
      ? {}
      : { ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: template }] }),
  };
  return named(relationship, 'CONTAINER', name, rest, children);
}

export function codeValue(
  relationship: Relationship,
  name: Code,
  value: Code,
  children?: Children,
): ContentItem {
  return named(relationship, 'CODE', name, { ConceptCodeSequence: [codeItem(value)] }, children);
}

export function textValue(relationship: Relationship, name: Code, value: string): ContentItem {
  return named(relationship, 'TEXT', name, { TextValue: value });
}

export function uidValue(relationship: Relationship, name: Code, uid: string): ContentItem {
  return named(relationship, 'UIDREF', name, { UID: uid });
}

export function numberValue(
  relationship: Relationship,
  name: Code,
  value: number,
  unit: Code,
  children?: Children,
): ContentItem {
  const measured = { NumericValue: value, MeasurementUnitsCodeSequence: [codeItem(unit)] };
  return named(relationship, 'NUM', name, { MeasuredValueSequence: [measured] }, children);
}

export function imageReference(
  relationship: Relationship,
  name: Code | null,
  reference: DataSetValues,
  children?: Children,
): ContentItem {
  return named(relationship, 'IMAGE', name, { ReferencedSOPSequence: [reference] }, children);
}

/** A region of an image; `points` are columns and rows from the outer corner of the first pixel (PS3.3 C.18.6.1.2). */
export function polyline(
  relationship: Relationship,
  name: Code,
  points: readonly (readonly [number, number])[],
  image: DataSetValues,
): ContentItem {
  const rest: DataSetValues = { GraphicType: 'POLYLINE', GraphicData: points.flat() };
  return named(relationship, 'SCOORD', name, rest, [imageReference('SELECTED FROM', null, image)]);
}

/** A closed planar polygon in the patient, mm (PS3.3 C.18.9). */
export function polygon3d(
  relationship: Relationship,
  name: Code,
  points: readonly (readonly [number, number, number])[],
  frameOfReferenceUid: string,
): ContentItem {
  return named(relationship, 'SCOORD3D', name, {
    GraphicType: 'POLYGON',
    GraphicData: points.flat(),
    ReferencedFrameOfReferenceUID: frameOfReferenceUid,
  });
}
