import { findInputs } from '../../image/inputs.js';
import { withoutOwnResults } from './own-result.js';
import type { StudySource } from './study-source.js';

/** Files, folders, DICOMDIRs and zip archives. Results of Lucency among them are passed over. */
export function pathsSource(paths: readonly string[]): StudySource {
  return {
    inputs: (onPassedOver) =>
      withoutOwnResults(findInputs(paths, { volumes: true, onSkipped: onPassedOver }), onPassedOver),
  };
}
