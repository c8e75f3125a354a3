import type { DataSet } from './data-set.js';
import { tag } from './tags.js';

/**
 * Where the attributes of one functional group are found for a frame (PS3.3 C.7.6.16): the frame's own item, else the
 * shared one, else the data set itself, as in all images that are not of the enhanced kind.
 * @param frame from 1
 */
export type FunctionalGroups = (group: number, frame: number) => DataSet;

/** Reads the functional groups of a data set once, for use with every frame. */
export function functionalGroups(dataSet: DataSet): FunctionalGroups {
  const [shared] = dataSet.items(tag.SharedFunctionalGroups);
  const perFrame = dataSet.items(tag.PerFrameFunctionalGroups);
  return (group, frame) => perFrame[frame - 1]?.items(group)[0] ?? shared?.items(group)[0] ?? dataSet;
}
