/**
 * What an error asks for. `usage`: another command; `input`: another file; `refusal`: nothing, the models were not validated for
 * the study, or the reading is limited; `output`: space or rights where results go; `transient`: patience; `fault`: someone who
 * mends what is broken here or at a peer.
 */
export type ErrorKind = 'usage' | 'input' | 'refusal' | 'output' | 'transient' | 'fault';

export interface ErrorRow {
  readonly kind: ErrorKind;
  /** Status by which a web service says it; 200 for what limits a reading without forbidding it. */
  readonly httpStatus: number;
  /** Whether a failure on the network says something of the one object, or of the peer and so of all objects alike. */
  readonly concerns?: 'object' | 'peer';
  /** The input is whole and belongs where it is; there is nothing in it for a reader. */
  readonly nothingToRead?: boolean;
  readonly message: string;
  readonly advice: string;
}

/**
 * Every error that Lucency can report. `message` says what is wrong, `advice` what to do; `{name}` is filled in
 * from the details given where it is thrown. `docs/errors.md` is checked against this table by a test.
 */
export const errorCatalogue = {
  // Usage
  LUC_USAGE_NO_INPUT: {
    kind: 'usage',
    httpStatus: 400,
    message: 'No input was given.',
    advice: 'Name at least one file or folder: lucency analyze PATH...',
  },
  LUC_USAGE_INVALID: {
    kind: 'usage',
    httpStatus: 400,
    message: '{reason}',
    advice: 'Run the command with --help to see what it takes.',
  },
  LUC_USAGE_OUTPUT_EXISTS: {
    kind: 'usage',
    httpStatus: 409,
    message: 'The output {path} already exists.',
    advice: 'Choose another --out folder, continue with --resume, or replace it with --force.',
  },

  // Image
  LUC_IMAGE_NOT_FOUND: {
    kind: 'input',
    httpStatus: 404,
    message: 'There is no file or folder {path}.',
    advice: 'Check the path.',
  },
  LUC_IMAGE_UNREADABLE: {
    kind: 'input',
    httpStatus: 422,
    message: 'The file {path} could not be read: {reason}.',
    advice: 'Check its permissions and the disk.',
  },
  LUC_IMAGE_UNKNOWN_FORMAT: {
    kind: 'input',
    httpStatus: 415,
    message: 'The bytes of {path} are none of DICOM, PNG, JPEG, TIFF or NIfTI.',
    advice: 'Give a radiograph or a volume in one of these formats.',
  },
  LUC_IMAGE_EMPTY: {
    kind: 'input',
    httpStatus: 422,
    message: 'The file {path} is empty.',
    advice: 'Export or copy it again.',
  },
  LUC_IMAGE_TRUNCATED: {
    kind: 'input',
    httpStatus: 422,
    message: 'The image {path} ends before its pixels are complete: {reason}.',
    advice: 'Copy or export it again; part of an image is never read.',
  },
  LUC_IMAGE_CORRUPT: {
    kind: 'input',
    httpStatus: 422,
    message: 'The image {path} is damaged: {reason}.',
    advice: 'Copy or export it again.',
  },
  LUC_IMAGE_TOO_LARGE: {
    kind: 'input',
    httpStatus: 413,
    message:
      'The image {path} is {width} x {height} pixels in {frames} frame(s), more than the limit of {limit} pixels.',
    advice:
      'Check that the file is what it claims to be; read many frames one by one, or raise the limit if it is genuine.',
  },
  LUC_IMAGE_TOO_MANY_FRAMES: {
    kind: 'input',
    httpStatus: 413,
    message: 'The image {path} has more than {limit} frames or pages.',
    advice: 'Check that the file is what it claims to be; a radiograph has one, a series few.',
  },
  LUC_IMAGE_BUDGET: {
    kind: 'input',
    httpStatus: 413,
    message:
      'Decoding {path} needs {needed} bytes of memory, more than the {limit} that this process may hold at once.',
    advice: 'Check that the file is what it claims to be; raise the limit (--decoded-megabytes) if it is.',
  },
  LUC_IMAGE_VOLUME: {
    kind: 'input',
    httpStatus: 422,
    message: 'The file {path} holds a volume (NIfTI), not an image.',
    advice: 'Read it with lucency analyze, which reads volumes as well.',
  },
  LUC_IMAGE_FILE_TOO_LARGE: {
    kind: 'input',
    httpStatus: 413,
    message: 'The file {path} has {size} bytes, more than the limit of {limit}.',
    advice: 'Check that it is a radiograph; raise the limit if it is.',
  },
  LUC_IMAGE_UNSUPPORTED_SAMPLES: {
    kind: 'input',
    httpStatus: 415,
    message: 'The pixels of {path} are stored as {samples}, which is not read.',
    advice: 'Export the image with 8 or 16 bits per sample, unsigned.',
  },
  LUC_IMAGE_NO_SUCH_FRAME: {
    kind: 'input',
    httpStatus: 422,
    message: 'Frame {frame} of {path} was asked for, but it has {frames}.',
    advice: 'Frames are counted from 1; leave the frame out to read all.',
  },
  LUC_IMAGE_FOLDER_EMPTY: {
    kind: 'input',
    httpStatus: 422,
    message: 'There is no image in the folder {path} or below it.',
    advice: 'Check the folder; images are DICOM, PNG, JPEG or TIFF, also inside zip archives.',
  },

  // Output of a run
  LUC_OUTPUT_UNWRITABLE: {
    kind: 'output',
    httpStatus: 500,
    message: 'The output {path} could not be written: {reason}.',
    advice: 'Check that the folder exists, that you may write there, and that it is a folder.',
  },
  LUC_OUTPUT_FULL: {
    kind: 'output',
    httpStatus: 507,
    message: 'There is no space left to write {path}.',
    advice: 'Free some space and go on with --resume: what was written before is complete.',
  },
  LUC_OUTPUT_LINK: {
    kind: 'output',
    httpStatus: 500,
    message: 'The output {path} is a link that may lead out of the output folder.',
    advice: 'Remove the link or choose another --out folder; results are never written through links.',
  },
  LUC_OUTPUT_IN_USE: {
    kind: 'output',
    httpStatus: 409,
    message: 'Another run is writing to {path} ({owner}).',
    advice: 'Wait for it to end; if none is running, delete the file {lock} and try again.',
  },
  LUC_OUTPUT_NOT_A_RUN: {
    kind: 'output',
    httpStatus: 500,
    message: 'The folder {path} holds no run that can be resumed: {reason}.',
    advice: 'Name the --out folder of an earlier run, or start a new run in an empty folder.',
  },
  LUC_OUTPUT_RESUME_MISMATCH: {
    kind: 'output',
    httpStatus: 409,
    message: 'The run in {path} was made with other settings: {what}.',
    advice: 'Resume with the same version, options and models, or start a new run in another --out folder.',
  },
  LUC_OUTPUT_DAMAGED: {
    kind: 'output',
    httpStatus: 500,
    message: 'Line {line} of {path} is not what Lucency wrote there: {reason}.',
    advice: 'Restore the file, or start a new run in another --out folder.',
  },

  // DICOM
  LUC_DICOM_TRUNCATED: {
    kind: 'input',
    httpStatus: 422,
    message: 'The DICOM file {path} ends in the middle of an element: {reason}.',
    advice: 'Send or copy it again; part of an image is never read.',
  },
  LUC_DICOM_CORRUPT: {
    kind: 'input',
    httpStatus: 422,
    message: 'The DICOM file {path} is damaged: {reason}.',
    advice: 'Send or export it again.',
  },
  LUC_DICOM_BOMB: {
    kind: 'input',
    httpStatus: 413,
    message: 'The deflated DICOM file {path} unpacks to more than {limit} bytes.',
    advice: 'Check that the file is what it claims to be; send it uncompressed if it is genuine.',
  },
  LUC_DICOM_NO_PIXELS: {
    kind: 'input',
    httpStatus: 422,
    nothingToRead: true,
    message: 'The DICOM file {path} holds no pixel data ({kind}).',
    advice: 'Give an image; reports, plans, waveforms and structure sets have none.',
  },
  LUC_DICOM_PIXEL_ATTRIBUTE: {
    kind: 'input',
    httpStatus: 422,
    message: 'The DICOM file {path} does not describe its pixels: {attribute} is {value}.',
    advice: 'Ask the sender for a valid object; without this attribute the pixels cannot be read safely.',
  },
  LUC_DICOM_UNSUPPORTED_TRANSFER_SYNTAX: {
    kind: 'input',
    httpStatus: 415,
    message: 'The DICOM file {path} uses the transfer syntax {uid}, which is not read.',
    advice: 'Convert it to explicit little endian, JPEG lossless, JPEG-LS, JPEG 2000, HTJ2K or RLE.',
  },
  LUC_DICOM_UNSUPPORTED_CODESTREAM: {
    kind: 'input',
    httpStatus: 415,
    message: 'The compressed pixels of {path} are of a kind that is not read: {reason}.',
    advice: 'Convert the file to explicit little endian, for instance with dcmdjpeg or gdcmconv.',
  },
  LUC_DICOM_VIDEO: {
    kind: 'input',
    httpStatus: 415,
    message: 'The DICOM file {path} holds a video ({uid}).',
    advice: 'Give single images or multi-frame images; videos are not read.',
  },
  LUC_DICOM_UNSUPPORTED_PHOTOMETRIC: {
    kind: 'input',
    httpStatus: 415,
    message: 'The DICOM file {path} has the photometric interpretation {photometric}, which is not read.',
    advice: 'Export it as MONOCHROME1, MONOCHROME2, RGB, YBR or PALETTE COLOR.',
  },
  LUC_DICOM_FLOAT_PIXELS: {
    kind: 'input',
    httpStatus: 415,
    message: 'The DICOM file {path} holds floating point pixels (parametric map).',
    advice: 'Give the radiograph itself; maps computed from images are not read.',
  },
  LUC_DICOM_DIRECTORY: {
    kind: 'input',
    httpStatus: 422,
    message: 'The file {path} is a DICOMDIR, a list of other files, not an image.',
    advice: 'Name it as an input on its own; the files that it lists are then read.',
  },
  LUC_DICOM_DIRECTORY_EMPTY: {
    kind: 'input',
    httpStatus: 422,
    message: 'The DICOMDIR {path} lists no file.',
    advice: 'Give the folder around it instead, so that its files are searched.',
  },
  LUC_DICOM_DIRECTORY_MISSING_FILE: {
    kind: 'input',
    httpStatus: 422,
    message: 'The DICOMDIR {path} lists {file}, which is not there.',
    advice: 'Copy the whole medium again.',
  },
  LUC_DICOM_DIRECTORY_TRAVERSAL: {
    kind: 'input',
    httpStatus: 422,
    message: 'The DICOMDIR {path} points outside its own folder ({file}); this entry was not followed.',
    advice: 'Do not trust this medium; a valid DICOMDIR lists only files beside it.',
  },

  // Results as DICOM objects
  LUC_RESULT_NO_DICOM_SOURCE: {
    kind: 'input',
    httpStatus: 422,
    message: 'The image {path} is no DICOM file, so there is no study that its result could join.',
    advice: 'Give the DICOM image, or leave out --dicom-out; the reading itself is not affected.',
  },
  LUC_RESULT_SOURCE_INCOMPLETE: {
    kind: 'input',
    httpStatus: 422,
    message: 'The DICOM file {path} has no {attribute}, so no result can refer to it.',
    advice:
      'Ask the sender for a valid object, or leave out --dicom-out; the reading itself is not affected.',
  },
  LUC_RESULT_SOURCE_MISMATCH: {
    kind: 'input',
    httpStatus: 422,
    message: 'The reading and the DICOM file {path} do not belong together: {attribute} differs.',
    advice: 'Give the image that the reading was made of; nothing was written.',
  },

  // DICOM over the network
  LUC_DICOM_NET_LISTEN: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The address {host}, port {port} cannot be listened on: {reason}.',
    advice: 'Choose a free port above 1023 and an address of this machine.',
  },
  LUC_DICOM_NET_UNREACHABLE: {
    kind: 'transient',
    httpStatus: 503,
    concerns: 'peer',
    message: 'The DICOM node {peer} cannot be reached: {reason}.',
    advice: 'Check host and port, and that the node runs; what was to be sent is kept.',
  },
  LUC_DICOM_NET_TLS: {
    kind: 'fault',
    httpStatus: 502,
    concerns: 'peer',
    message: 'No secure connection with {peer} could be made: {reason}.',
    advice: 'Check keys, certificates and authorities of both sides, and that both use TLS 1.2 or newer.',
  },
  LUC_DICOM_NET_TLS_FILE: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The TLS file {path} could not be read: {reason}.',
    advice: 'Give PEM files that this user may read.',
  },
  LUC_DICOM_NET_REJECTED: {
    kind: 'fault',
    httpStatus: 502,
    message: 'The DICOM node {peer} rejects our association: {reason}.',
    advice: 'Enter our AE title, address and port at that node, and check the AE title that it is called by.',
  },
  LUC_DICOM_NET_BUSY: {
    kind: 'transient',
    httpStatus: 503,
    concerns: 'peer',
    message: 'The DICOM node {peer} takes no association now: {reason}.',
    advice: 'It is tried again; if this lasts, let the node serve more associations.',
  },
  LUC_DICOM_NET_ABORTED: {
    kind: 'transient',
    httpStatus: 503,
    concerns: 'peer',
    message: 'The association with {peer} was aborted by {by} (reason {reason}).',
    advice: 'What was answered with success is kept; the sender must send the rest again.',
  },
  LUC_DICOM_NET_CONNECTION_LOST: {
    kind: 'transient',
    httpStatus: 503,
    concerns: 'peer',
    message: 'The connection with {peer} was lost: {reason}.',
    advice: 'What was answered with success is kept; the sender must send the rest again.',
  },
  LUC_DICOM_NET_TIMEOUT: {
    kind: 'transient',
    httpStatus: 504,
    concerns: 'peer',
    message: '{peer} kept us waiting for {waitingFor} for more than {seconds} s.',
    advice: 'Check the network and the load of that node, or allow more time.',
  },
  LUC_DICOM_NET_PROTOCOL: {
    kind: 'fault',
    httpStatus: 502,
    message: '{peer} does not follow the DICOM protocol: {reason}.',
    advice: 'Check that it is a DICOM node, and whether the connection should use TLS.',
  },
  LUC_DICOM_NET_CALLED_AE_UNKNOWN: {
    kind: 'fault',
    httpStatus: 404,
    message: '{peer} calls the AE title {aeTitle}, which is not ours.',
    advice: 'Correct the called AE title at that node, or set ours with --aet.',
  },
  LUC_DICOM_NET_CALLING_AE_UNKNOWN: {
    kind: 'fault',
    httpStatus: 403,
    message: '{peer} calls itself {aeTitle}, which may not send here.',
    advice: 'If it should, add it with --allow AE or --allow AE@address.',
  },
  LUC_DICOM_NET_FULL: {
    kind: 'fault',
    httpStatus: 503,
    message: '{peer} ({aeTitle}) was put off: all associations are in use.',
    advice: 'It should try again; allow more with --max-associations if this lasts.',
  },
  LUC_DICOM_NET_CONTEXT_REFUSED: {
    kind: 'fault',
    httpStatus: 502,
    concerns: 'object',
    message: '{count} service(s) were refused between us and {peer}: {services}.',
    advice: 'docs/dicom.md lists what is taken; send in another transfer syntax if the object was not sent.',
  },
  LUC_DICOM_NET_OBJECT_INVALID: {
    kind: 'input',
    httpStatus: 422,
    concerns: 'object',
    message: 'A received object cannot be filed: {reason}.',
    advice: 'Ask the sender for a valid object; it was told that this one is not stored.',
  },
  LUC_DICOM_NET_OBJECT_MISMATCH: {
    kind: 'input',
    httpStatus: 422,
    concerns: 'object',
    message: 'A received object is not the one that its sender announced: the UIDs differ.',
    advice: 'Ask the sender for a valid object; it was told that this one is not stored.',
  },
  LUC_DICOM_NET_DUPLICATE_DIFFERS: {
    kind: 'input',
    httpStatus: 409,
    concerns: 'object',
    message:
      'Another object with the instance UID {uid} is stored already; this one is kept as quarantine/{file}.',
    advice: 'Find out which is right: two different objects must not share a UID.',
  },
  LUC_DICOM_NET_DISK_FULL: {
    kind: 'output',
    httpStatus: 507,
    message: 'There is no space left in {path} for a received object.',
    advice: 'Free some space; the sender was told to send it again later.',
  },
  LUC_DICOM_NET_STORE_FAILED: {
    kind: 'output',
    httpStatus: 500,
    message: 'A received object could not be written to {path}: {reason}.',
    advice: 'Check the disk and the permissions; the sender was told that it is not stored.',
  },
  LUC_DICOM_NET_INTERNAL: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The association with {peer} ended by a fault of ours: {reason}.',
    advice: 'What was answered with success is kept. Please report this fault.',
  },
  LUC_DICOM_NET_OPERATION_FAILED: {
    kind: 'fault',
    httpStatus: 502,
    message: '{peer} answered our {operation} with the status {status}.',
    advice: 'Look for this status in the conformance statement of that node.',
  },
  LUC_DICOM_NET_SEND_REFUSED: {
    kind: 'fault',
    httpStatus: 502,
    concerns: 'object',
    message: '{peer} does not take the object (status {status}; {comment}).',
    advice: 'Look for this status in the conformance statement of that node; sending again does not help.',
  },
  LUC_DICOM_NET_PUT_OFF: {
    kind: 'transient',
    httpStatus: 503,
    concerns: 'object',
    message: '{peer} cannot do this now (status {status}; {comment}).',
    advice: 'It is tried again; if this lasts, check the disk and the load of that node.',
  },
  LUC_DICOM_NET_FILE_UNREADABLE: {
    kind: 'input',
    httpStatus: 422,
    concerns: 'object',
    message: 'The file {path} could not be read to be sent: {reason}.',
    advice: 'Check the path, its permissions and the disk.',
  },
  LUC_DICOM_NET_WEB_DENIED: {
    kind: 'fault',
    httpStatus: 502,
    concerns: 'peer',
    message: '{peer} denies us {what} (HTTP {status}).',
    advice: 'Give valid credentials in LUCENCY_DICOMWEB_AUTHORIZATION, or a client certificate.',
  },
  LUC_DICOM_NET_WEB_REFUSED: {
    kind: 'fault',
    httpStatus: 502,
    message: '{peer} does not do {what} (HTTP {status}).',
    advice: 'Check that the address is the base of DICOMweb services, and what the server logs.',
  },
  LUC_DICOM_NET_WEB_ANSWER: {
    kind: 'fault',
    httpStatus: 502,
    message: 'The answer of {peer} cannot be used: {reason}.',
    advice: 'Check that the address is the base of DICOMweb services.',
  },
  LUC_DICOM_NET_MOVE_DESTINATION_UNKNOWN: {
    kind: 'fault',
    httpStatus: 502,
    message: '{peer} does not know {aeTitle} as a destination for C-MOVE.',
    advice: 'Enter our AE title with our address and port at that node.',
  },
  LUC_DICOM_NET_NO_STUDY: {
    kind: 'input',
    httpStatus: 404,
    message: '{peer} holds no study that matches.',
    advice: 'Check the values; ask with --list for what there is.',
  },
  LUC_DICOM_NET_INSTANCES_MISSING: {
    kind: 'fault',
    httpStatus: 502,
    message: '{peer} lists {count} instance(s) of the study {study} that it does not give.',
    advice: 'Fetch the study again; what was read is without them.',
  },
  LUC_RECEIVE_GAVE_UP: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The analysis of study {study} was begun {tries} times and ended the process each time.',
    advice:
      'Look at its images with lucency analyze, and report what ends it; lucency given-up lists such studies and has them tried again.',
  },
  LUC_DICOM_NET_NOT_A_FILE: {
    kind: 'input',
    httpStatus: 422,
    concerns: 'object',
    message:
      'The file {path} is no DICOM file that can be sent: its header (PS3.10) is missing or not complete.',
    advice: 'Give DICOM files with preamble and file meta information; convert bare data sets first.',
  },

  // Reports of others read back
  LUC_MARKS_NO_REPORT: {
    kind: 'input',
    httpStatus: 422,
    message: 'The DICOM file {path} is no structured report.',
    advice:
      'Give structured reports of measurements (TID 1500); images, presentation states and segmentations are none.',
  },
  LUC_MARKS_IMAGE_UNKNOWN: {
    kind: 'input',
    httpStatus: 422,
    message: 'The report {path} does not say how large the image {uid} is.',
    advice: 'Name the folder of the images with --images.',
  },
  LUC_MARKS_PATIENT_MISMATCH: {
    kind: 'input',
    httpStatus: 422,
    message: 'The report {path} and the image {image} that it refers to are of different patients.',
    advice: 'Do not use this report before its sender has explained the difference.',
  },

  // De-identification
  LUC_DEIDENTIFY_NO_DICOM: {
    kind: 'input',
    httpStatus: 422,
    message: 'The file {path} is no DICOM file; only DICOM files are de-identified.',
    advice: 'Leave it out; pictures carry their own metadata, which this command does not know.',
  },
  LUC_DEIDENTIFY_BURNED_IN: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The image {path} may show in its pixels who the patient is: {reason}.',
    advice: 'Look at it, blank such text, and take it as it is with --pixels-checked.',
  },
  LUC_DEIDENTIFY_DOCUMENT: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The object {path} is a report or a document: what it says is text, of which nothing may stay.',
    advice: 'Leave it out.',
  },
  LUC_DEIDENTIFY_CLASS: {
    kind: 'refusal',
    httpStatus: 422,
    message:
      'The object {path} is of no class that DICOM knows ({uid}), so nothing is known of what it holds.',
    advice: 'Leave it out, or export it as a standard image.',
  },

  // Archives
  LUC_ARCHIVE_CORRUPT: {
    kind: 'input',
    httpStatus: 422,
    message: 'The archive {path} is damaged: {reason}.',
    advice: 'Copy or create it again.',
  },
  LUC_ARCHIVE_ENCRYPTED: {
    kind: 'input',
    httpStatus: 422,
    message: '{path} is encrypted.',
    advice: 'Unpack the archive with its password and give the folder.',
  },
  LUC_ARCHIVE_TRAVERSAL: {
    kind: 'input',
    httpStatus: 422,
    message: 'The archive {path} has a member that points outside it ({member}); it was not read.',
    advice: 'Do not trust this archive; ask its sender for a clean one.',
  },
  LUC_ARCHIVE_SYMLINK: {
    kind: 'input',
    httpStatus: 422,
    message: 'The archive member {path} is a symbolic link; it was not followed.',
    advice: 'Put the file itself into the archive.',
  },
  LUC_ARCHIVE_BOMB: {
    kind: 'input',
    httpStatus: 413,
    message: 'The archive {path} unpacks to more than is allowed: {reason}.',
    advice: 'Do not trust this archive; if it is genuine, unpack it and give the folder.',
  },
  LUC_ARCHIVE_NESTED: {
    kind: 'input',
    httpStatus: 422,
    message: '{path} is an archive inside an archive; it was not opened.',
    advice: 'Unpack the outer archive and give the inner one.',
  },
  LUC_ARCHIVE_UNSUPPORTED_METHOD: {
    kind: 'input',
    httpStatus: 415,
    message: '{path} is compressed with method {method}, which is not read.',
    advice: 'Create the zip archive with plain deflate.',
  },
  LUC_ARCHIVE_NO_IMAGES: {
    kind: 'input',
    httpStatus: 422,
    message: 'There is no image in the archive {path}.',
    advice: 'Images are DICOM, PNG, JPEG or TIFF; check what was packed.',
  },

  // Volumes: CT and PET series, NIfTI
  LUC_VOLUME_ATTRIBUTE: {
    kind: 'input',
    httpStatus: 422,
    message: 'The slice {path} cannot be placed or scaled: {attribute} is {value}.',
    advice: 'Ask the sender for the original CT or PET series; without this attribute no volume can be made.',
  },
  LUC_VOLUME_TOO_FEW_SLICES: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The series {series} has {count} slice(s); at least {minimum} are needed.',
    advice: 'Give the folder with the whole series.',
  },
  LUC_VOLUME_TOO_LARGE: {
    kind: 'input',
    httpStatus: 413,
    message: 'The volume {series} has {columns} x {rows} x {slices} voxels, more than the limit of {limit}.',
    advice: 'Check that it is one series of one patient; give thicker slices or a part of the body if it is.',
  },
  LUC_VOLUME_SLICES_MISSING: {
    kind: 'input',
    httpStatus: 422,
    message: '{count} slice(s) of the series {series} are missing: {where}.',
    advice: 'Send the whole series again; so many gaps are not filled.',
  },
  LUC_VOLUME_SPACING_IRREGULAR: {
    kind: 'input',
    httpStatus: 422,
    message: 'The slices of the series {series} do not lie at even distances on one line: {where}.',
    advice: 'Send one reconstruction with even spacing.',
  },
  LUC_VOLUME_SLICE_UNLIKE: {
    kind: 'input',
    httpStatus: 422,
    message: 'The slice {path} is unlike the others of its series: {reason}.',
    advice: 'Send the series again from the scanner or the archive.',
  },
  LUC_VOLUME_UNIT: {
    kind: 'input',
    httpStatus: 422,
    message: 'The values of the series {series} are {unit}, not {needed}.',
    advice: 'Send the reconstruction in {needed}.',
  },
  LUC_VOLUME_NOT_AXIAL: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The series {series} is {plane}; volumes are read from axial slices.',
    advice: 'Send the axial reconstruction.',
  },
  LUC_VOLUME_LOCALIZER: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The series {series} is a scout view (localizer), not a volume.',
    advice: 'Send the axial slices.',
  },
  LUC_VOLUME_PET_WITHOUT_CT: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'There is no CT of the same study with the PET series {series}.',
    advice: 'Give both series of the PET/CT together, in one folder or as two paths.',
  },
  LUC_VOLUME_PATIENTS_DIFFER: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The PET series {series} is of patient {pet}, the CT beside it of patient {ct}.',
    advice: 'Give PET and CT of one patient; correct PatientID if it is one.',
  },
  LUC_VOLUME_FRAMES_DIFFER: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The PET series {series} and the CT beside it have different frames of reference.',
    advice: 'Give PET and CT of one session, or register them first; they cannot be laid over each other.',
  },
  LUC_VOLUME_APART: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The PET series {series} and the CT beside it show different parts of the body.',
    advice: 'Give PET and CT of the same part of the body.',
  },
  LUC_VOLUME_SUV_UNITS: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The PET series {series} has the units {units}, from which no SUV can be computed.',
    advice: 'Send the series in BQML or GML.',
  },
  LUC_VOLUME_SUV_MISSING: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The PET series {series} has no usable {attribute} ({value}); no SUV can be computed.',
    advice: 'Send the series from the scanner with this attribute; no value is assumed for it.',
  },
  LUC_VOLUME_SUV_CORRECTION: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The PET series {series} is not corrected for {what}; no SUV can be computed.',
    advice: 'Send the reconstruction that is corrected for attenuation and decay.',
  },
  LUC_VOLUME_SUV_FAILED: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'No SUV can be computed for the PET series {series}: {reason}.',
    advice: 'Check patient weight, dose, and the times of injection and scan in the series.',
  },
  LUC_VOLUME_NIFTI_CORRUPT: {
    kind: 'input',
    httpStatus: 422,
    message: 'The NIfTI file {path} is damaged: {reason}.',
    advice: 'Copy or convert it again; part of a volume is never read.',
  },
  LUC_VOLUME_NIFTI_UNSUPPORTED: {
    kind: 'input',
    httpStatus: 415,
    message: 'The NIfTI file {path} is of a kind that is not read: {reason}.',
    advice: 'Convert it to one 3D volume of whole or floating point numbers.',
  },
  LUC_VOLUME_READ_FAILED: {
    kind: 'fault',
    httpStatus: 500,
    message: 'Reading the study {input} failed: {reason}.',
    advice: 'Try again with more memory; if it stays so, report it with the log.',
  },
  LUC_VOLUME_TIMEOUT: {
    kind: 'fault',
    httpStatus: 504,
    message: 'Reading the study {input} took longer than {seconds} s and was stopped.',
    advice:
      'If the files are sound, allow more time with --study-time-limit, or read it on a faster machine.',
  },
  LUC_VOLUME_THREAD_LOST: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The thread that read the study {input} ended: {reason}.',
    advice: 'Give the process more memory; if it stays so, the files are probably corrupt.',
  },
  LUC_VOLUME_STRUCTURE_SET: {
    kind: 'input',
    httpStatus: 422,
    message: 'The structure set {path} cannot be laid over the volume: {reason}.',
    advice: 'Give the structure set that was drawn on this series.',
  },

  // Volumes: what limits a reading without forbidding it
  LUC_VOLUME_SLICES_FILLED: {
    kind: 'refusal',
    httpStatus: 200,
    message: '{count} missing slice(s) were filled in between their neighbours: {where}.',
    advice: 'Nothing can be found in them; send the whole series.',
  },
  LUC_VOLUME_INSTANCES_MISSING: {
    kind: 'refusal',
    httpStatus: 200,
    message: '{count} image(s) of the series are missing by their instance numbers: {where}.',
    advice: 'What lies in them was not read; send the whole series.',
  },
  LUC_VOLUME_DUPLICATE_SLICES: {
    kind: 'refusal',
    httpStatus: 200,
    message: '{count} slice(s) share their place with another and were left out.',
    advice: 'If the series has several phases, send each as a series of its own.',
  },
  LUC_VOLUME_GANTRY_TILT: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'The gantry was tilted by {degrees} degrees.',
    advice: 'Boxes are in voxels of the tilted slices; positions in mm are right.',
  },
  LUC_VOLUME_OTHER_STACKS: {
    kind: 'refusal',
    httpStatus: 200,
    message: '{count} image(s) of the series are no part of the volume (scouts, other sizes or directions).',
    advice: 'Look at them beside the reading.',
  },
  LUC_VOLUME_SERIES_NOT_READ: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'Other series of the study were not read: {series}.',
    advice: 'The series with the thinnest slices was read; give another one alone to have it read.',
  },
  LUC_VOLUME_PET_LEFT_OUT: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'The PET series beside the CT was left out: {reason}',
    advice: 'The CT was read alone.',
  },
  LUC_VOLUME_SLICE_UNREADABLE: {
    kind: 'input',
    httpStatus: 422,
    message: 'The slice {path} could not be read: {reason}',
    advice: 'Copy or export it again.',
  },
  LUC_VOLUME_UNIT_ASSUMED: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'NIfTI does not say what its values are; they were taken for a CT in Hounsfield units.',
    advice: 'Check the file; send DICOM where there is any doubt.',
  },

  // Models
  LUC_MODEL_MISSING: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The model {id} is not at {path}.',
    advice: 'Restore models/ from the release, or point --models at it.',
  },
  LUC_MODEL_NONE: {
    kind: 'fault',
    httpStatus: 500,
    message: 'There are no models in {path}.',
    advice: 'Restore models/ from the release, or point --models at the folder that holds them.',
  },
  LUC_MODEL_TAMPERED: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The weights of {id} do not match the sum in their card.',
    advice: 'Restore models/{id} from the release; do not use changed weights without a new card.',
  },
  LUC_MODEL_CARD_INVALID: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The card of {id} is not valid: {reason}.',
    advice: 'Regenerate it with the training program.',
  },
  LUC_MODEL_RUN_FAILED: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The model {id} could not be run: {reason}.',
    advice: 'Check memory and the ONNX Runtime installation.',
  },

  // Phantoms
  LUC_PHANTOM_FRACTURE: {
    kind: 'input',
    httpStatus: 422,
    message: 'A {type} fracture is not simulated for {place}.',
    advice: 'Choose one of these: {choices}.',
  },
  LUC_PHANTOM_BACKGROUND: {
    kind: 'input',
    httpStatus: 422,
    message: 'No long bone could be followed in {name} (only {length} mm).',
    advice: 'Give a PET/CT of a limb whose bone can be seen over at least 60 mm, in axial slices.',
  },
  LUC_PHANTOM_WRITE: {
    kind: 'output',
    httpStatus: 500,
    message: 'The phantom {path} could not be written: {reason}.',
    advice: 'Check the folder and the disk.',
  },

  // Radiograph: refusals and failures of reading
  LUC_RADIOGRAPH_BLANK: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The image is blank or saturated: {share} % of its pixels have one grey value.',
    advice: 'Check exposure and export; send the original image.',
  },
  LUC_RADIOGRAPH_PHOTOGRAPH: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The image is in colour; radiographs are grey.',
    advice: 'Send the radiograph itself, not a photograph or a coloured screen copy.',
  },
  LUC_RADIOGRAPH_MODALITY: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The DICOM modality {modality} is not a radiograph.',
    advice: 'Send CR, DX, RG or RF images; other modalities need another reader.',
  },
  LUC_RADIOGRAPH_BODY_PART: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The stated body part {bodyPart} is not a limb, hip or shoulder.',
    advice: 'Send radiographs of limbs, hips or shoulders; correct BodyPartExamined if it is wrong.',
  },
  LUC_RADIOGRAPH_REGION: {
    kind: 'refusal',
    httpStatus: 422,
    message:
      'The image does not look like a limb, hip or shoulder (probability of another kind of image {probability}).',
    advice: 'Send radiographs of limbs, hips or shoulders.',
  },
  LUC_RADIOGRAPH_NO_PLACE: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'The image looks as if a bone were broken, but no place could be marked.',
    advice: 'Look at the whole image; such answers are wrong more often than those with a place.',
  },
  LUC_RADIOGRAPH_UNLIKE_TRAINING: {
    kind: 'refusal',
    httpStatus: 422,
    message:
      'The image is unlike those that the models were validated on (distance {distance}, limit {limit}).',
    advice: 'Have it read by a radiologist; the models cannot be trusted on it.',
  },
  LUC_RADIOGRAPH_TIMEOUT: {
    kind: 'fault',
    httpStatus: 504,
    message: 'Reading {input} took longer than {seconds} s and was stopped.',
    advice: 'The file is probably corrupt; export it again, or allow more time with --image-time-limit.',
  },
  LUC_RADIOGRAPH_THREAD_LOST: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The thread that decoded {input} ended: {reason}.',
    advice: 'The file is probably corrupt; export it again, or give the process more memory.',
  },
  LUC_RADIOGRAPH_NETWORKS_UNFUSABLE: {
    kind: 'input',
    httpStatus: 422,
    message: 'The networks {networks} cannot be fused: the combiner needs {needed}.',
    advice: 'Choose one network, or all that the combiner needs.',
  },
  LUC_RADIOGRAPH_MODELS_INCOMPLETE: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The models folder {path} holds no model for the task "{task}".',
    advice: 'Restore models/ from the release, or name the networks to use.',
  },

  // Ribs on CT: refusals, and what limits a reading
  LUC_RIBS_NOT_CHEST: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'This CT was not read as a chest: {reason}.',
    advice: 'Give a CT of the chest with ribs and lungs in its field.',
  },
  LUC_RIBS_BODY_PART: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The CT is of the body part {bodyPart}; rib fractures are looked for in the chest only.',
    advice: 'Give a CT of the chest; correct BodyPartExamined if it is one.',
  },
  LUC_RIBS_UNIT: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The values of the CT are {unit}, not Hounsfield units.',
    advice: 'Send the reconstruction in Hounsfield units.',
  },
  LUC_RIBS_SIMULATED: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'The network learned from simulated chests only and was not measured on patients.',
    advice:
      'Take every mark as a hint. The first 3 cm of a rib beside the spine, cartilage and breastbone are not looked at.',
  },
  LUC_RIBS_INCOMPLETE: {
    kind: 'refusal',
    httpStatus: 200,
    message: '{found} of 24 ribs were found.',
    advice: 'Look at the others yourself; ribs outside of the scanned field cannot be read.',
  },
  LUC_RIBS_UNNUMBERED: {
    kind: 'refusal',
    httpStatus: 200,
    message:
      '{count} of {found} ribs found could not be numbered: neither the first nor the twelfth is certain.',
    advice: 'Count them in the pictures; sides and places are right.',
  },
  LUC_RIBS_COUNT: {
    kind: 'refusal',
    httpStatus: 200,
    message:
      'Between the first and the last rib there is no room for exactly twelve: a rib may be missing, or one more.',
    advice: 'Ribs were numbered from the first; count them in the pictures.',
  },
  LUC_RIBS_THICK_SLICES: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'The voxels are {mm} mm long.',
    advice: 'Fractures that are not displaced may be missed; send slices of at most 2 mm.',
  },
  LUC_RIBS_METAL: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'There is metal beside the ribs.',
    advice: 'Its streaks can hide fractures and look like them.',
  },

  // Infection: refusals
  LUC_INFECTION_NO_PET: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'There is no PET in the study {input}.',
    advice: 'Give PET and CT of one examination together; infection is not read from CT alone.',
  },
  LUC_INFECTION_UNIT: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The PET is in {pet} and the CT in {ct}, not in SUVbw and HU.',
    advice: 'Send PET from which SUV can be computed, and CT in Hounsfield units.',
  },
  LUC_INFECTION_BODY_PART: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The stated body part {bodyPart} is no limb.',
    advice: 'Give PET/CT of an arm or a leg; correct BodyPartExamined if it is wrong.',
  },
  LUC_INFECTION_NOT_LIMB: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'The CT does not look like a limb: {reason}.',
    advice: 'Give the part of the examination that shows the limb alone.',
  },
  LUC_INFECTION_NO_REGION: {
    kind: 'refusal',
    httpStatus: 422,
    message: 'Nothing takes up near bone or metal, or there is no bone.',
    advice: 'Check that PET and CT show the same limb and that the PET holds counts.',
  },
  // Infection: what limits a reading without forbidding it
  LUC_INFECTION_SIMULATED: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'The network was trained and measured on simulated PET/CT only.',
    advice: 'How it does on patients is unknown; take its answer for research, not for decisions.',
  },
  LUC_INFECTION_METAL: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'There is metal in {percent} % of the slices.',
    advice:
      'Beside metal PET may read too high or too low; look at the images without attenuation correction.',
  },
  LUC_INFECTION_EDGE: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'The hottest uptake lies {room} mm from the end of the scanned limb.',
    advice: 'Part of its surroundings is missing; take the probability with care.',
  },
  LUC_INFECTION_COARSE_PET: {
    kind: 'refusal',
    httpStatus: 200,
    message: 'The voxels of the PET are up to {mm} mm long.',
    advice: 'The network learned on voxels of 3.6 to 4.7 mm; fine patterns are lost at this size.',
  },

  // Evaluation
  LUC_EVALUATION_ARGUMENT: {
    kind: 'input',
    httpStatus: 422,
    message: 'This cannot be computed: {reason}.',
    advice: 'Correct the value and try again.',
  },
  LUC_EVALUATION_ONE_CLASS: {
    kind: 'input',
    httpStatus: 422,
    message: 'All {count} items are {kind}: {measure} cannot be computed.',
    advice: 'Give a set that holds both positives and negatives.',
  },
  LUC_EVALUATION_FILE_NOT_FOUND: {
    kind: 'input',
    httpStatus: 404,
    message: 'There is no file {path}.',
    advice: 'Check the path.',
  },
  LUC_EVALUATION_FILE_UNREADABLE: {
    kind: 'input',
    httpStatus: 422,
    message: 'The file {path} could not be read: {reason}.',
    advice: 'Check its permissions and the disk.',
  },
  LUC_EVALUATION_FILE_INVALID: {
    kind: 'input',
    httpStatus: 422,
    message: 'The file {path} cannot be used: {reason}.',
    advice:
      'Truth is COCO or a CSV of labels; predictions are readings, COCO results or a CSV of scores: see docs/evaluation.md.',
  },
  LUC_EVALUATION_DUPLICATE_TRUTH: {
    kind: 'input',
    httpStatus: 422,
    message: '{count} image(s) are there more than once in {path}: {ids}.',
    advice: 'Give each image one row and one id.',
  },
  LUC_EVALUATION_DUPLICATE_PREDICTION: {
    kind: 'input',
    httpStatus: 422,
    message: '{count} image(s) are predicted more than once in {path}: {ids}.',
    advice: 'Keep one prediction per image.',
  },
  LUC_EVALUATION_SCORE: {
    kind: 'input',
    httpStatus: 422,
    message: '{count} score(s) in the column {column} of {path} are missing or not finite: {ids}.',
    advice: 'Give every image a finite score, or leave its row out and use --allow-unmatched.',
  },
  LUC_EVALUATION_UNMATCHED: {
    kind: 'input',
    httpStatus: 422,
    message:
      '{missing} of {images} images have no prediction ({missingIds}); {strangers} prediction(s) name no image of the truth ({strangerIds}).',
    advice:
      'Make the ids of both files agree, or evaluate only the images that both name with --allow-unmatched.',
  },
  LUC_EVALUATION_NO_CASES: {
    kind: 'input',
    httpStatus: 422,
    message: 'No image is left to evaluate: {reason}.',
    advice: 'Check that the ids of truth and predictions agree, and the conditions of --where.',
  },
  LUC_EVALUATION_COLUMN_MISSING: {
    kind: 'input',
    httpStatus: 422,
    message: 'No table has the column {column}; there are {columns}.',
    advice: 'Name a column of the truth or of the table given with --images.',
  },
  LUC_EVALUATION_CONDITION: {
    kind: 'input',
    httpStatus: 422,
    message: '"{condition}" is no condition.',
    advice: 'Write column=value or column!=value, such as --where fold=0.',
  },
  LUC_EVALUATION_THRESHOLD_SET_OVERLAP: {
    kind: 'input',
    httpStatus: 422,
    message: 'The set that the threshold is chosen on shares {count} {kind}(s) with the set reported: {ids}.',
    advice: 'Choose the threshold on other patients, or fix it beforehand with --thresholds.',
  },
  LUC_EVALUATION_CARD_SAW_IMAGES: {
    kind: 'input',
    httpStatus: 422,
    message: 'The model {id} was trained, fitted or tuned on {count} of the images reported: {ids}.',
    advice: 'Report images that it never saw (--where), or leave --card out.',
  },
  LUC_EVALUATION_CARD_POINTS: {
    kind: 'input',
    httpStatus: 422,
    message: 'The card of {id} has no operating point for the probability of an image.',
    advice: 'Name a combiner or a classifier; thresholds on boxes are given with --box-thresholds.',
  },
  LUC_EVALUATION_CATEGORY: {
    kind: 'input',
    httpStatus: 422,
    message: 'The detections of {path} name the category {category}, which the truth does not have.',
    advice: 'Use the category ids of the truth.',
  },
  LUC_EVALUATION_BOX: {
    kind: 'input',
    httpStatus: 422,
    message: 'The {kind} box {number} cannot be used: it has {reason}.',
    advice:
      'A box is [x, y, width, height] in pixels of the stored image ([x, y, z, width, height, depth] in a volume).',
  },
  LUC_EVALUATION_HIT_RULE: {
    kind: 'input',
    httpStatus: 422,
    message: 'There is no rule "{rule}" for when a box finds a lesion.',
    advice: 'The rules are {forms}, X between 0 and 1.',
  },
  LUC_EVALUATION_THRESHOLD_RULE: {
    kind: 'input',
    httpStatus: 422,
    message: 'There is no threshold rule "{rule}".',
    advice: 'The rules are {forms}, X between 0 and 1.',
  },
  LUC_EVALUATION_THRESHOLD_UNREACHABLE: {
    kind: 'input',
    httpStatus: 422,
    message: 'No threshold meets the rule {rule} on the set that it was to be chosen on.',
    advice: 'Ask for less, or choose the threshold on a larger set.',
  },

  // Evaluation: tables in CSV
  LUC_TABLE_EMPTY: {
    kind: 'input',
    httpStatus: 422,
    message: 'The table {path} has no rows.',
    advice: 'Give a CSV file with a header line and one row per record.',
  },
  LUC_TABLE_COLUMN_MISSING: {
    kind: 'input',
    httpStatus: 422,
    message: 'The table {path} has no column {column}; it has {columns}.',
    advice: 'Rename or add the column; docs/evaluation.md lists what each table needs.',
  },
  LUC_TABLE_ROW_INVALID: {
    kind: 'input',
    httpStatus: 422,
    message: 'Line {line} of {path}: {reason}.',
    advice: 'Correct that line of the table.',
  },

  // Evaluation: meta-analysis
  LUC_META_TOO_FEW_STUDIES: {
    kind: 'input',
    httpStatus: 422,
    message: 'A meta-analysis needs at least three studies; {path} has {count}.',
    advice: 'Add studies, or describe the few there are without pooling them.',
  },
  LUC_META_EMPTY_STUDY: {
    kind: 'input',
    httpStatus: 422,
    message: 'The study {study} has all four cells zero.',
    advice: 'Remove the study: it holds no observation.',
  },
  LUC_META_ONE_SIDED_STUDY: {
    kind: 'input',
    httpStatus: 422,
    message: 'The study {study} has no {missing} cases.',
    advice: 'Remove the study: sensitivity and specificity cannot both be estimated from it.',
  },
  LUC_META_ZERO_CELL: {
    kind: 'input',
    httpStatus: 422,
    message: 'The study {study} has a zero cell and the continuity correction is "none".',
    advice:
      'Choose another correction rule, or the exact binomial model (--method glmm-laplace), which needs none.',
  },
  LUC_META_NOT_CONVERGED: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The model {model} did not converge: {reason}. No estimate is given.',
    advice:
      'Try another method (--method), look for a study that dominates, or report the studies without pooling them.',
  },
  LUC_META_COVARIATE_INVALID: {
    kind: 'input',
    httpStatus: 422,
    message: 'The covariate {column} cannot be used: {reason}.',
    advice:
      'Give a number or a group name for every study, with at least two different values and fewer groups than studies.',
  },

  // Evaluation: reader studies
  LUC_READERS_NOT_CROSSED: {
    kind: 'input',
    httpStatus: 422,
    message:
      'The reader study is not fully crossed: {missing} of {expected} readings are missing, the first is {first}.',
    advice:
      'Every reader must read every case in every modality; leave out incomplete readers or cases, all of them alike.',
  },
  LUC_READERS_DUPLICATE: {
    kind: 'input',
    httpStatus: 422,
    message: 'The reading of {reading} is given {count} times.',
    advice: 'Keep one row per reader, modality and case.',
  },
  LUC_READERS_TRUTH_CONFLICT: {
    kind: 'input',
    httpStatus: 422,
    message: 'The truth of case {case} is given as both 0 and 1.',
    advice: 'Give each case one truth.',
  },
  LUC_READERS_ONE_CLASS: {
    kind: 'input',
    httpStatus: 422,
    message: 'All {count} cases are {kind}: {measure} cannot be computed.',
    advice: 'Include diseased and normal cases.',
  },
  LUC_READERS_DESIGN: {
    kind: 'input',
    httpStatus: 422,
    message: 'The comparison cannot be made: {reason}.',
    advice: '{remedy}',
  },
  LUC_READERS_NOT_CONVERGED: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The mixed-effects model of the reading times did not converge: {reason}. No estimate is given.',
    advice: 'Use the paired analysis or the stratified bootstrap.',
  },

  // Report of an evaluation
  LUC_REPORT_EVALUATION_INVALID: {
    kind: 'input',
    httpStatus: 422,
    message: 'The evaluation {path} cannot be read: {reason}.',
    advice: 'Give the folder that lucency evaluate wrote, or its results.json.',
  },
  LUC_REPORT_LEVEL: {
    kind: 'input',
    httpStatus: 422,
    message: 'The intervals of this evaluation are at the level {level}, but cards hold 95 % intervals.',
    advice:
      'Run lucency evaluate with --level 0.95, or make the report without facts for a card (--no-facts).',
  },

  // Evaluation: sample size
  LUC_POWER_UNREACHABLE: {
    kind: 'input',
    httpStatus: 422,
    message: 'No sample of up to {limit} cases reaches this precision: {reason}.',
    advice: 'Widen the interval, lower the target, or lower the demanded probability.',
  },

  // Evidence and answers
  LUC_EVIDENCE_FILE_INVALID: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The evidence file {file} is not valid: {reason}.',
    advice: 'Correct the file; docs/answers.md says what it must hold.',
  },
  LUC_EVIDENCE_UNKNOWN_FACT: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The evidence base holds no fact {reference}.',
    advice: 'Name an entry of src/evidence/studies and one of its facts, as study-id/fact-id.',
  },
  LUC_EVIDENCE_TEXT_INVALID: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The text "{text}" cannot be filled in: {reason}.',
    advice: 'Write facts as {{study-id/fact-id}} or {{study-id/fact-id|format}}.',
  },
  LUC_ANSWERS_LANGUAGE_MISSING: {
    kind: 'input',
    httpStatus: 422,
    message: 'There are no answers in the language {language}.',
    advice: 'Choose one of: {languages}.',
  },
  LUC_ANSWERS_CHECK_FAILED: {
    kind: 'fault',
    httpStatus: 500,
    message: 'The check of the answers found {count} problem(s); the first: {first}.',
    advice: 'Run lucency answers check to see all; docs/answers.md explains the rules.',
  },
  LUC_ANSWERS_EVALUATION_INVALID: {
    kind: 'input',
    httpStatus: 422,
    message: 'The evaluation {path} cannot be used: {reason}.',
    advice: 'Give the results.json that lucency evaluate wrote.',
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;

export type ErrorCode = keyof typeof errorCatalogue;
