/** Colours of everything drawn on or below a picture; told apart by colour-blind readers (Wong's palette, lightened). */
export const colours = {
  definite: '#ffb000',
  doubtful: '#5cc8ff',
  candidate: '#c9c9c9',
  rim: '#000000',
  plate: '#101418',
  strip: '#101418',
  text: '#f2f4f5',
  quiet: '#b4bcc2',
} as const;
