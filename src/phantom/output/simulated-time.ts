// Nothing was acquired at any time; a fixed date keeps the same seed the same bytes.
export const date = '20260101';
export const time = '120000';
