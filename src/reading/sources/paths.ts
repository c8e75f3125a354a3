import { findInputs } from '../../image/inputs.js';
import { withoutOwnResults } from './own-result.js';
import type { StudySource } from './study-source.js';

export interface PathsOptions {
  /** The pictures of a folder are views of one study. @default false: each is a study of its own */
  readonly folderStudies?: boolean;
}

/** Files, folders, DICOMDIRs and zip archives. Results of Lucency among them are passed over. */
export function pathsSource(
  paths: readonly string[],
  { folderStudies = false }: PathsOptions = {},
): StudySource {
  return {
    inputs: (onPassedOver) =>
      withoutOwnResults(
        findInputs(paths, { volumes: true, folderStudies, onSkipped: onPassedOver }),
        onPassedOver,
      ),
  };
}
