/** Width and height of an SVG in its own units, from its attributes or its view box. */
export function svgSize(svg: string): { width: number; height: number } {
  const tag = /<svg\b[^>]*>/.exec(svg)?.[0] ?? '';
  const attribute = (name: string) =>
    Number.parseFloat(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
  const box =
    /\sviewBox="([^"]*)"/
      .exec(tag)?.[1]
      ?.split(/[\s,]+/)
      .map(Number) ?? [];
  const [width, height] = [attribute('width'), attribute('height')];
  return {
    width: width > 0 ? width : (box[2] ?? 400),
    height: height > 0 ? height : (box[3] ?? 300),
  };
}

/** Title and description that the SVG carries for screen readers. */
export function svgWords(svg: string): { title: string; description: string } {
  const inside = (name: string) => {
    const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(svg)?.[1] ?? '';
    return text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');
  };
  return { title: inside('title'), description: inside('desc') };
}
