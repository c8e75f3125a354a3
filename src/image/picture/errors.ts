/** The picture ends before it is whole. */
export class PictureTruncatedError extends Error {}
/** The picture breaks the rules of its format. */
export class PictureCorruptError extends Error {}
/** The picture is valid, but of a kind that is not read. */
export class PictureUnsupportedError extends Error {}
