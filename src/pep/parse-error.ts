/** A text that does not follow its grammar. `offset` is 0-based, in UTF-16 units of the text that was parsed. */
export class ParseError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'ParseError';
    this.offset = offset;
  }
}
