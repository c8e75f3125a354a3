/** The codestream ends before the image is whole. */
export class JpegTruncatedError extends Error {}
/** The codestream breaks the rules of its standard. */
export class JpegCorruptError extends Error {}
/** The codestream is valid but of a process that is not read here. */
export class JpegUnsupportedError extends Error {}
