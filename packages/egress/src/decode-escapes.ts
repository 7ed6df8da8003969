const ASCII_ESCAPE = /%[0-7][0-9a-f]/i;
const ASCII_ESCAPES = /%([0-7][0-9a-f])/gi;

/** What the most eager server could read: percent-decoded until no escape of an ASCII character is left, broken escapes left alone. */
export function decodeEscapes(text: string): string {
  let decoded = text;
  while (ASCII_ESCAPE.test(decoded)) {
    decoded = decoded.replaceAll(ASCII_ESCAPES, (_escape, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return decoded;
}
