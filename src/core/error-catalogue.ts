/**
 * Every error that Lucency can report. `message` says what is wrong, `advice` what to do; `{name}` is filled in
 * from the details given where it is thrown. `docs/errors.md` is checked against this table by a test.
 */
export const errorCatalogue = {
  // Usage
  LUC_USAGE_NO_INPUT: { message: 'No input was given.', advice: 'Name at least one file or folder: lucency analyze PATH...' },
  LUC_USAGE_INVALID: { message: '{reason}', advice: 'Run the command with --help to see what it takes.' },
  LUC_USAGE_OUTPUT_EXISTS: {
    message: 'The output {path} already exists.',
    advice: 'Choose another --out folder, continue with --resume, or replace it with --force.',
  },

  // Image
  LUC_IMAGE_NOT_FOUND: { message: 'There is no file or folder {path}.', advice: 'Check the path.' },
  LUC_IMAGE_UNREADABLE: { message: 'The file {path} could not be read: {reason}.', advice: 'Check its permissions and the disk.' },
  LUC_IMAGE_UNKNOWN_FORMAT: {
    message: 'The bytes of {path} are none of DICOM, PNG, JPEG or TIFF.',
    advice: 'Give a radiograph in one of these formats.',
  },

  // Models
  LUC_MODEL_MISSING: { message: 'The model {id} is not at {path}.', advice: 'Restore models/ from the release, or point --models at it.' },
  LUC_MODEL_TAMPERED: {
    message: 'The weights of {id} do not match the sum in their card.',
    advice: 'Restore models/{id} from the release; do not use changed weights without a new card.',
  },
  LUC_MODEL_CARD_INVALID: { message: 'The card of {id} is not valid: {reason}.', advice: 'Regenerate it with the training program.' },
  LUC_MODEL_RUN_FAILED: { message: 'The model {id} could not be run: {reason}.', advice: 'Check memory and the ONNX Runtime installation.' },

  // Radiograph: refusals and failures of reading
  LUC_RADIOGRAPH_BLANK: { message: 'The image is blank.', advice: 'Check the export; send the image with its pixel data.' },
} as const satisfies Record<string, { message: string; advice: string }>;

export type ErrorCode = keyof typeof errorCatalogue;
