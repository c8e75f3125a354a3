import type { InputItem } from '../../image/input/input-item.js';

/** Where studies come from. */
export interface StudySource {
  /**
   * Everything that belongs to the studies, one by one, in a fixed order. What cannot be read is an item with its error.
   * @param onPassedOver told of files that hold nothing to read
   */
  inputs(onPassedOver: (input: string) => void): AsyncGenerator<InputItem>;
  /**
   * Whether an input is to be read anew. Others only complete volumes: slices of one series may come on both sides of a pause.
   * All, where it is absent.
   */
  isFresh?(input: string): boolean;
  /** Lets go of what the inputs lie in, once all has been read. */
  close?(): Promise<void>;
}
