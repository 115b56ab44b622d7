/** The body is not a page of an index; the message says what it is instead. */
export class PageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PageError';
  }
}
